"""One tab of the browser: does the actions of a recipe, and reads what the shop says there."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from playwright.sync_api import Error, Locator, Page, Request, Response
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from omise_sandbox.examine.bank import Bank
from omise_sandbox.examine.buyer import Seen
from omise_sandbox.examine.locators import locate
from omise_sandbox.examine.reading import said, take
from omise_sandbox.examine.recipe import Action, Recipe, RecipeError, Rule, Values, filled
from omise_sandbox.examine.timeline import Timeline

#: Seconds between two looks at the page.
LOOK = 0.03
#: Milliseconds for which an action waits for its element.
PATIENCE = 5000
#: Looks in a row without a request, after which nothing more is expected.
QUIET_LOOKS = 2
TRAFFIC = ("document", "fetch", "xhr")


class Rest(NamedTuple):
    """The seconds and the looks in a row for which a page at rest must say a result.

    Looks take longer on a slow machine, as a page takes longer to lead on.
    """

    seconds: float
    looks: int = 0


RESTS = {"pending": Rest(0.3, looks=8), "unknown": Rest(4)}


class Tab:
    """A tab; `values` are what placeholders stand for, and what the recipe takes is added."""

    def __init__(
        self, page: Page, recipe: Recipe, bank: Bank, timeline: Timeline, values: Values
    ) -> None:
        self.page = page
        self._recipe = recipe
        self._bank = bank
        self._timeline = timeline
        self._values = values
        self._status = 0
        self._headers: dict[str, str] = {}
        self._actions: dict[str, Callable[[Action, str, str], object]] = {
            "open": lambda _, target, __: self.opens(recipe.url(target)),
            "press": lambda action, target, _: self._field(action, target).click(),
            "fill": lambda action, target, text: self._field(action, target).fill(text),
            "choose": lambda action, target, text: self._field(action, target).select_option(text),
            "check": lambda action, target, _: self._field(action, target).check(),
        }
        self._under_way: set[Request] = set()
        self._has_sent = True  #: whether the page called the shop since the press that pays
        page.on("response", self._note)
        page.on("request", self._begins)
        page.on("requestfinished", self._ends)
        page.on("requestfailed", self._ends)

    def does(self, action: Action, **more: str) -> None:
        """Do one action, with more values. Raises `RecipeError` naming what the page has not."""
        target = filled(action.target, self._values)
        self._timeline.add(f"{action.do} {target}")
        try:
            self._actions[action.do](action, target, str(filled(action.value, self._values | more)))
        except PlaywrightTimeout as error:
            raise RecipeError(
                f"`{action.do} = {target!r}` finds nothing at {self.page.url}"
            ) from error
        if action.do == "press":
            self._settles()
        if action.take:
            take(self._values, action.take, self.page.url, self.page.content())

    def presses(self, action: Action, times: int = 1) -> None:
        """Press, as fast as a mouse can, and do not wait for what it leads to."""
        target = filled(action.target, self._values)
        self._timeline.add(f"press {target}" + (f", {times} times" if times > 1 else ""))
        self._has_sent = False
        self._field(action, target).click(click_count=times, no_wait_after=True)
        self.page.wait_for_timeout(LOOK * 1000)

    def has(self, action: Action, *, soon: bool = False) -> bool:
        """Whether the page has the element of an action, or has it soon."""
        self.page.wait_for_load_state()
        element = self._field(action, filled(action.target, self._values))
        if soon:
            with suppress(PlaywrightTimeout):
                element.wait_for()
        return element.is_visible()

    def opens(self, url: str) -> None:
        """Open a URL of the shop. Raises `RecipeError` for a host that the recipe does not name."""
        if not self._bank.has(url):
            self._recipe.check_host(url)
        self._ignoring_cuts(lambda: self.page.goto(url))

    def reloads(self) -> None:
        """Press Reload."""
        self._timeline.add("reload")
        self._ignoring_cuts(self.page.reload)

    def goes_back(self) -> None:
        """Press Back."""
        self._timeline.add("go back")
        self._ignoring_cuts(self.page.go_back)

    def result(self, sources: dict[str, str], asks: Callable[[], Seen | None]) -> Seen:
        """What the shop says on the page once it is at rest, or what `asks` says.

        A page that leads on by itself is not at rest: pending must last longer than other results.
        """
        deadline, since, before = time.monotonic() + self._recipe.timeout, 0.0, Seen("unknown")
        looks = 0
        while time.monotonic() < deadline:
            self.page.wait_for_timeout(LOOK * 1000)
            looks += 1
            seen = shown = self.seen()
            take(self._values, sources, seen.url, seen.text)
            if seen.said == "unknown" and self._is_at_rest():
                seen = asks() or seen
            if (seen.said, seen.url) != (before.said, before.url) or not self._is_at_rest():
                since, looks, before = time.monotonic(), 0, seen
            rest = self._rest(shown.said, seen.said)
            has_rested = time.monotonic() - since >= rest.seconds and looks >= rest.looks
            if seen.bank or has_rested:
                return seen
        return self.seen()

    def seen(self) -> Seen:
        """What the page says now."""
        url = self.page.url
        if self._bank.has(url):
            return Seen("pending", url=url, bank=url)
        try:
            text = self.page.content()
            shown = self.page.locator("body").inner_text(timeout=1000)
            rules = [rule for rule in self._recipe.rules if self._holds(rule, shown)]
        except Error:  # another page is on its way
            return Seen("unknown", url=url)
        return Seen(said(rules, self._status), self._status, url, text, headers=self._headers)

    def _rest(self, shown: str, result: str) -> Rest:
        """How long a page must be at rest; one that has not called the shop yet is at work."""
        is_at_work = shown in RESTS and not self._has_sent
        return Rest(self._recipe.timeout) if is_at_work else RESTS.get(result, Rest(LOOK))

    def _settles(self) -> None:
        """Wait until what a press started has ended: two looks without a request under way."""
        deadline, looks = time.monotonic() + self._recipe.timeout, 0
        while looks < QUIET_LOOKS and time.monotonic() < deadline:
            self.page.wait_for_timeout(LOOK * 1000)
            looks = looks + 1 if self._is_at_rest() else 0

    def _field(self, action: Action, target: str) -> Locator:
        return locate(self.page, action, target)

    def _holds(self, rule: Rule, shown: str) -> bool:
        if rule.test == "text":
            return rule.value in shown
        if rule.test == "selector":
            return self.page.locator(rule.value).first.is_visible()
        return rule.test == "status" and str(self._status) == rule.value

    def _is_at_rest(self) -> bool:
        """Whether the page is there, and no request is under way."""
        try:
            loaded = self.page.evaluate("document.readyState === 'complete'")
        except Error:  # another page is on its way
            return False
        return bool(loaded) and not self._under_way

    def _ignoring_cuts(self, work: Callable[[], object]) -> None:
        """A page that does not come is a step of the time line, and no error."""
        try:
            work()
        except Error as error:
            self._timeline.add(error.message.splitlines()[0])

    def _begins(self, request: Request) -> None:
        if request.resource_type in TRAFFIC:
            self._under_way.add(request)
            self._has_sent = self._has_sent or self._recipe.allows(request.url)

    def _ends(self, request: Request) -> None:
        self._under_way.discard(request)

    def _note(self, response: Response) -> None:
        request = response.request
        if self._recipe.allows(response.url) and request.resource_type in TRAFFIC:
            self._timeline.add(f"{request.method} {response.url}: {response.status}")
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._status, self._headers = response.status, response.headers
            take(self._values, self._recipe.buy[-1].take, response.url, "")
