"""Disputes: recorded from the charge, never refunded twice, and the order follows the outcome."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storefront.payments.charge_comparison import contradictions, copy_dispute
from storefront.payments.dispute_models import PaymentDispute
from storefront.payments.errors import PaymentDisputed
from storefront.payments.omise import Dispute
from tests.support.charges import MUG, TAKEN, charge_made_for
from tests.support.records import a_payment, event_statuses
from tests.support.webhooks import SECRET, an_event, signed


@pytest.fixture
def settings(settings):
    """A shop that knows a webhook secret."""
    from pydantic import SecretStr

    return settings.model_copy(update={"omise_webhook_secret": SecretStr(SECRET)})


@pytest.fixture
def engine(services):
    """The payment engine of the shop."""
    return services.engine


@pytest.fixture
def dispute(world, paid):
    """A dispute of the charge of the paid order, which the shop has not heard of."""
    (charge,) = world.charges()
    return world.api("POST", f"/charges/{charge['id']}/disputes", {})


def decides(world, dispute, status):
    """Let the bank decide."""
    world.control("POST", f"disputes/{dispute['id']}/close", {"status": status})


def hears(app, dispute, key="dispute.create"):
    """Deliver the webhook of a dispute."""
    body = an_event(dispute["charge"], key=key, event_id=f"evnt_{key}", kind="dispute")
    answer = app.test_client().post("/webhooks/omise", data=body, headers=signed(body))
    assert answer.status_code == 204


def statuses(engine, number):
    return [each.status for each in engine.disputes.of(number)]


def test_webhook_of_a_dispute_records_it(app, services, engine, repository, paid, dispute):
    hears(app, dispute)

    (found,) = engine.disputes.undecided(livemode=False)
    assert (found.id, found.reference, found.amount) == (dispute["id"], paid, MUG)
    assert (found.status, found.reason_code) == ("open", "goods_or_services_not_provided")
    assert repository.get(paid).status == "paid"
    assert event_statuses(services.database) == {"evnt_dispute.create": "applied"}


def test_disputed_payment_is_not_refunded(app, world, engine, repository, paid, dispute):
    hears(app, dispute)

    with pytest.raises(PaymentDisputed):
        engine.operations.refund(paid, amount=100, idempotency_key="r1")

    assert not repository.get(paid).can("refund")
    assert len(repository.get(paid).attempts) == 1


def test_refund_that_meets_an_unknown_dispute_records_it(engine, paid, dispute):
    attempt = engine.operations.refund(paid, amount=100, idempotency_key="r1")

    assert (attempt.status, attempt.failure_code) == ("rejected", "failed_refund")
    assert statuses(engine, paid) == ["open"]


def test_order_stays_paid_after_a_dispute_is_won(app, world, engine, repository, paid, dispute):
    hears(app, dispute)
    decides(world, dispute, "won")
    hears(app, dispute, "dispute.close")

    assert (repository.get(paid).status, statuses(engine, paid)) == ("paid", ["won"])
    assert engine.operations.refund(paid, amount=100, idempotency_key="r1").status == "succeeded"


def test_order_is_refunded_after_a_dispute_is_lost(app, world, engine, repository, paid, dispute):
    hears(app, dispute)
    decides(world, dispute, "lost")
    hears(app, dispute, "dispute.close")

    payment = repository.get(paid)
    assert (payment.status, statuses(engine, paid)) == ("refunded", ["lost"])
    assert (payment.refunded_amount, payment.charged_back_amount) == (0, MUG)
    assert payment.refundable.amount == 0


def test_dispute_of_the_rest_is_lost_after_a_part_was_refunded(
    world, app, engine, repository, paid
):
    engine.operations.refund(paid, amount=100, idempotency_key="r1")
    (charge,) = world.charges()
    dispute = world.api("POST", f"/charges/{charge['id']}/disputes", {})
    decides(world, dispute, "lost")
    hears(app, dispute)

    payment = repository.get(paid)
    assert (payment.status, payment.charged_back_amount) == ("refunded", MUG - 100)


@pytest.mark.parametrize("outcome", ["open", "pending", "won", "lost"])
def test_reconciliation_finds_disputes_of_old_charges(world, engine, clock, paid, dispute, outcome):
    if outcome == "pending":
        world.api("PATCH", f"/disputes/{dispute['id']}", {"message": "Delivered"})
    elif outcome != "open":
        decides(world, dispute, outcome)
    now = clock()

    report = engine.reconciler.run(now, now)  # in this period there was no charge

    assert (report.charges, report.repaired, report.discrepancies) == (0, 1, [])
    assert statuses(engine, paid) == [outcome]


def test_lost_dispute_leaves_no_difference_in_money(world, engine, clock, paid, dispute):
    decides(world, dispute, "lost")
    now = clock()

    report = engine.reconciler.run(now - timedelta(hours=1), now)

    assert (report.charges, report.discrepancies, report.net_differences) == (1, [], [])


def test_reconciliation_finds_the_end_of_a_recorded_dispute(
    app, world, engine, clock, paid, dispute
):
    hears(app, dispute)
    decides(world, dispute, "won")
    now = clock()

    report = engine.reconciler.run(now, now)

    assert (report.repaired, report.discrepancies, statuses(engine, paid)) == (1, [], ["won"])


def test_dispute_that_omise_does_not_have_any_more_is_named(
    app, world, engine, clock, paid, dispute
):
    hears(app, dispute)
    world.control("POST", "reset")
    now = clock()

    report = engine.reconciler.run(now, now)

    (found,) = report.discrepancies
    assert (found.description, found.reference) == ("Omise has no such dispute", paid)


def test_disputes_of_other_programs_are_left_alone(world, engine, paid, clock):
    foreign = charge_made_for(world, "of another program")
    world.api("POST", f"/charges/{foreign['id']}/disputes", {})
    now = clock()

    assert engine.reconciler.run(now, now).discrepancies == []
    assert engine.disputes.undecided(livemode=False) == []


def test_hooks_hear_of_every_step(app, world, engine, paid, dispute):
    heard = []
    engine.hooks.dispute_changed = lambda connection, payment, each: heard.append(
        (payment.reference, each.status, type(each))
    )
    engine.hooks.on_change = lambda payment: heard.append(payment.dispute_status)

    hears(app, dispute)
    hears(app, dispute, "dispute.update")  # nothing is new
    decides(world, dispute, "lost")
    hears(app, dispute, "dispute.close")

    first, last = ((paid, status, PaymentDispute) for status in ("open", "lost"))
    assert list(dict.fromkeys(heard)) == [first, "open", last, "lost"]
    assert heard.count(first) == heard.count(last) == 1


def test_surplus_charge_waits_for_the_decision_on_its_dispute(
    world, engine, repository, services, paid
):
    attempt = repository.get(paid).funded_attempt
    stray = charge_made_for(world, paid, attempt=attempt.key)
    falsified = repository.get(paid).funded_attempt
    falsified.status, falsified.charge_id = "surplus", stray["id"]
    with services.database.transaction() as connection:
        repository.save(connection, falsified.payment, falsified)
    dispute = world.api("POST", f"/charges/{stray['id']}/disputes", {})

    assert engine.operations.refund_surplus(falsified) is False
    decides(world, dispute, "lost")
    assert engine.operations.refund_surplus(falsified) is True
    assert world.api("GET", f"/charges/{stray['id']}")["refunded_amount"] == 0


DISPUTE = Dispute(
    id="dspt_test_1",
    charge_id=TAKEN.id,
    status="open",
    amount=MUG,
    currency="THB",
    reason_code=None,
    reason=None,
    created_at=TAKEN.created_at,
    closed_at=None,
)


@pytest.fixture
def attempt(clock):
    """An attempt that is paid."""
    return a_payment(clock(), "succeeded").attempts[0]


@pytest.mark.parametrize(
    "untrue",
    [
        {"status": "forgiven"},
        {"amount": MUG + 1},
        {"amount": 0},
        {"currency": "USD"},
        {"charge_id": "chrg_test_2"},
    ],
)
def test_dispute_that_cannot_be_true_is_not_believed(attempt, untrue):
    charge = replace(TAKEN, dispute=replace(DISPUTE, **untrue))

    assert "dispute" in contradictions(attempt, charge)
    assert not contradictions(attempt, replace(TAKEN, dispute=DISPUTE))


@pytest.mark.parametrize(
    ("recorded", "read", "is_news"),
    [
        (None, ("1", "open"), True),
        (("1", "open"), ("1", "open"), False),
        (("1", "open"), ("1", "pending"), True),
        (("1", "pending"), ("1", "open"), False),
        (("1", "pending"), ("1", "won"), True),
        (("1", "won"), ("1", "open"), False),
        (("1", "lost"), ("1", "won"), False),
        (("1", "won"), ("2", "open"), True),
        (("1", "lost"), ("2", "open"), False),
    ],
)
def test_disputes_only_go_forward(attempt, recorded, read, is_news):
    if recorded:
        attempt.dispute_id, attempt.dispute_status = recorded
    id_, status = read

    news = copy_dispute(replace(TAKEN, dispute=replace(DISPUTE, id=id_, status=status)), attempt)

    assert news is is_news
    assert (attempt.dispute_id, attempt.dispute_status) == (read if is_news else recorded)


def test_dispute_is_not_forgotten_when_a_reading_does_not_show_it(attempt):
    attempt.dispute_id, attempt.dispute_status = "1", "open"

    assert not copy_dispute(TAKEN, attempt)
    assert attempt.dispute_status == "open"
