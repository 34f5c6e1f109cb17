"""Every main page is well laid out on a phone and on a desktop."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.pages.checkout import expect_script_running
from e2e.support.cards import DECLINED, MASTERCARD, THREE_DS_CARD, VISA
from e2e.support.layout import layout_problems
from e2e.support.purchases import place_order, save_cards


def test_public_pages(page, subtests):
    for path in ("/", "/products/mug", "/cart", "/signup", "/login", "/password/forgot"):
        with subtests.test(path=path):
            page.goto(path)

            assert layout_problems(page) == []


def test_cart_and_checkout(shopper):
    checkout = shopper.go_to_checkout()
    expect_script_running(shopper.page)
    assert layout_problems(shopper.page) == []

    checkout.click_pay()
    assert layout_problems(shopper.page) == []

    shopper.page.goto("/cart")
    assert layout_problems(shopper.page) == []


def test_pages_of_a_member(member, world):
    save_cards(member.page.request, world, VISA, MASTERCARD)
    member.page.goto("/cards")
    assert layout_problems(member.page) == []

    checkout = member.go_to_checkout()
    assert layout_problems(member.page) == []

    checkout.select_method(MASTERCARD.label)
    checkout.pay().expect_status("paid")
    assert layout_problems(member.page) == []

    member.page.goto("/account")
    member.page.get_by_text("Delete account", exact=True).click()
    assert layout_problems(member.page) == []

    member.page.goto("/orders")
    assert layout_problems(member.page) == []


def test_failed_payment(page, world):
    order = place_order(page.request, world, DECLINED)
    OrderPage.open(page, order).expect_status("payment_failed")

    assert layout_problems(page) == []


def test_payment_that_waits_for_the_bank(shopper):
    bank = shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)

    bank.page.go_back()
    OrderPage(shopper.page).expect_status("awaiting_payment")

    assert layout_problems(shopper.page) == []


def test_missing_page(page, quiet_browser):
    quiet_browser.expect_status(404)

    page.goto("/nowhere")

    assert layout_problems(page) == []


def test_picture_of_a_product_is_shown_whole(page):
    """It is taller than its frame."""
    page.goto("/products/vase")
    picture = page.get_by_role("main").get_by_role("img").first

    expect(picture).to_have_css("object-fit", "contain")


@pytest.mark.parametrize("width", [360, 1440])
def test_payment_methods_break_no_name(shopper, width):
    """Three of them side by side: PromptPay stands on one line, beside its picture."""
    shopper.page.set_viewport_size({"width": width, "height": 900})
    checkout = shopper.go_to_checkout("lamp", 2)
    expect(checkout.method("Installments")).to_be_visible()

    label = checkout.form.locator("label[for=method-promptpay]")

    assert label.bounding_box()["height"] < 40
