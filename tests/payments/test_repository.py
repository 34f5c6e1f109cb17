"""The books: what is read under the lock is written when somebody says so, and only then."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm.exc import DetachedInstanceError
from storefront.models import OrderMove

from storefront.payments import repository as books
from storefront.payments.statuses import AttemptStatus, PaymentStatus


@pytest.fixture
def changing(parts):
    """A transaction."""
    with parts.database.write_session() as session:
        yield session


def test_an_order_comes_with_its_attempts_which_know_it(paid, changing):
    order = books.order_numbered(changing, paid)

    (attempt,) = order.attempts
    assert attempt.order is order
    assert order.payment is attempt
    assert books.order_of_attempt(changing, attempt.key).number == paid


def test_what_was_bought_is_read_when_it_is_asked_for(paid, changing):
    order = books.order_numbered(changing, paid)

    with pytest.raises(DetachedInstanceError):
        _ = order.lines
    assert [line.sku for line in books.lines_of(changing, order)] == ["mug"]
    assert order.lines == books.lines_of(changing, order)


@pytest.mark.parametrize(
    "find", [books.order_numbered, books.order_of_cart], ids=lambda f: f.__name__
)
def test_what_is_not_there_is_not_found(paid, changing, find):
    assert find(changing, "nothing") is None
    assert books.order_of_attempt(changing, "nothing") is None


def test_nothing_is_written_that_nobody_keeps(parts, paid):
    with parts.database.write_session() as session:
        order = books.order_numbered(session, paid)
        order.email = "other@example.com"
        order.attempts[0].state = AttemptStatus.SURPLUS

    kept = parts.ledger.order(paid)
    assert kept.email == "somchai@example.com"
    assert kept.attempts[0].state == AttemptStatus.SUCCEEDED


def test_what_is_kept_is_as_it_stands(parts, paid, clock):
    with parts.database.write_session() as session:
        order = books.order_numbered(session, paid)
        move = order.move_to(PaymentStatus.REFUNDED, at=clock(), cause="test")
        order.attempts[0].refunded_amount = 1
        books.keep(session, order, move, *order.attempts)

    kept = parts.ledger.order(paid)
    assert (kept.status, kept.payment.refunded_amount) == (PaymentStatus.REFUNDED, 1)
    with parts.database.read_session() as session:
        last = session.query(OrderMove).order_by(OrderMove.id.desc()).first()
    assert (last.order_id, last.old, last.new) == (
        kept.id,
        PaymentStatus.PAID,
        PaymentStatus.REFUNDED,
    )


def test_a_payment_asks_the_database_little(parts, shopper):
    shopper.puts_in_cart()
    shopper.pays_by_json(token=shopper.world.token())  # whatever is asked once has been asked
    shopper.puts_in_cart()
    token, csrf = shopper.world.token(), shopper.csrf()
    asked, changes = [], []
    engine = parts.database.engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    event.listen(engine, "commit", lambda _: changes.append(len(asked)))

    answer = shopper.client.post("/charge", json={"token": token}, headers={"X-CSRFToken": csrf})

    assert answer.status_code == 200
    assert len(changes) == 2  # before Omise hears of it, and when it has answered
    assert len([one for one in asked if not one.startswith("BEGIN")]) <= 17
