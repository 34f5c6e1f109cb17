"""From the order to the parcel: a note, packing, shipping, and the receipt again."""

from playwright.sync_api import expect

from e2e.support.accessibility import violations
from e2e.support.servers import with_shop
from e2e.support.viewport import expect_no_sideways_scroll

MUG = 390_00

pytestmark = with_shop(manual_capture={"CAPTURE": "false"})


def test_order_is_packed_and_its_shipment_captures_the_money(admin, order, world):
    admin.page.set_viewport_size({"width": 360, "height": 740})
    admin.open_order(order)
    admin.page.get_by_label("Note for staff").fill("Gift: no invoice in the parcel")
    admin.page.get_by_role("button", name="Add note").click()
    expect(admin.main).to_contain_text("Gift: no invoice in the parcel")

    admin.page.get_by_role("button", name="Mark as packed").click()
    expect(admin.main).to_contain_text("Order packed.")
    assert world.captured_amounts() == [0]
    expect_no_sideways_scroll(admin.page)
    assert violations(admin.page) == []

    admin.page.get_by_label("Tracking number").fill("TH123")
    admin.page.get_by_role("button", name="Ship and capture ฿390.00").click()

    expect(admin.main).to_contain_text("tracking number TH123")
    admin.expect_status("paid")
    assert world.captured_amounts() == [MUG]
    admin.search_orders("nok prasert")
    expect(admin.row(order)).to_contain_text("Shipped")
