"""The form of Omise itself, in its frame: over the page, or within it."""

from playwright.sync_api import Locator, Page

from e2e.support.cards import Card, typed


class OmiseForm:
    """Where a card is typed into a page of Omise's."""

    def __init__(self, page: Page, *, is_popup: bool) -> None:
        self._is_popup = is_popup
        frame = page.frame_locator("#omise-checkout-iframe-app")
        self.number = frame.get_by_label("Card number")
        self.name = frame.get_by_label("Name on card")
        self.expiry = frame.get_by_label("Expiry date")
        self.security_code = frame.get_by_label("Security code")
        self.problem = frame.get_by_role("alert")
        self._submit = frame.locator("#submit")
        self._close = frame.get_by_role("button", name="Close")

    def send(self, card: Card, button: Locator, *, number: str = "") -> None:
        """Fill it in and press the buttons that there are, the shop's first for a pop-up."""
        if self._is_popup:
            button.click()
        typed.append(card)
        self.number.fill(number or card.number)
        self.name.fill(card.name)
        self.expiry.fill(card.expiry)
        self.security_code.fill(card.security_code)
        (self._submit if self._is_popup else button).click()

    def close(self) -> None:
        """Think better of it; a form within the page just stands there."""
        if self._is_popup:
            self._close.click()
