"""Every main page, in the light and in the dark, as axe sees it."""

import pytest

from e2e.pages import OrderPage
from e2e.support.accessibility import violations
from e2e.support.cards import ASKS_THE_BANK, DECLINED, MASTERCARD, VISA


@pytest.mark.parametrize(
    "path", ["/", "/products/mug", "/cart", "/signup", "/login", "/styleguide"]
)
def test_a_page_for_everybody(page, path):
    page.goto(path)

    assert violations(page) == []


def test_a_full_cart_and_the_checkout(shopper):
    shopper.at_checkout()
    assert violations(shopper.page) == []

    shopper.page.goto("/cart")

    assert violations(shopper.page) == []


def test_the_checkout_with_problems(shopper):
    checkout = shopper.at_checkout()

    checkout.press_pay()

    assert violations(shopper.page) == []


def test_the_checkout_with_saved_cards(member):
    member.has_saved(VISA, MASTERCARD)

    member.at_checkout()

    assert violations(member.page) == []


def test_the_pages_of_a_member(member):
    member.has_saved(VISA)
    assert violations(member.page) == []

    member.has_paid_with(MASTERCARD)
    assert violations(member.page) == []

    member.page.goto("/orders")

    assert violations(member.page) == []


def test_a_payment_that_failed(shopper):
    shopper.at_checkout().pay_with(DECLINED).expect_status("payment_failed")

    assert violations(shopper.page) == []


def test_a_payment_that_waits_for_the_bank(shopper):
    bank = shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK)

    bank.page.go_back()
    OrderPage(shopper.page).expect_status("awaiting_payment")

    assert violations(shopper.page) == []


def test_a_payment_that_is_being_confirmed(shopper, omise):
    omise.will_fail("POST", "/charges", "drop_after")
    omise.will_fail("GET", "/charges", "status", status=503, times=None)

    shopper.at_checkout().pay_with(VISA).expect_status("confirming")

    assert violations(shopper.page) == []


def test_a_page_that_is_not_there(page, quiet_browser):
    quiet_browser.expect("status of 404")

    page.goto("/nowhere")

    assert violations(page) == []
