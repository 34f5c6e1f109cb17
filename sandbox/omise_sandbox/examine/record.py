"""Records a recipe: opens a browser, in which a tester buys once."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, Frame, Page

from omise_sandbox.examine.browser import browser_for
from omise_sandbox.examine.cards import PAID, SECURITY_CODE, placeholders
from omise_sandbox.examine.recipe import RecipeError

SCRIPT = Path(__file__).parent / "record.js"
PAUSE = 50
#: What people write between the digits of a card.
SEPARATORS = re.compile(r"[\s/-]")
#: Numbers that mean a date only in the fields of the card.
PARTS = ("card_month", "card_year")
CARD_NUMBER = re.compile(r"\d{13,19}")
PASSWORD = "password"  # noqa: S105 - the name of a placeholder
#: The environment variable from which the recipe takes the password.
PASSWORD_VARIABLE = "SHOP_PASSWORD"  # noqa: S105 - its name

Step = dict[str, Any]


class Recorder:
    """What a tester did, as steps of a recipe."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._steps: list[Step] = []
        self._has_password = False
        self._problem: str | None = None
        page.expose_binding("tellRecorder", lambda source, step: self._add(source["frame"], step))
        page.add_init_script(path=SCRIPT)

    def wait_for(self, paid: str) -> None:
        """Come back once the page shows this text. Raises `RecipeError` when it is closed."""
        while not self._shows(paid):
            if self._problem:
                raise RecipeError(self._problem)
            if self._page.is_closed():
                raise RecipeError(f"the browser was closed before the shop showed {paid!r}")
            self._page.wait_for_timeout(PAUSE)

    def recipe(self, url: str, paid: str) -> str:
        """The recipe, as TOML."""
        shop, path = _split(url)
        order = _order_in(self._page.url)
        lines = [
            f"name = {_text(urlsplit(url).netloc)}",
            f"shop = {_text(shop)}",
            '# webhook = "/webhooks/omise"',
            '# webhook_secret = ""',
            *([f'values = {{ {PASSWORD} = "env:{PASSWORD_VARIABLE}" }}'] * self._has_password),
            *_block({"open": path}),
        ]
        for number, step in enumerate(self._steps, 1):
            lines += _block(step)
            if order and number == len(self._steps):
                lines.append(f"take = {{ order = {_text(order)} }}")
        lines += ["", "[[result]]", 'means = "paid"', f"text = {_text(paid)}"]
        lines += ["", "# Add how to read a declined and a pending payment, and `status`."]
        return "\n".join(lines) + "\n"

    def _add(self, frame: Frame, step: Step) -> None:
        done = {step["do"]: step["target"]}
        if "value" in step:
            done["with"] = self._without_secrets(step)
        if frame != self._page.main_frame:
            done["frame"] = _selector(frame)
        if self._steps and _is_same_field(self._steps[-1], done):
            self._steps.pop()
        self._steps.append(done)

    def _without_secrets(self, step: Step) -> str:
        """A value, with placeholders for the card and for a password."""
        value = str(step["value"])
        if step.get("secret") and value != SECURITY_CODE:
            self._has_password = True
            return f"{{{PASSWORD}}}"
        plain = SEPARATORS.sub("", value)
        for name, known in placeholders(PAID).items():
            is_part = name in PARTS and not step["target"].startswith("autocomplete=cc-exp-")
            if plain and plain == SEPARATORS.sub("", known) and not is_part:
                return f"{{{name}}}"
        if CARD_NUMBER.fullmatch(plain):
            self._problem = f"use the test card {PAID}, and no other"
        return value

    def _shows(self, text: str) -> bool:
        try:
            return text in self._page.locator("body").inner_text(timeout=1000)
        except Error:  # another page is on its way, or the browser is closed
            return False


def record(url: str, paid: str, program: str | None = None, *, headless: bool = False) -> str:
    """The recipe of the purchase that is made in the browser which opens.

    Raises:
        RecipeError: when the browser is closed before the shop shows the text `paid`.
    """
    with browser_for([url], program, headless=headless) as browser:
        page = browser.new_page()
        recorder = Recorder(page)
        page.goto(url)
        recorder.wait_for(paid)
        return recorder.recipe(url, paid)


def instructions() -> str:
    """What the tester must do."""
    card = placeholders(PAID)
    return (
        f"Buy once in the browser, with the card {card['card_number']}, {card['card_expiry']}, "
        f"code {SECURITY_CODE}, in the name of {card['card_name']}."
    )


def _is_same_field(before: Step, now: Step) -> bool:
    """Whether a field was only filled in again."""
    return "with" in now and before.keys() == now.keys() and {**before, "with": now["with"]} == now


def _split(url: str) -> tuple[str, str]:
    """The shop, and the path at which the tester began."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}", parts._replace(scheme="", netloc="").geturl() or "/"


def _order_in(url: str) -> str | None:
    """Where the address of the last page has the number of the order: its last part."""
    before, _, last = urlsplit(url).path.rstrip("/").rpartition("/")
    return f"url:{re.escape(before)}/([^/?#]+)" if re.search(r"\d", last) else None


def _selector(frame: Frame) -> str:
    if frame.name:
        return f"iframe[name={_text(frame.name)}]"
    return f"iframe[src^={_text(frame.url.partition('?')[0])}]"


def _block(step: Step) -> Iterator[str]:
    yield from ("", "[[buy]]")
    for name, value in step.items():
        yield f"{name} = {_text(value)}"


def _text(value: str) -> str:
    """A string of TOML."""
    return json.dumps(value, ensure_ascii=False)
