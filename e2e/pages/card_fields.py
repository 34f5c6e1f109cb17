"""The fields of a new card, on any page."""

import re

from playwright.sync_api import Locator, Page, expect

from e2e.support.cards import Card, entered_cards


class CardFields:
    """A form for a card, and the errors that it shows."""

    def __init__(self, page: Page) -> None:
        self.summary = page.get_by_role("alert")
        self.name = page.get_by_label("Name on card", exact=True)
        self.number = page.get_by_label("Card number", exact=True)
        self.expiry = page.get_by_label("Expiry date", exact=True)
        self.security_code = page.get_by_label("Security code", exact=True)

    def fill(self, card: Card) -> None:
        """Enter the card."""
        entered_cards.append(card)
        self.name.fill(card.name)
        self.number.fill(card.number)
        self.expiry.fill(card.expiry)
        self.security_code.fill(card.security_code)

    def expect_error(self, field: Locator, words: str) -> None:
        """The words stand beside the field and, as a link to it, in the summary."""
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(re.escape(words)))
        self.summary.get_by_role("link", name=words).click()
        expect(field).to_be_focused()

    def expect_valid(self, *fields: Locator) -> None:
        """These fields show no error."""
        for field in fields:
            expect(field).not_to_have_attribute("aria-invalid", "true")

    def others(self, name: str) -> list[Locator]:
        """All fields but the one with this name."""
        names = {"name", "number", "expiry", "security_code"} - {name}
        return [getattr(self, other) for other in sorted(names)]
