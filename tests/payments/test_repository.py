"""The repository: what is read under the lock, what is saved, and in how many statements."""

import pytest
from sqlalchemy import event, select

from storefront.payments import tables
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import AttemptStatus, PaymentStatus
from tests.support.records import a_payment, save


@pytest.fixture
def connection(services):
    """A transaction."""
    with services.database.transaction() as connection:
        yield connection


def statements(engine):
    """A list that fills with the statements which the engine executes from now on."""
    executed = []
    event.listen(engine, "before_cursor_execute", lambda *given: executed.append(given[2]))
    return executed


def test_payment_is_locked_with_its_attempts(paid, connection):
    payment = PaymentRepository.lock_by_reference(connection, paid)

    (attempt,) = payment.attempts
    assert attempt.payment is payment
    assert payment.funded_attempt is attempt
    assert PaymentRepository.lock_by_attempt(connection, attempt.key).reference == paid
    assert PaymentRepository.lock_by_charge(connection, attempt.charge_id).reference == paid


def test_payment_is_locked_by_its_charge_or_else_by_the_key_of_an_attempt(
    database, paid, services, clock, connection
):
    charge_id = services.engine.repository.get(paid).attempts[0].charge_id
    other = a_payment(clock(), AttemptStatus.PENDING, reference="other")
    PaymentRepository.save(connection, other, *other.attempts)
    key = other.attempts[0].key

    assert PaymentRepository.lock_by_charge(connection, charge_id, key).reference == paid
    assert PaymentRepository.lock_by_charge(connection, "chrg_unknown", key).reference == "other"


@pytest.mark.parametrize("find", ["lock_by_reference", "lock_by_attempt", "lock_by_charge"])
def test_unknown_payment_is_not_found(paid, connection, find):
    assert getattr(PaymentRepository, find)(connection, "nothing") is None


def test_change_that_is_not_saved_is_not_written(services, paid):
    with services.database.transaction() as connection:
        payment = PaymentRepository.lock_by_reference(connection, paid)
        payment.email = "other@example.com"
        payment.attempts[0].status = AttemptStatus.SURPLUS

    stored = services.engine.repository.get(paid)
    assert stored.email == "somchai@example.com"
    assert stored.attempts[0].status == AttemptStatus.SUCCEEDED


def test_saved_payment_is_read_unchanged(services, paid, clock):
    with services.database.transaction() as connection:
        payment = PaymentRepository.lock_by_reference(connection, paid)
        transition = payment.transition_to(PaymentStatus.REFUNDED, at=clock(), cause="test")
        payment.attempts[0].refunded_amount = 1
        PaymentRepository.save(connection, payment, transition, *payment.attempts)

    stored = services.engine.repository.get(paid)
    assert (stored.status, stored.refunded_amount) == (PaymentStatus.REFUNDED, 1)
    with services.database.connect() as connection:
        table = tables.transitions
        last = connection.execute(select(table).order_by(table.c.id.desc())).first()
    assert (last.payment_id, last.old, last.new) == (
        stored.id,
        PaymentStatus.PAID,
        PaymentStatus.REFUNDED,
    )


def test_only_changed_columns_are_written(services, clock):
    payment = save(services.database, a_payment(clock(), AttemptStatus.PENDING))
    executed = statements(services.database.engine)

    payment.attempts[0].status = AttemptStatus.SUCCEEDED
    save(services.database, payment)

    (written,) = [one for one in executed if one.startswith("UPDATE")]
    assert written.startswith("UPDATE omise_attempts SET status=")
    assert "," not in written.partition("WHERE")[0]


def test_payment_takes_two_transactions_and_few_statements(services, shopper):
    shopper.puts_in_cart()
    shopper.pays_by_json(token=shopper.world.token())  # what is asked once has been asked
    shopper.puts_in_cart()
    token, csrf = shopper.world.token(), shopper.csrf()
    executed, commits = statements(services.database.engine), []
    event.listen(services.database.engine, "commit", lambda _: commits.append(len(executed)))

    answer = shopper.client.post("/charge", json={"token": token}, headers={"X-CSRFToken": csrf})

    assert answer.status_code == 200
    assert len(commits) == 2  # before Omise is called, and when it has answered
    assert len([one for one in executed if not one.startswith("BEGIN")]) <= 20
