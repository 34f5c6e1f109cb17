"""The mails that the shop sent, as staff read them."""

import re

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage


@pytest.mark.both_dialects
def test_one_mail_tells_of_the_payment_and_one_of_the_refund(office, order, running_shop):
    office.open_order(order)
    office.move("Refund", "100.00")
    running_shop.works_off()

    office.go_to("Emails")
    expect(office.row(order)).to_have_count(2)
    office.row(order).get_by_role("link", name="Your refund").click()
    expect(office.main).to_contain_text("฿100.00 of ฿390.00")

    office.go_to("Emails")
    office.row(order).get_by_role("link", name="Your receipt").click()
    expect(office.main).to_contain_text("Stoneware mug \N{MULTIPLICATION SIGN} 1: ฿390.00")


@pytest.mark.both_dialects
def test_a_guest_comes_back_by_the_link_of_the_mail(office, order, running_shop, another_shopper):
    running_shop.works_off()
    office.go_to("Emails")
    office.row(order).get_by_role("link", name="Your receipt").click()
    (link,) = re.findall(r"http://\S+key=\S+", office.main.inner_text())

    another_shopper.page.goto(link)

    OrderPage(another_shopper.page).expect_status("paid")
    assert "key=" not in another_shopper.page.url
