"""Every page of the back office is accessible, and fits every screen."""

from e2e.support.accessibility import violations
from e2e.support.cards import DECLINED
from e2e.support.viewport import expect_no_sideways_scroll

WIDTHS = (360, 1440)

PATHS = (
    "/admin/login",
    "/admin",
    "/admin/orders",
    "/admin/orders/{order}",
    "/admin/events",
    "/admin/stock",
    "/admin/mails",
    "/admin/mails/1",
    "/admin/audit",
    "/admin/reconcile",
    "/admin/staff",
    "/admin/account",
)


def test_every_page_is_accessible_and_fits(admin, order, shopper, shop):
    shopper.go_to_checkout().pay_with(DECLINED)
    shop.run_worker()

    for path in PATHS:
        admin.page.goto(path.format(order=order))
        assert violations(admin.page) == [], path
        for width in WIDTHS:
            admin.page.set_viewport_size({"width": width, "height": 900})
            expect_no_sideways_scroll(admin.page)

    admin.page.get_by_role("button", name="Set up second factor").click()
    admin.page.get_by_label("Code").fill("000000")
    assert violations(admin.page) == []

    admin.open_order(order)
    admin.start("Refund", "10.00", "a chip")
    assert violations(admin.page) == []
