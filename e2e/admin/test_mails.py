"""The mails that the shop sent, in the back office."""

from playwright.sync_api import expect

from e2e.pages import OrderPage


def test_payment_and_refund_send_a_mail_each(admin, order, shop):
    admin.open_order(order)
    admin.perform("Refund", "100.00")
    shop.run_worker()

    admin.go_to("Emails")
    expect(admin.row(order)).to_have_count(2)
    admin.row(order).get_by_role("link", name="Your refund").click()
    expect(admin.main).to_contain_text("฿100.00 of ฿390.00")

    admin.go_to("Emails")
    admin.row(order).get_by_role("link", name="Your receipt").click()
    expect(admin.main).to_contain_text("Stoneware mug \N{MULTIPLICATION SIGN} 1: ฿390.00")


def test_link_in_the_mail_opens_the_order(admin, order, shop, another_shopper):
    shop.run_worker()
    admin.go_to("Emails")
    admin.row(order).get_by_role("link", name="Your receipt").click()
    mail = admin.main.frame_locator("iframe")
    link = mail.get_by_role("link", name=f"View order {order}").get_attribute("href")

    another_shopper.page.goto(link)

    OrderPage(another_shopper.page).expect_status("paid")
    assert "key=" not in another_shopper.page.url
