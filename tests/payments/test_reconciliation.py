"""The reconciler mends what it can, tells what it cannot, and ends with the right status."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from storefront.payments import tables
from storefront.payments.statuses import AttemptStatus, PaymentStatus

MUG = 39000


@pytest.fixture
def reconcile(app, clock):
    """Runs the command over the last day: its exit status and what it printed."""

    def run():
        result = app.test_cli_runner().invoke(args=["reconcile"])
        return result.exit_code, result.stdout

    return run


def change(parts, number, payment_status=None, **of_attempt):
    """Falsify the records of an order that is paid."""
    attempt = parts.engine.repository.get(number).attempts[0]
    with parts.database.transaction() as connection:
        if payment_status:
            payment = tables.payments
            connection.execute(
                update(payment).where(payment.c.reference == number).values(status=payment_status)
            )
        key = tables.attempts.c.key
        connection.execute(update(tables.attempts).where(key == attempt.key).values(**of_attempt))


def test_two_ledgers_that_agree(reconcile, paid):
    assert reconcile() == (
        0,
        "1 charges, 1 attempts, 0 repaired, 0 discrepancies, net difference ฿0.00\n",
    )


def test_an_answer_that_was_lost_is_mended(reconcile, ledger, lost):
    status, output = reconcile()

    assert (status, ledger.order(lost).status) == (0, "paid")
    assert "repaired, 0 discrepancies, net difference ฿0.00" in output


def test_a_refund_from_the_dashboard_is_mended(reconcile, world, ledger, paid):
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 10000})

    assert reconcile() == (
        0,
        "1 charges, 1 attempts, 1 repaired, 0 discrepancies, net difference ฿0.00\n",
    )
    assert ledger.order(paid).status == "partially_refunded"


def test_a_charge_that_no_order_knows_is_told(reconcile, world, paid):
    stray = world.api(
        "POST", "/charges", {"amount": 5000, "currency": "THB", "card": world.token()}
    )

    status, output = reconcile()

    assert status == 1
    assert f"{stray['id']}: no attempt has this charge; recorded ฿0.00, at Omise ฿50.00" in output
    assert "1 discrepancies, net difference ฿50.00" in output


def test_a_failed_charge_that_no_order_knows_is_no_money(reconcile, world):
    world.api(
        "POST",
        "/charges",
        {"amount": 5000, "currency": "THB", "card": world.token("4000000000000002")},
    )

    assert reconcile()[0] == 0


def test_a_payment_that_omise_does_not_know_is_told(reconcile, parts, paid):
    change(parts, paid, charge_id="chrg_test_invented", key="invented")

    status, output = reconcile()

    assert status == 1
    assert f"order {paid} chrg_test_invented: Omise has no such charge" in output


def test_a_waiting_payment_that_omise_does_not_know_keeps_no_other_from_being_mended(
    reconcile, world, ledger, at_the_bank, stranger
):
    world.control("POST", "reset")
    stranger.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=503, times=3)
    stranger.pays()
    assert stranger.status == "confirming"

    status, output = reconcile()

    assert status == 1
    assert "Omise has no such charge" in output
    assert ", 1 discrepancies, " in output
    assert ledger.order(stranger.order_number).status == "paid"


def test_a_charge_of_another_amount_is_told_and_moves_nothing(reconcile, parts, ledger, paid):
    change(parts, paid, amount=MUG - 1)

    status, output = reconcile()

    assert status == 1
    assert "differs in amount" in output
    assert ledger.order(paid).status == "paid"


def test_an_attempt_of_which_nothing_is_known_is_left(reconcile, never_sent):
    status, output = reconcile()

    assert status == 1
    assert f"order {never_sent}: unresolved charge" in output


def test_an_order_thought_failed_that_was_paid_is_mended(reconcile, parts, ledger, paid):
    change(
        parts,
        paid,
        payment_status=PaymentStatus.PAYMENT_FAILED,
        status=AttemptStatus.REJECTED,
        charge_id=None,
        captured_amount=0,
    )

    assert reconcile()[0] == 0
    assert ledger.order(paid).status == "paid"


def test_another_period_is_another_report(app, paid):
    runner = app.test_cli_runner()

    result = runner.invoke(args=["reconcile", "--until", f"{datetime.now(UTC):%Y-%m-%d}"])

    assert (result.exit_code, result.stdout) == (
        0,
        "0 charges, 0 attempts, 0 repaired, 0 discrepancies, net difference ฿0.00\n",
    )


def test_an_omise_that_cannot_be_asked_is_no_agreement(app, world, paid):
    world.fails("GET", "/charges", "status", status=503, times=3)

    result = app.test_cli_runner().invoke(args=["reconcile"])

    assert result.exit_code == 2
    assert "Omise cannot be reached" in result.output
