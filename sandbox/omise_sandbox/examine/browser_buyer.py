"""A buyer in a browser: does the actions of the recipe on the pages of the shop."""

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from playwright.sync_api import Browser, Error, Request, Route, WebSocket

from omise_sandbox.examine.buyer import ORDINARY, Buyer, Seen, Twist
from omise_sandbox.examine.card_leaks import has_card_data
from omise_sandbox.examine.cards import PAID, placeholders
from omise_sandbox.examine.reading import holds, said, take
from omise_sandbox.examine.recipe import Action, Recipe, Step, filled
from omise_sandbox.examine.tab import PATIENCE, Tab
from omise_sandbox.examine.timeline import Timeline
from omise_sandbox.examine.verdicts import NotTried
from omise_sandbox.testing.world import World

TOKEN = re.compile(r"tokn_test_\w+")
VIEWPORT = {"width": 1000, "height": 800}


class BrowserBuyer(Buyer):
    """One shopper with a browser profile of its own."""

    def __init__(self, browser: Browser, recipe: Recipe, world: World, timeline: Timeline) -> None:
        super().__init__(recipe, world, timeline)
        self._context = browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
        self._context.set_default_timeout(PATIENCE)
        self._context.on("request", self._search)
        self._leaks: list[str] = []
        self._number = PAID
        self._tab = self._new_tab()
        actions = [step for step in recipe.buy if isinstance(step, Action)]
        first = next(i for i, step in enumerate(actions) if "card_" in step.value)
        self._before, self._card, self._pay = actions[:first], actions[first:-1], actions[-1]
        self._on_last_page = self._before

    def prepares(self) -> None:
        """Do everything before the card."""
        for number, action in enumerate(self._before, 1):
            url = self._tab.page.url
            self._tab.does(action)
            if self._tab.page.url != url:
                self._on_last_page = self._before[number:]
        self.pages.append(self._tab.seen())

    def pays(self, number: str = PAID, twist: Twist = ORDINARY) -> Seen:
        """Enter the card and press the button that pays."""
        if twist.with_token or twist.changed:
            self._context.route(
                lambda url: self.recipe.allows(url), lambda route: self._interfere(twist, route)
            )
        self._enter_card(self._tab, number)
        self._tab.presses(self._pay)
        if twist.meanwhile:
            twist.meanwhile()
        return self._result(self._tab)

    def clicks_twice(self) -> list[Seen]:
        """Press the button that pays twice, as fast as a mouse can."""
        self._enter_card(self._tab, PAID)
        self._tab.presses(self._pay, times=2)
        return [self._result(self._tab)]

    def pays_in_two_tabs(self) -> list[Seen]:
        """Open the payment page in a second tab, and pay in both."""
        tabs = [self._tab, self._new_tab()]
        tabs[1].opens(self._tab.page.url)
        if not self._fills_in_again(tabs[1]):
            raise NotTried("the payment page takes no card in a second tab")
        for tab in tabs:
            self._enter_card(tab, PAID)
        for tab in tabs:
            tab.presses(self._pay)
        return [self._result(tab) for tab in tabs]

    def reloads(self) -> Seen:
        """Reload the page that the payment led to."""
        self._tab.reloads()
        return self._result(self._tab)

    def goes_back_and_pays(self) -> Seen:
        """Go back, and pay with a card again if the page lets one."""
        if not self._tab.has(self._card[0]):
            self._tab.goes_back()
        if not self._fills_in_again(self._tab):
            self.timeline.add("the page takes no card any more")
            return self.or_status(self._tab.seen())
        return self.pays()

    def returns(self, url: str) -> Seen:
        """Open the address to which the bank sends the browser."""
        self.timeline.add(f"open {url}")
        self._tab.opens(url)
        return self._result(self._tab)

    def chooses(self, bank: str, choice: str) -> Seen:
        """Press a button of the test bank, which sends the browser back to the shop."""
        if not self._tab.seen().bank:
            self._tab.opens(bank)
        self.timeline.add(f"at the bank: {choice}")
        with self._tab.page.expect_navigation(wait_until="commit"):
            self._tab.page.get_by_test_id(choice).click()
        return self._result(self._tab)

    def forgets_cookies(self) -> None:
        """As another browser would come."""
        self._context.clear_cookies()

    def sends(self, step: Step) -> Seen:
        """Send a request with the cookies of the browser."""
        url = self.recipe.url(filled(step.path, self.values))
        body: dict[str, Any] = {
            "form": filled(step.form, self.values),
            "data": filled(step.json, self.values),
            "headers": filled(step.headers, self.values),
        }
        try:
            answer = self._context.request.fetch(
                url, method=step.method, timeout=self.recipe.timeout * 1000, **body
            )
        except Error as error:
            self.timeline.add(f"{step.method} {url}: {error.message.splitlines()[0]}")
            return Seen("unknown", url=url)
        text = answer.text()
        take(self.values, step.take, answer.url, text)
        rules = [rule for rule in self.recipe.rules if holds(rule, answer.status, text)]
        return Seen(said(rules, answer.status), answer.status, answer.url, text)

    def leaks(self) -> list[str]:
        """The requests to the shop that carried the card number or the security code."""
        return self._leaks

    def sent(self) -> set[str]:
        """The values whose fields the recipe names."""
        return set(self.recipe.fields)

    def rests(self, seconds: float) -> None:
        """Wait, while the browser goes on."""
        self._tab.page.wait_for_timeout(seconds * 1000)

    def picture(self) -> str | None:
        """What the page shows, as a PNG in base64."""
        try:
            return base64.b64encode(self._tab.page.screenshot()).decode()
        except Error:
            return None

    def close(self) -> None:
        """Close every tab."""
        self._context.close()

    def _new_tab(self) -> Tab:
        page = self._context.new_page()
        page.on("websocket", self._watch)
        return Tab(page, self.recipe, self.bank, self.timeline, self.values)

    def _result(self, tab: Tab) -> Seen:
        return tab.result(self._pay.take, self.asks)

    def _enter_card(self, tab: Tab, number: str) -> None:
        self._number = number
        for action in self._card:
            tab.does(action, **placeholders(number))

    def _fills_in_again(self, tab: Tab) -> bool:
        """Repeat what was done on the payment page, where it is missing; whether it takes a card.

        A button is pressed again only where it opens the fields of the card.
        """
        opens = False
        for action in self._on_last_page:
            if tab.has(action) and not (action.do == "press" and tab.has(self._card[0])):
                tab.does(action)
                opens = opens or action.do == "press"
        return tab.has(self._card[0], soon=opens)

    def _interfere(self, twist: Twist, route: Route) -> None:
        """Call `with_token`, and change values, in the request that takes the token to the shop."""
        body = route.request.post_data or ""
        found = TOKEN.search(f"{route.request.url} {body}")
        if found and twist.with_token:
            twist.with_token(found[0])
        changed = found and twist.changed
        route.continue_(post_data=self._changed(body, twist.changed) if changed else None)

    def _changed(self, body: str, changed: dict[str, str]) -> str:
        """The body of a request, with other values in the fields that the recipe names."""
        fields = self.recipe.fields
        values = {fields[name]: value for name, value in changed.items() if name in fields}
        if body.startswith("{"):
            return json.dumps({**json.loads(body), **values})
        return urlencode({**dict(parse_qsl(body, keep_blank_values=True)), **values})

    def _search(self, request: Request) -> None:
        body = (request.post_data_buffer or b"").decode("utf-8", "replace")
        self._search_for_card(request.url, body, *request.headers.values())

    def _watch(self, socket: WebSocket) -> None:
        url = socket.url.replace("ws", "http", 1)
        socket.on("framesent", lambda payload: self._search_for_card(url, str(payload)))

    def _search_for_card(self, url: str, *parts: str) -> None:
        if self.recipe.allows(url) and has_card_data(self._number, url, *parts):
            self._leaks.append(url.partition("?")[0])
