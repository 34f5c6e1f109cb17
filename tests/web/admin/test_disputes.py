"""Disputes in the back office: shown, mailed to staff, counted."""

from email import message_from_bytes, policy

import pytest

from tests.support.flask_shopper import FlaskShopper

ADDRESS = "finance@example.com"


@pytest.fixture
def settings(settings):
    """A shop that tells staff of disputes."""
    return settings.model_copy(update={"staff_email": ADDRESS})


@pytest.fixture
def disputed(world, services, repository, paid):
    """The number of an order whose charge is disputed."""
    services.engine.worker.run_due()
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/disputes", {})
    services.engine.resolver.sync_charge(charge["id"])
    return paid


def closes(world, services, status):
    (charge,) = world.charges()
    world.control("POST", f"disputes/{charge['dispute']['id']}/close", {"status": status})
    services.engine.resolver.sync_charge(charge["id"])


def mails(settings):
    """The mails to staff, the oldest first."""
    files = sorted(settings.mail_folder.glob("dspt*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def test_staff_get_a_mail_about_a_dispute_and_its_outcome(world, services, settings, disputed):
    services.engine.worker.run_due()
    closes(world, services, "lost")
    services.engine.worker.run_due()

    opened, lost = mails(settings)
    assert (opened["To"], opened["Subject"]) == (ADDRESS, f"Order {disputed} is disputed: ฿390.00")
    assert f"http://shop.test/admin/orders/{disputed}" in opened.get_content()
    assert lost["Subject"] == f"Dispute lost: order {disputed}"
    assert not list(settings.mail_folder.glob("refunded*"))  # the shopper was paid by their bank


def test_mail_to_staff_is_sent_once(services, settings, disputed):
    from storefront.payments.outbox import schedule
    from storefront.shop.staff_notices import DISPUTE_NOTICE

    services.engine.worker.run_due()
    (first,) = settings.mail_folder.glob("dspt*.eml")
    first.unlink()
    (dispute,) = services.engine.disputes.of(disputed)
    with services.database.transaction() as connection:
        schedule(connection, DISPUTE_NOTICE, f"{dispute.id} open", due_at=services.now())
    services.engine.worker.run_due()

    assert mails(settings) == []


def test_without_an_address_no_mail_is_scheduled(shop_with, world, settings):
    app = shop_with(staff_email="")
    shopper, services = FlaskShopper(app, world), app.extensions["shop"]
    shopper.puts_in_cart()
    shopper.pays("4000000000000259")
    (charge,) = world.charges()
    services.engine.resolver.sync_charge(charge["id"])
    services.engine.worker.run_due()

    assert [each.status for each in services.engine.disputes.of(shopper.order_number)] == ["open"]
    assert mails(settings) == []


def test_order_page_shows_the_dispute_and_offers_no_refund(staff, disputed):
    staff.sees(f"/admin/orders/{disputed}")

    assert "Dispute: ฿390.00 disputed since" in staff.text
    assert "Refunds are held back" in staff.text
    assert "Refund…" not in staff.text
    assert "Dispute of ฿390.00" in staff.text  # in the history


def test_refund_of_a_disputed_order_is_refused_with_a_reason(staff, disputed):
    answer = staff.sends(
        f"/admin/orders/{disputed}/refund", amount="1.00", confirmed="yes", idempotency_key="r1"
    )

    assert answer.status_code == 409
    assert "The cardholder disputes this payment" in staff.text


def test_lost_dispute_is_part_of_the_order(staff, world, services, disputed):
    closes(world, services, "lost")

    staff.sees(f"/admin/orders/{disputed}")

    assert "Lost in a dispute" in staff.text
    assert staff.page.get_data(as_text=True).count('data-status="refunded"') == 2


def test_undecided_disputes_need_attention(staff, world, services, disputed):
    staff.sees("/admin/tasks")
    assert disputed in staff.text
    assert "฿390.00 disputed since" in staff.text

    closes(world, services, "won")
    staff.sees("/admin/tasks")
    assert disputed not in staff.text


def test_disputes_are_counted(app, disputed):
    metrics = app.test_client().get("/metrics").get_data(as_text=True)

    assert 'shop_disputes{status="open"} 1.0' in metrics
    assert 'shop_disputes{status="lost"} 0.0' in metrics
