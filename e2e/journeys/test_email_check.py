"""The email is checked by the shop's own rule, before the card becomes a token."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.support.cards import VISA

MUG = 390_00


def test_refused_email_costs_neither_card_nor_token(shopper, world, quiet_browser):
    quiet_browser.expect_status(422)
    requests = []
    shopper.page.on("request", lambda request: requests.append(request.url))
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    checkout.email.fill("nok@gmail")

    checkout.click_pay()

    expect(checkout.card.summary).to_contain_text("Enter a valid email address")
    expect(checkout.card.number).not_to_have_value("")
    expect(checkout.card.security_code).to_have_value(VISA.security_code)
    assert not [url for url in requests if url.endswith("/tokens")]
    checkout.email.fill("nok@gmail.com")
    checkout.click_pay()
    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


@pytest.mark.parametrize("email", ["taro..yamada@docomo.ne.jp", "nok\uff20example.com"])
def test_email_that_the_shop_accepts_can_buy(shopper, email):
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    checkout.email.fill(email)

    checkout.click_pay()

    OrderPage(shopper.page).expect_status("paid")


def test_silent_check_holds_up_no_payment(shopper, quiet_browser):
    quiet_browser.allow("/checkout/check")
    shopper.page.route("**/checkout/check", lambda route: route.abort())
    checkout = shopper.go_to_checkout()

    checkout.pay_with(VISA).expect_status("paid")
