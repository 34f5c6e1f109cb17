"""Every main page is accessible, and well laid out on a phone and on a desktop."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.pages.checkout import expect_script_running
from e2e.support.accessibility import violations
from e2e.support.cards import DECLINED, MASTERCARD, THREE_DS_CARD, VISA
from e2e.support.layout import layout_problems


def problems_of(page):
    """What axe finds, and what is wrong with the layout."""
    return violations(page) + layout_problems(page)


@pytest.mark.parametrize(
    "path", ["/", "/products/mug", "/cart", "/signup", "/login", "/password/forgot"]
)
def test_public_page(page, path):
    page.goto(path)

    assert problems_of(page) == []


def test_cart_and_checkout(shopper):
    checkout = shopper.go_to_checkout()
    expect_script_running(shopper.page)
    assert problems_of(shopper.page) == []

    checkout.click_pay()
    assert problems_of(shopper.page) == []

    shopper.page.goto("/cart")
    assert problems_of(shopper.page) == []


def test_pages_of_a_member(member):
    member.save_cards(VISA, MASTERCARD)
    assert problems_of(member.page) == []

    checkout = member.go_to_checkout()
    assert problems_of(member.page) == []

    checkout.select_method(MASTERCARD.label)
    checkout.pay().expect_status("paid")
    assert problems_of(member.page) == []

    member.page.goto("/account")
    member.page.get_by_text("Delete account", exact=True).click()
    assert problems_of(member.page) == []

    member.page.goto("/orders")
    assert problems_of(member.page) == []


def test_failed_payment(shopper):
    shopper.go_to_checkout().pay_with(DECLINED).expect_status("payment_failed")

    assert problems_of(shopper.page) == []


def test_payment_that_waits_for_the_bank(shopper):
    bank = shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)

    bank.page.go_back()
    OrderPage(shopper.page).expect_status("awaiting_payment")

    assert problems_of(shopper.page) == []


def test_missing_page(page, quiet_browser):
    quiet_browser.expect_status(404)

    page.goto("/nowhere")

    assert problems_of(page) == []


def test_picture_of_a_product_is_shown_whole(page):
    """It is taller than its frame."""
    page.goto("/products/vase")
    picture = page.get_by_role("main").get_by_role("img").first

    expect(picture).to_have_css("object-fit", "contain")
