"""Charges that Omise does not have any more end their attempts, but only when that is certain."""

import pytest
from sqlalchemy import select

from storefront.payments import tables
from storefront.payments.errors import OperationInProgress, OperationNotAllowed
from storefront.payments.statuses import AttemptStatus, OperationType
from storefront.payments.task_models import TaskKind

MUG = 39000


@pytest.fixture
def missing(shopper, world):
    """The number of an order that waits at the bank for a charge that Omise has missing."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    world.control("POST", "reset")
    return shopper.order_number


def test_missing_charge_is_closed_after_the_deadline_and_reported(
    services, repository, missing, clock, caplog
):
    clock.advance(60)
    services.engine.worker.run_due()
    assert repository.get(missing).status == "awaiting_payment"

    clock.advance(services.settings.omise_settled_after)
    services.engine.worker.run_due()

    payment = repository.get(missing)
    assert (payment.status, payment.latest_attempt.failure_code) == (
        "payment_failed",
        "charge_not_found",
    )
    assert "charge_missing" in caplog.text


def test_shopper_who_gives_a_missing_charge_up_can_buy_at_once(shopper, missing):
    shopper.sends(f"/orders/{missing}/cancel-payment")
    shopper.puts_in_cart("lamp")

    shopper.pays()

    assert (shopper.status, shopper.order_number != missing) == ("paid", True)


def test_charge_of_another_account_is_left_alone(services, repository, missing, clock):
    with services.database.transaction() as connection:
        payment = repository.lock_by_reference(connection, missing)
        payment.account = "account_of_other_keys"
        repository.save(connection, payment)

    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()

    assert repository.get(missing).status == "awaiting_payment"


def test_worker_closes_nothing_of_an_account_that_it_has_not_asked_for_yet(
    repository, charge_never_sent, clock, services
):
    with services.database.transaction() as connection:
        payment = repository.lock_by_reference(connection, charge_never_sent)
        payment.account = "account_of_other_keys"
        repository.save(connection, payment)
    services.engine.account._id = None  # as in a worker that has just started

    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()

    assert repository.get(charge_never_sent).status == "confirming"


def test_refund_of_a_missing_charge_is_closed(services, repository, shopper, world, clock):
    shopper.puts_in_cart()
    shopper.pays()
    number = shopper.order_number
    world.control("POST", "reset")
    refund = services.engine.operations.refund(number, amount=MUG, idempotency_key="k")
    assert refund.is_unresolved

    clock.advance(services.settings.omise_settled_after + 61)
    services.engine.worker.run_due()

    payment = repository.get(number)
    assert (payment.attempt("k").status, payment.status) == (AttemptStatus.REJECTED, "paid")


@pytest.mark.parametrize("operation", [OperationType.CAPTURE, OperationType.VOID])
def test_operation_on_a_missing_authorization_is_closed(
    services, repository, world, clock, held, operation
):
    world.control("POST", "reset")
    amount = {"amount": MUG} if operation == OperationType.CAPTURE else {}
    getattr(services.engine.operations, operation)(held, **amount, idempotency_key="k")

    clock.advance(services.settings.omise_settled_after + 61)
    services.engine.worker.run_due()

    assert repository.get(held).attempt("k").status == AttemptStatus.REJECTED


def test_pending_charge_that_staff_close_is_expired_at_omise(services, repository, shopper, world):
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")

    services.engine.operations.close_unresolved(shopper.order_number)

    assert world.charges()[0]["status"] == "expired"
    assert repository.get(shopper.order_number).status == "expired"


def test_charge_that_may_still_arrive_is_not_closed(services, repository, charge_never_sent):
    with pytest.raises(OperationInProgress):
        services.engine.operations.close_unresolved(charge_never_sent)

    assert repository.get(charge_never_sent).status == "confirming"


def test_unknown_attempt_that_staff_close_has_no_task_left(
    services, repository, charge_never_sent, clock
):
    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.operations.close_unresolved(charge_never_sent)

    payment = repository.get(charge_never_sent)
    assert payment.latest_attempt.failure_code == "closed_by_staff"
    assert payment.is_payable
    tasks = select(tables.tasks).where(tables.tasks.c.kind == TaskKind.RESOLVE_ATTEMPT)
    with services.database.connect() as connection:
        assert connection.execute(tasks).all() == []
    with pytest.raises(OperationNotAllowed):
        services.engine.operations.close_unresolved(charge_never_sent)
