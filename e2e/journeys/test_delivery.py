"""Delivery: a member enters an address, sees what it costs, and is offered it next time."""

import re

from playwright.sync_api import expect

from e2e.pages import CheckoutPage
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.viewport import expect_no_sideways_scroll

MUG, TO_JAPAN = 390_00, 450_00


def test_member_orders_to_another_country_and_is_offered_the_address(member, world):
    page = member.page
    page.set_viewport_size({"width": 360, "height": 740})
    member.add_to_cart()
    page.goto("/checkout")
    checkout = CheckoutPage(page)
    bar = page.get_by_text("Show order summary")
    expect(bar.locator("xpath=..")).to_contain_text("฿390.00")

    checkout.address_field("Country").select_option(label="Japan")
    expect(checkout.pay_button).to_have_accessible_name("Pay ฿840.00")
    checkout.fill(VISA)
    checkout.click_pay()
    checkout.card.expect_error(checkout.address_field("Phone"), "Enter your phone number.")
    bar.click()
    expect(checkout.main).to_contain_text(re.compile(r"Shipping\s*฿450.00\s*Total\s*฿840.00"))
    assert violations(page) == []
    for label, value in {
        "Full name": "Nok Prasert",
        "Address": "1-1 Chiyoda\n2nd floor",
        "City": "Tokyo",
        "Postal code": "100-0001",
        "Phone": "+81 3 1234 5678",
    }.items():
        checkout.address_field(label).fill(value)
    order = checkout.pay()

    order.expect_status("paid")
    expect(order.main).to_contain_text("Tokyo 100-0001")
    expect_no_sideways_scroll(page)
    assert violations(page) == []
    assert world.payments() == [(MUG + TO_JAPAN, "successful")]
    assert world.cardholder() == {
        "street1": "1-1 Chiyoda, 2nd floor",
        "city": "Tokyo",
        "postal_code": "100-0001",
        "phone_number": "+81 3 1234 5678",
    }
    member.add_to_cart()
    page.goto("/checkout")
    checkout = CheckoutPage(page)
    expect(checkout.address_field("City")).to_have_value("Tokyo")
    expect(checkout.pay_button).to_have_accessible_name("Pay ฿840.00")
