"""A buyer: follows the recipe over HTTP, and reads what the shop says."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests

from omise_sandbox.examine.reading import holds, read
from omise_sandbox.examine.recipe import Recipe, RecipeError, Step
from omise_sandbox.testing.world import World

MAX_REDIRECTS = 10


@dataclass(frozen=True)
class Seen:
    """What the shop answered. `said`: paid, declined, pending, error or unknown."""

    said: str
    status: int = 0
    url: str = ""
    text: str = ""
    bank: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Buyer:
    """One shopper with cookies of its own, who buys once."""

    def __init__(self, recipe: Recipe, world: World, timeline: list[str]) -> None:
        self.recipe = recipe
        self.world = world
        self.timeline = timeline
        self.values = dict(recipe.values)
        self.pages: list[Seen] = []
        self._http = requests.Session()
        self._http.trust_env = False

    def prepares(self) -> None:
        """Every request before the one that pays."""
        for step in self.recipe.buy[:-1]:
            self.pages.append(self.sends(step, self.values))

    def pays(self, token: str, **changed: str) -> Seen:
        """The request that pays; the order's status too, when the response does not tell."""
        values = self.values | {"token": token} | changed
        return self._or_status(self.sends(self.recipe.buy[-1], values))

    def clicks(self, tokens: list[str]) -> list[Seen]:
        """Several clicks at once."""
        with ThreadPoolExecutor(len(tokens)) as pool:
            return list(pool.map(self.pays, tokens))

    def returns(self, url: str) -> Seen:
        """Open the address to which the bank sends the browser."""
        return self._or_status(self._send("GET", url, Step("GET", "/"), {}))

    def forgets_cookies(self) -> None:
        """As another browser would come."""
        self._http.cookies.clear()

    def asks(self) -> Seen | None:
        """The status of the order; None when the recipe does not tell how, or for which order."""
        step = self.recipe.status
        missing = step and [
            name for name in re.findall(r"{(\w+)}", step.path) if name not in self.values
        ]
        return None if step is None or missing else self.sends(step, self.values)

    def sends(self, step: Step, values: dict[str, str]) -> Seen:
        """Send one step."""
        url = urljoin(self.recipe.shop, _filled(step.path, values))
        return self._send(step.method, url, step, values)

    def _or_status(self, seen: Seen) -> Seen:
        if seen.said != "unknown" or seen.bank:
            return seen
        return self.asks() or seen

    def _send(self, method: str, url: str, step: Step, values: dict[str, str]) -> Seen:
        """Send, and follow redirects as far as the recipe allows."""
        body: dict[str, Any] = {
            "data": _filled(step.form, values),
            "json": _filled(step.json, values),
            "headers": _filled(step.headers, values),
        }
        for _ in range(MAX_REDIRECTS):
            if url.startswith(f"{self.world.url}/payments/"):
                return Seen("pending", bank=url)
            if not self.recipe.allows(url):
                raise RecipeError(f"the shop leads to {url}, a host that the recipe does not name")
            try:
                answer = self._http.request(
                    method, url, timeout=self.recipe.timeout, allow_redirects=False, **body
                )
            except requests.RequestException as error:
                self.timeline.append(f"{method} {url}: {type(error).__name__}")
                return Seen("unknown", url=url)
            self.timeline.append(f"{method} {url}: {answer.status_code}")
            self._take(step, answer.url, answer.text)
            if not answer.is_redirect:
                return self._seen(answer)
            url, method, body = urljoin(url, answer.headers["Location"]), "GET", {}
        raise RecipeError(f"{url}: more than {MAX_REDIRECTS} redirects")

    def _take(self, step: Step, url: str, text: str) -> None:
        for name, source in step.take.items():
            if (value := read(source, url, text)) is not None:
                self.values[name] = value

    def _seen(self, answer: requests.Response) -> Seen:
        pattern = re.escape(self.world.url) + r"/payments/[\w/-]+"
        bank = re.search(pattern, answer.text.replace("\\/", "/"))
        rules = [r for r in self.recipe.rules if holds(r, answer.status_code, answer.text)]
        error = "error" if answer.status_code >= 500 else "unknown"
        said = "pending" if bank else rules[0].means if rules else error
        return Seen(
            said,
            answer.status_code,
            answer.url,
            answer.text,
            bank[0] if bank else None,
            tuple(answer.headers.items()),
        )

    def waits_for(self, said: str) -> Seen | None:
        """The status once it is this one, or after the time that the shop needs to settle."""
        deadline = time.monotonic() + self.recipe.settle
        while (seen := self.asks()) and seen.said != said and time.monotonic() < deadline:
            time.sleep(0.02)
        return seen


def _filled(value: Any, values: dict[str, str]) -> Any:  # noqa: ANN401 - any part of a TOML file
    """The same with the placeholders replaced."""
    if isinstance(value, dict):
        return {name: _filled(part, values) for name, part in value.items()}
    if not isinstance(value, str):
        return value
    return re.sub(r"{(\w+)}", lambda found: values.get(found[1], ""), value)
