"""Omise's form within the page: what the shopper typed is in its frame."""

from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.pages.checkout import EMAIL
from e2e.pages.omise_form import OmiseForm
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
    form.submit(VISA, checkout.pay_button)
    expect(checkout.form).to_have_attribute("aria-busy", "true")
    clock.fast_forward(TIME_LIMIT)
    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(form.security_code).to_have_value(VISA.security_code)

    form.press(checkout.pay_button)

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]
