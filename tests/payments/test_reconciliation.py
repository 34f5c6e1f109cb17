"""Reconciliation repairs what it can, reports the rest, and exits with the right status."""

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


def change(services, number, payment_status=None, **of_attempt):
    """Falsify the records of an order that is paid."""
    attempt = services.engine.repository.get(number).attempts[0]
    with services.database.transaction() as connection:
        if payment_status:
            payment = tables.payments
            connection.execute(
                update(payment).where(payment.c.reference == number).values(status=payment_status)
            )
        key = tables.attempts.c.key
        connection.execute(update(tables.attempts).where(key == attempt.key).values(**of_attempt))


def test_equal_records_are_reported_as_equal(reconcile, paid):
    assert reconcile() == (
        0,
        "1 charges, 1 attempts, 0 repaired, 0 discrepancies, net difference ฿0.00\n",
    )


def test_lost_response_is_repaired(reconcile, repository, charge_with_lost_answer):
    status, output = reconcile()

    assert (status, repository.get(charge_with_lost_answer).status) == (0, "paid")
    assert "repaired, 0 discrepancies, net difference ฿0.00" in output


def test_refund_from_the_dashboard_is_repaired(reconcile, world, repository, paid):
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 10000})

    assert reconcile() == (
        0,
        "1 charges, 1 attempts, 1 repaired, 0 discrepancies, net difference ฿0.00\n",
    )
    assert repository.get(paid).status == "partially_refunded"


def test_charge_without_a_payment_is_reported(reconcile, world, paid):
    stray = world.api(
        "POST", "/charges", {"amount": 5000, "currency": "THB", "card": world.token()}
    )

    status, output = reconcile()

    assert status == 1
    assert f"{stray['id']}: no attempt has this charge; recorded ฿0.00, at Omise ฿50.00" in output
    assert "1 discrepancies, net difference ฿50.00" in output


def test_currencies_are_reported_apart(reconcile, services, world, paid):
    """12000 of yen beside 12000 of satang: the sums cancel each other out, the money does not."""
    stray = {"amount": 12000, "currency": "JPY", "card": world.token()}
    world.api("POST", "/charges", stray)
    change(services, paid, captured_amount=MUG + 12000)
    repaired = reconcile()  # the captured amount is copied from the charge
    change(services, paid, amount=MUG + 12000, captured_amount=MUG + 12000)

    status, output = reconcile()

    assert (repaired[0], status) == (1, 1)
    assert "no attempt has this charge; recorded ¥0, at Omise ¥12,000" in output
    assert "recorded ฿510.00, at Omise ฿390.00" in output
    assert output.endswith("2 discrepancies, net difference ¥12,000, -฿120.00\n")


def test_charge_of_another_currency_is_a_difference_in_both(reconcile, services, paid):
    change(services, paid, currency="JPY")

    status, output = reconcile()

    assert status == 1
    assert "differs in currency; recorded ¥39,000, at Omise ¥0" in output
    assert "differs in currency; recorded ฿0.00, at Omise ฿390.00" in output
    assert "net difference -¥39,000, ฿390.00" in output


def test_failed_charge_without_a_payment_is_not_reported(reconcile, world):
    world.api(
        "POST",
        "/charges",
        {"amount": 5000, "currency": "THB", "card": world.token("4000000000000002")},
    )

    assert reconcile()[0] == 0


def test_payment_unknown_to_omise_is_reported(reconcile, services, paid):
    change(services, paid, charge_id="chrg_test_invented", key="invented")

    status, output = reconcile()

    assert status == 1
    assert f"order {paid} chrg_test_invented: Omise has no such charge" in output


def test_payment_unknown_to_omise_blocks_no_other_repair(
    reconcile, world, repository, at_the_bank, stranger
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
    assert repository.get(stranger.order_number).status == "paid"


def test_charge_of_another_amount_is_reported_and_not_applied(
    reconcile, services, repository, paid
):
    change(services, paid, amount=MUG - 1)

    status, output = reconcile()

    assert status == 1
    assert "differs in amount" in output
    assert repository.get(paid).status == "paid"


def test_status_that_its_attempts_do_not_confirm_is_reported(reconcile, services, shopper):
    """As by someone with access to the database who wants goods without paying."""
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")
    change(services, shopper.order_number, payment_status=PaymentStatus.PAID, amount=MUG)

    status, output = reconcile()

    assert status == 1
    assert "is recorded as paid, but by its attempts not charged" in output


@pytest.mark.parametrize("claimed", [PaymentStatus.REFUNDED, PaymentStatus.PAYMENT_FAILED])
def test_status_that_hides_a_paid_charge_is_reported(reconcile, services, paid, claimed):
    change(services, paid, payment_status=claimed, amount=MUG)

    status, output = reconcile()

    assert status == 1
    assert f"order {paid}: is recorded as {claimed}, but by its attempts paid" in output


def test_unknown_attempt_is_left_unresolved(reconcile, charge_never_sent):
    status, output = reconcile()

    assert status == 1
    assert f"order {charge_never_sent}: unresolved charge" in output


def test_paid_charge_of_a_failed_payment_is_repaired(reconcile, services, repository, paid):
    change(
        services,
        paid,
        payment_status=PaymentStatus.PAYMENT_FAILED,
        status=AttemptStatus.REJECTED,
        charge_id=None,
        captured_amount=0,
    )

    assert reconcile()[0] == 0
    assert repository.get(paid).status == "paid"


def test_each_period_has_its_own_report(app, paid):
    runner = app.test_cli_runner()

    result = runner.invoke(args=["reconcile", "--until", f"{datetime.now(UTC):%Y-%m-%d}"])

    assert (result.exit_code, result.stdout) == (
        0,
        "0 charges, 0 attempts, 0 repaired, 0 discrepancies, net difference ฿0.00\n",
    )


def test_unreachable_omise_is_not_reported_as_equal(app, world, paid):
    world.fails("GET", "/charges", "status", status=503, times=3)

    result = app.test_cli_runner().invoke(args=["reconcile"])

    assert result.exit_code == 2
    assert "Omise cannot be reached" in result.output
