"""The checkout."""

from typing import Self

from playwright.sync_api import Locator, Page, Response, expect

from e2e.pages.bank import BankPage
from e2e.pages.card_fields import CardFields
from e2e.pages.order import OrderPage
from e2e.support.cards import Card, entered_cards

EMAIL = "nok@example.com"

#: Where the orders of the tests go.
ADDRESS = {
    "shipping_name": "Nok Prasert",
    "shipping_address": "99/1 Sukhumvit Road",
    "shipping_city": "Bangkok",
    "shipping_postal_code": "10110",
    "shipping_phone": "081 234 5678",
}

#: Fills in the delivery address at once: it is not what most tests are about.
ENTER_ADDRESS = """(button, address) => {
  for (const [name, value] of Object.entries(address)) {
    const field = button.form.elements[name]
    if (field && !field.value) field.value = value
  }
}"""

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

SUBMIT_TOKEN = """(form, token) => {
  form.elements.token.value = token
  form.submit()
}"""


#: Where the shop checks the form before the card becomes a token.
CHECK = "/checkout/check"


def expect_script_running(page: Page) -> None:
    """The script of the card form runs; before that, a browser submits the form as it is."""
    expect(page.locator("[public-key]:defined")).to_be_attached()


def enter_address(page: Page) -> None:
    """Fill in the delivery address where there is none."""
    page.locator("[data-pay]").evaluate(ENTER_ADDRESS, ADDRESS)


class CheckoutPage:
    """The form for a card, a saved card or another payment method."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.email = page.get_by_label("Email", exact=True)
        self.card = CardFields(page)
        self.new_card = page.get_by_role("radio", name="Use a new card")
        self.save_box = page.get_by_label("Save this card")
        self.pay_button = page.get_by_role("button", name="Pay ")
        self.form = page.locator("form[action='/charge']")
        expect(page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()

    @classmethod
    def open(cls, page: Page) -> Self:
        """Open the checkout, and enter the delivery address."""
        page.goto("/checkout")
        return cls(page).with_address()

    def with_address(self) -> Self:
        """The same page with a delivery address where there is none."""
        enter_address(self.page)
        return self

    def address_field(self, label: str) -> Locator:
        """A field of the delivery address."""
        return self.form.get_by_label(label, exact=True)

    def fill(self, card: Card, *, save: bool = False) -> None:
        """Fill in the form; a guest enters an email address too."""
        if self.email.is_visible():
            self.email.fill(EMAIL)
        if self.new_card.is_visible():
            self.new_card.check()
        self.card.fill(card)
        if save:
            self.save_box.check()

    def method(self, label: str) -> Locator:
        """The choice of a saved card, or of another payment method."""
        return self.page.get_by_role("radio", name=label)

    def select_method(self, label: str) -> None:
        """Select a saved card or another payment method, which may be in a closed group."""
        choice = self.page.get_by_role("radio", name=label, include_hidden=True)
        group = self.form.locator("details:not([open])").filter(has=choice)
        if group.count():
            group.locator("summary").click()
        self.method(label).check()

    def click_pay(self) -> None:
        """Press the button, wherever that leads."""
        self.pay_button.click()

    def begin_to_pay(self) -> None:
        """Press the button, and wait until the shop has checked the form."""
        with self.page.expect_request_finished(lambda request: request.url.endswith(CHECK)):
            self.click_pay()

    def pay(self) -> OrderPage:
        """Pay."""
        self.click_pay()
        return OrderPage(self.page)

    def pay_with(self, card: Card, *, save: bool = False) -> OrderPage:
        """Pay with a new card."""
        self.fill(card, save=save)
        return self.pay()

    def pay_by(self, method: str) -> None:
        """Pay by another method as a guest, wherever that leads."""
        self.email.fill(EMAIL)
        self.select_method(method)
        self.click_pay()

    def go_to_bank_with(self, card: Card) -> BankPage:
        """Pay with a card that needs 3-D Secure."""
        self.fill(card)
        return self.go_to_bank()

    def go_to_bank(self) -> BankPage:
        """Pay, and be sent to the bank."""
        self.click_pay()
        return BankPage(self.page)

    def create_token(self, card: Card) -> str:
        """A token, created as this page does it, but not yet sent to the shop."""
        entered_cards.append(card)
        key = self.page.locator("[public-key]").get_attribute("public-key")
        self.page.wait_for_function("() => window.Omise")
        return self.page.evaluate(CREATE_TOKEN, [key, card.details])

    def submit_token(self, token: str) -> Response:
        """Submit the form with a token."""
        if self.email.is_visible():
            self.email.fill(EMAIL)
        with self.page.expect_navigation() as navigation:
            self.form.evaluate(SUBMIT_TOKEN, token)
        return navigation.value

    def post(self, **order: object) -> dict:
        """Charge by JSON, from a script on this page."""
        return self.page.evaluate(CHARGE, order)
