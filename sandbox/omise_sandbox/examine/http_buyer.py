"""A buyer over HTTP: sends the requests of the recipe with a token of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

import requests

from omise_sandbox.examine.buyer import ORDINARY, Buyer, Seen, Twist, not_by
from omise_sandbox.examine.cards import PAID, SECURITY_CODE
from omise_sandbox.examine.direct import direct_session
from omise_sandbox.examine.reading import holds, said, take
from omise_sandbox.examine.recipe import Recipe, RecipeError, Step, Values, filled
from omise_sandbox.examine.timeline import Timeline
from omise_sandbox.testing.world import World

MAX_REDIRECTS = 10


class HttpBuyer(Buyer):
    """One shopper without JavaScript."""

    def __init__(self, recipe: Recipe, world: World, timeline: Timeline) -> None:
        super().__init__(recipe, world, timeline)
        self._steps = [step for step in recipe.buy if isinstance(step, Step)]
        self._token = ""
        self._http = direct_session()

    def prepares(self) -> None:
        """Send every request before the one that pays."""
        self.pages += [self.sends(step) for step in self._steps[:-1]]

    def pays(self, number: str = PAID, twist: Twist = ORDINARY) -> Seen:
        """Send the request that pays; the status of the order when the response does not tell."""
        self._token = self._new_token(number)
        if twist.with_token:
            twist.with_token(self._token)
        return self._during(twist.meanwhile, lambda: self._submit(self._token, twist.changed))

    def clicks_twice(self) -> list[Seen]:
        """Send the request that pays twice at once."""
        token = self._new_token(PAID)
        return self._at_once([token, token])

    def pays_in_two_tabs(self) -> list[Seen]:
        """Send it twice at once, each time with a token of its own."""
        return self._at_once([self._new_token(PAID), self._new_token(PAID)])

    def reloads(self) -> Seen:
        """Send the same request again."""
        return self._submit(self._token, {})

    def goes_back_and_pays(self) -> Seen:
        """Send the request again with a new token."""
        return self.pays()

    def returns(self, url: str) -> Seen:
        """Open the address to which the bank sends the browser."""
        return self.or_status(self._send("GET", url, Step("GET", "/"), {}))

    def forgets_cookies(self) -> None:
        """As another browser would come."""
        self._http.cookies.clear()

    def sends(self, step: Step) -> Seen:
        """Send one step."""
        return self._step(step, self.values)

    def leaks(self) -> list[str]:
        """Not known: the token is not made by the page of the shop."""
        raise not_by("a recipe of requests", "see what the browser sends")

    def sent(self) -> set[str]:
        """The placeholders of the purchase."""
        return set().union(*(step.placeholders() for step in self._steps))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _new_token(self, number: str) -> str:
        return self.world.token(number, security_code=SECURITY_CODE)

    def _submit(self, token: str, changed: dict[str, str]) -> Seen:
        values = self.values | {"token": token}
        for name, text in changed.items():
            values[name] = type(values.get(name, ""))(text)
        return self.or_status(self._step(self._steps[-1], values))

    def _at_once(self, tokens: list[str]) -> list[Seen]:
        with ThreadPoolExecutor(len(tokens)) as pool:
            return list(pool.map(lambda token: self._submit(token, {}), tokens))

    def _during(self, meanwhile: Callable[[], None] | None, work: Callable[[], Seen]) -> Seen:
        if meanwhile is None:
            return work()
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(work)
            meanwhile()
            return running.result()

    def _step(self, step: Step, values: Values) -> Seen:
        return self._send(step.method, self.recipe.url(filled(step.path, values)), step, values)

    def _send(self, method: str, url: str, step: Step, values: Values) -> Seen:
        """Send, and follow redirects as far as the recipe allows."""
        body: dict[str, Any] = {
            "data": filled(step.form, values),
            "json": filled(step.json, values),
            "headers": filled(step.headers, values),
        }
        for _ in range(MAX_REDIRECTS):
            if self.bank.has(url):
                return Seen("pending", bank=url)
            self.recipe.check_host(url)
            try:
                answer = self._http.request(
                    method, url, timeout=self.recipe.timeout, allow_redirects=False, **body
                )
            except requests.RequestException as error:
                self.timeline.add(f"{method} {url}: {type(error).__name__}")
                return Seen("unknown", url=url)
            self.timeline.add(f"{method} {url}: {answer.status_code}")
            take(self.values, step.take, answer.url, answer.text)
            if not answer.is_redirect:
                return self._seen(answer)
            url, method, body = urljoin(url, answer.headers["Location"]), "GET", {}
        raise RecipeError(f"{url}: more than {MAX_REDIRECTS} redirects")

    def _seen(self, answer: requests.Response) -> Seen:
        bank = self.bank.find(answer.text)
        status, text = answer.status_code, answer.text
        rules = [rule for rule in self.recipe.rules if holds(rule, status, text)]
        result = "pending" if bank and not rules else said(rules, status)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Seen(result, status, answer.url, text, bank, headers)
