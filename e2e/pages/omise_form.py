"""Omise's own form, in its frame: over the page, or within it."""

from playwright.sync_api import Locator, Page

from e2e.support.cards import Card, entered_cards

FRAME = "#omise-checkout-iframe-app"

#: Resolves once what is there now has been drawn.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class OmiseForm:
    """The form of Omise for a card."""

    def __init__(self, page: Page, *, is_popup: bool) -> None:
        self._is_popup = is_popup
        frame = page.frame_locator(FRAME)
        self.number = frame.get_by_label("Card number")
        self.name = frame.get_by_label("Name on card")
        self.expiry = frame.get_by_label("Expiry date")
        self.security_code = frame.get_by_label("Security code")
        self.problem = frame.get_by_role("alert")
        self._submit = frame.locator("#submit")
        self._close = frame.get_by_role("button", name="Close")

    def fill(self, card: Card, *, number: str = "") -> None:
        """Enter a card, with another number if one is given."""
        entered_cards.append(card)
        self.number.fill(number or card.number)
        self.name.fill(card.name)
        self.expiry.fill(card.expiry)
        self.security_code.fill(card.security_code)

    def submit(self, card: Card, button: Locator, *, number: str = "") -> None:
        """Enter a card and press the buttons that there are, the shop's first for a pop-up."""
        if self._is_popup:
            button.click()
        self.fill(card, number=number)
        self.press(button)

    def press(self, button: Locator) -> None:
        """Press the form's own button in a pop-up, and the shop's beside an embedded form."""
        if self._is_popup:
            self._submit.click()
        else:
            click_once_drawn(button)

    def close(self) -> None:
        """Close a pop-up; a form within the page stays."""
        if self._is_popup:
            self._close.click()


def click_once_drawn(button: Locator) -> None:
    """Click a button beside the frame, once it is drawn where it is.

    By what was drawn last, a browser decides which process gets a click. After a scroll, a faster
    click than any shopper's would go to the frame that was there before.
    """
    button.scroll_into_view_if_needed()
    button.page.evaluate(DRAWN)
    button.click()
