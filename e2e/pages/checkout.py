"""Where a shopper pays."""

from typing import Self

from playwright.sync_api import Locator, Page, Response, expect

from e2e.pages.bank import BankPage
from e2e.pages.card_fields import CardFields
from e2e.pages.order import OrderPage
from e2e.support.cards import Card, typed

EMAIL = "nok@example.com"

CREATE_TOKEN = """([key, card]) => new Promise((resolve, reject) => {
  Omise.setPublicKey(key)
  Omise.createToken("card", card, (status, response) => {
    if (status === 200) resolve(response.id)
    else reject(new Error(response.message))
  })
})"""

#: The call that Omise's guide shows, as it stands there.
CHARGE = """async (order) => {
  const response = await fetch("/charge", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order),
  })
  return { status: response.status, ...await response.json() }
}"""

SEND_TOKEN = """(form, token) => {
  form.elements.token.value = token
  form.submit()
}"""


def expect_alive(page: Page) -> None:
    """The script of the form runs; before that, a browser sends the form as it stands."""
    expect(page.locator("[public-key]:defined")).to_be_attached()


class CheckoutPage:
    """The form that takes a card, or offers the saved ones."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.email = page.get_by_label("Email", exact=True)
        self.card = CardFields(page)
        self.save_box = page.get_by_label("Save this card")
        self.pay_button = page.get_by_role("button", name="Pay ")
        self.form = page.locator("form[action='/charge']")
        expect(page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()

    @classmethod
    def open(cls, page: Page) -> Self:
        """Go and pay."""
        page.goto("/checkout")
        return cls(page)

    def enter(self, card: Card, *, save: bool = False) -> None:
        """Fill in the form; a guest says who they are."""
        if self.email.is_visible():
            self.email.fill(EMAIL)
        self.card.enter(card)
        if save:
            self.save_box.check()

    def method(self, label: str) -> Locator:
        """The choice of a saved card, or of another way to pay."""
        return self.page.get_by_role("radio", name=label)

    def choose(self, label: str) -> None:
        """Take a saved card, or another way to pay, which may have to be unfolded."""
        folded = self.page.get_by_role("radio", name=label, include_hidden=True)
        fold = self.form.locator("details:not([open])").filter(has=folded)
        if fold.count():
            fold.locator("summary").click()
        self.method(label).check()

    def press_pay(self) -> None:
        """Press the button, wherever that leads."""
        self.pay_button.click()

    def pay(self) -> OrderPage:
        """Pay."""
        self.press_pay()
        return OrderPage(self.page)

    def pay_with(self, card: Card, *, save: bool = False) -> OrderPage:
        """Pay with a new card."""
        self.enter(card, save=save)
        return self.pay()

    def pay_by(self, method: str) -> None:
        """Pay otherwise than by card, as a guest, wherever that leads."""
        self.email.fill(EMAIL)
        self.choose(method)
        self.press_pay()

    def go_to_bank_with(self, card: Card) -> BankPage:
        """Pay with a card whose bank wants to know who is paying."""
        self.enter(card)
        return self.go_to_bank()

    def go_to_bank(self) -> BankPage:
        """Pay, and be asked by the bank."""
        self.press_pay()
        return BankPage(self.page)

    def create_token(self, card: Card) -> str:
        """A token, made as this page makes it, but not yet sent to the shop."""
        typed.append(card)
        key = self.page.locator("[public-key]").get_attribute("public-key")
        self.page.wait_for_function("() => window.Omise")
        return self.page.evaluate(CREATE_TOKEN, [key, card.details])

    def send(self, token: str) -> Response:
        """Send the form with a token in it."""
        if self.email.is_visible():
            self.email.fill(EMAIL)
        with self.page.expect_navigation() as navigation:
            self.form.evaluate(SEND_TOKEN, token)
        return navigation.value

    def post(self, **order: object) -> dict:
        """Charge by JSON, from a script on this page."""
        return self.page.evaluate(CHARGE, order)
