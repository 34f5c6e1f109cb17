"""Card forms: the shop's own, found by `autocomplete` or by labels, and Omise's pop-up."""

import re
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, Page

POPUP = "#omise-checkout-iframe-app"


@dataclass(frozen=True)
class Card:
    """A test card; by default one that is paid."""

    number: str = "4242424242424242"
    name: str = "Somchai Prasert"
    month: int = 12
    year: int = 2040
    security_code: str = "123"

    @property
    def expiry(self) -> str:
        """As people enter it: 12/40."""
        return f"{self.month:02}/{self.year % 100:02}"


#: Field → its token in `autocomplete`, and how its label may read.
FIELDS = {
    "name": ("cc-name", r"name on card|cardholder|card holder|name"),
    "number": ("cc-number", r"card number"),
    "expiry": ("cc-exp", r"expir|valid"),
    "month": ("cc-exp-month", r"month"),
    "year": ("cc-exp-year", r"year"),
    "security_code": ("cc-csc", r"security code|cvc|cvv|csc"),
}


class CardForm:
    """A form for a card on a page or in a frame."""

    def __init__(self, within: Page | FrameLocator | Locator) -> None:
        self._within = within

    def fill(self, card: Card) -> None:
        """Enter the card; the expiry in one field or in two.

        Raises:
            LookupError: naming the field that the form does not have.
        """
        self._field("number").fill(card.number)
        if self._has("name"):
            self._field("name").fill(card.name)
        if self._has("month"):
            _enter(self._field("month"), f"{card.month:02}", str(card.month))
            _enter(self._field("year"), str(card.year), str(card.year % 100))
        else:
            self._field("expiry").fill(card.expiry)
        self._field("security_code").fill(card.security_code)

    def _has(self, name: str) -> bool:
        return self._candidates(name).count() > 0

    def _field(self, name: str) -> Locator:
        candidates = self._candidates(name)
        if not candidates.count():
            raise LookupError(f"the form has no field for the {name.replace('_', ' ')}")
        return candidates.first

    def _candidates(self, name: str) -> Locator:
        """By `autocomplete` if the form has that, otherwise by label."""
        token, label = FIELDS[name]
        by_purpose = self._within.locator(f'[autocomplete~="{token}"]:visible')
        if by_purpose.count():
            return by_purpose
        return self._within.get_by_label(re.compile(label, re.IGNORECASE))


class OmisePopup(CardForm):
    """The pop-up of Omise.js, once the shop has opened it."""

    def __init__(self, page: Page) -> None:
        self._frame = page.frame_locator(POPUP)
        self._frame.locator("#submit").wait_for()
        super().__init__(self._frame)

    def pay(self, card: Card) -> None:
        """Enter the card and press the button of the pop-up."""
        self.fill(card)
        self._frame.locator("#submit").click()


def _enter(field: Locator, *spellings: str) -> None:
    """Fill a text field with the first spelling, or choose the one that a list has."""
    if field.evaluate("field => field.tagName") != "SELECT":
        field.fill(spellings[0])
        return
    options = field.evaluate("field => [...field.options].map(({ value }) => value)")
    field.select_option(next((each for each in spellings if each in options), spellings[0]))
