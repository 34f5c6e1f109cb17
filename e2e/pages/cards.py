"""The saved cards of a member."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.card_fields import CardFields
from e2e.support.cards import Card


class CardsPage:
    """Saved cards, and a form for one more."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.card = CardFields(page)
        self.save_button = page.get_by_role("button", name="Save card")
        expect(page.get_by_role("heading", name="Cards", exact=True)).to_be_visible()

    @classmethod
    def open(cls, page: Page) -> Self:
        """Open the saved cards."""
        page.goto("/cards")
        return cls(page)

    def entry(self, card: Card) -> Locator:
        """A card in the list."""
        return self.main.get_by_role("listitem").filter(has_text=card.label)

    def add(self, card: Card) -> None:
        """Save a card."""
        self.card.fill(card)
        self.save_button.click()
        expect(self.entry(card)).to_be_visible()

    def make_default(self, card: Card) -> None:
        """Offer this card first."""
        self.entry(card).get_by_role("button", name="Make default").click()

    def delete(self, card: Card) -> None:
        """Delete a card, and confirm it."""
        self.entry(card).get_by_role("button", name="Delete").click()
        self.page.get_by_role("button", name="Yes, delete").click()
