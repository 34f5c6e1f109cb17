"""Shipping: captures authorized money, is recorded once, and mails the shopper."""

import re
from email import message_from_bytes, policy

import pytest

from storefront.payments.errors import OperationNotAllowed


def ships(staff, number, **fields):
    """Send the form on the page of the order."""
    page = staff.sees(f"/admin/orders/{number}").get_data(as_text=True)
    key = re.search(r'name="idempotency_key" value="(\w+)"', page)[1]
    return staff.sends(f"/admin/orders/{number}/ship", idempotency_key=key, **fields)


def mails(settings):
    """The mails about shipments."""
    files = settings.mail_folder.glob("shipped*.eml")
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def test_shipment_captures_authorized_money_and_mails_the_shopper(
    database, staff, held, world, repository, services, settings
):
    assert ships(staff, held, tracking_number="TH 123").status_code == 303
    staff.sees(f"/admin/orders/{held}")
    services.engine.worker.run_due()

    assert "Order shipped." in staff.text
    assert "tracking number TH 123" in staff.text
    assert repository.get(held).status == "paid"
    assert [charge["captured_amount"] for charge in world.charges()] == [39000]
    (mail,) = mails(settings)
    assert mail["Subject"] == f"Your order {held} has shipped"
    assert "Tracking number: TH 123" in mail.get_body(("plain",)).get_content()


def test_paid_order_is_shipped_once(database, staff, paid, services, settings):
    for _ in range(2):
        services.shipments.ship(paid, "A", idempotency_key="s1")
    services.engine.worker.run_due()
    services.shipments.ship(paid, "B", idempotency_key="s2")
    services.engine.worker.run_due()

    assert services.shipments.find(paid).tracking_number == "A"
    assert len(mails(settings)) == 1
    assert "Mark as shipped" not in staff.sees(f"/admin/orders/{paid}").get_data(as_text=True)


def test_order_without_its_money_is_not_shipped(staff, held, world, services, repository):
    world.fails("POST", "/charges/*/capture", "drop_before")
    world.fails("GET", "/charges/*", "status", status=503, times=3)

    assert ships(staff, held).status_code == 409

    assert services.shipments.find(held) is None
    assert repository.get(held).unresolved_attempt.type == "capture"


def test_unpaid_order_is_not_shipped(shopper, services):
    shopper.puts_in_cart()
    shopper.pays("4111111111140011")

    with pytest.raises(OperationNotAllowed):
        services.shipments.ship(shopper.order_number, "", idempotency_key="s1")


def test_form_without_a_key_ships_nothing(staff, paid, services):
    assert staff.sends(f"/admin/orders/{paid}/ship", tracking_number="A").status_code == 422
    assert services.shipments.find(paid) is None


def test_packed_order_is_shipped_later(database, staff, held, repository, services):
    for _ in range(2):
        assert staff.sends(f"/admin/orders/{held}/pack").status_code == 303
    staff.sees(f"/admin/orders/{held}")
    assert "Order packed." in staff.text
    assert "Mark as packed" not in staff.text
    assert repository.get(held).status == "authorized"
    packed_at = services.shipments.find(held).packed_at
    assert "Packed" in staff.sees("/admin/orders").get_data(as_text=True)

    ships(staff, held, tracking_number="TH 1")

    shipment = services.shipments.find(held)
    assert (shipment.packed_at, shipment.tracking_number) == (packed_at, "TH 1")
    assert shipment.shipped_at
    assert repository.get(held).status == "paid"


def test_unpaid_order_is_not_packed(staff, shopper, services):
    shopper.puts_in_cart()
    shopper.pays("4111111111140011")

    assert staff.sends(f"/admin/orders/{shopper.order_number}/pack").status_code == 409
    assert services.shipments.find(shopper.order_number) is None


def test_shopper_does_not_read_that_a_packed_order_is_on_its_way(shopper, paid, services):
    services.shipments.pack(paid)

    shopper.sees(f"/orders/{paid}")

    assert "Your order is on its way." not in shopper.text
