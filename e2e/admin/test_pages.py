"""Every page of the back office is open to everybody, on every screen."""

import pytest

from e2e.support.accessibility import violations
from e2e.support.cards import DECLINED
from e2e.support.viewport import expect_no_sideways_scroll

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
)


def test_every_page_is_open_to_everybody(office, order, shopper, running_shop):
    shopper.at_checkout().pay_with(DECLINED)
    running_shop.works_off()

    for path in PATHS:
        office.page.goto(path.format(order=order))
        assert violations(office.page) == [], path

    office.open_order(order)
    office.ask("Refund", "10.00", "a chip")
    assert violations(office.page) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_is_wider_than_the_window(office, order, running_shop, width):
    running_shop.works_off()
    office.page.set_viewport_size({"width": width, "height": 900})

    for path in PATHS:
        office.page.goto(path.format(order=order))
        expect_no_sideways_scroll(office.page)
