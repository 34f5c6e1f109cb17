"""Omise's form within the page: what the shopper typed is in its frame."""

from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.pages.checkout import CHECK, EMAIL
from e2e.pages.omise_form import OmiseForm, click_once_drawn
from e2e.support.cards import VISA
from e2e.support.servers import with_shop

MUG = 390_00
UNREACHED = "We could not reach the card service. Check your connection and try again."

TIME_LIMIT = 20_000  # milliseconds that the card form waits for an answer

pytestmark = with_shop(embedded={"CARD_FORM": "embedded"})


def test_card_is_kept_when_the_vault_is_silent(shopper, world, clock):
    form = OmiseForm(shopper.page, is_popup=False)
    shopper.page.route("**/tokens", lambda route: None, times=1)
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)
    with shopper.page.expect_request_finished(lambda request: request.url.endswith(CHECK)):
        form.submit(VISA, checkout.pay_button)
    clock.fast_forward(TIME_LIMIT)
    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(form.security_code).to_have_value(VISA.security_code)

    form.press(checkout.pay_button)

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_each_missing_field_is_named_and_no_card_is_blamed(shopper, world):
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)

    click_once_drawn(checkout.pay_button)

    expect(checkout.card.summary.get_by_role("listitem")).to_have_text(
        [
            "Fill in: Card number",
            "Fill in: Name on card",
            "Fill in: Expiry date",
            "Fill in: Security code",
        ]
    )
    assert world.payments() == []


#: Omise.js 2 has no form within the page.
OLD_LIBRARY = """() => {
  let library
  Object.defineProperty(window, "OmiseCard", {
    get: () => library,
    set: (made) => {
      delete made.requestCardToken
      library = made
    },
  })
}"""


def test_library_without_such_a_form_opens_a_popup(shopper, world):
    shopper.page.add_init_script(f"({OLD_LIBRARY})()")
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)
    expect(checkout.main).to_contain_text("You'll enter your card in a secure Omise window.")

    OmiseForm(shopper.page, is_popup=True).submit(VISA, checkout.pay_button)

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]
