"""The books: how orders and attempts are read under their lock, and how they are written.

Every charge comes here several times, so each statement is put together once and only bound to new
values. What is read leaves the session at once: nothing is written but what `write` is given.
"""

from functools import cache

from sqlalchemy import Insert, Select, Update, bindparam, insert, select, update
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from storefront.models import Attempt, Order, OrderLine, OrderMove

#: What has a row with an id of its own.
Row = Order | OrderLine | OrderMove | Attempt

_LOCKED = select(Order).with_for_update(of=Order).options(lazyload("*"))
_OF_CART = _LOCKED.where(Order.cart_key == bindparam("key"))
_NUMBERED = _LOCKED.where(Order.number == bindparam("key"))
_OF_ATTEMPT = _LOCKED.join(Attempt).where(Attempt.key == bindparam("key"))

_LINES = select(OrderLine).where(OrderLine.order_id == bindparam("order")).order_by(OrderLine.id)
_ATTEMPTS = (
    select(Attempt)
    .where(Attempt.order_id == bindparam("order"))
    .order_by(Attempt.id)
    .options(lazyload("*"))
)


def order_of_cart(session: Session, cart_key: str) -> Order | None:
    """The order that a cart became, with its attempts, under its lock."""
    return _locked(session, _OF_CART, cart_key)


def order_numbered(session: Session, number: str) -> Order | None:
    """The order with that number, with its attempts, under its lock."""
    return _locked(session, _NUMBERED, number)


def order_of_attempt(session: Session, attempt_key: str) -> Order | None:
    """The order that an attempt is for, with all of its attempts, under its lock."""
    return _locked(session, _OF_ATTEMPT, attempt_key)


def _locked(session: Session, statement: Select[Order], key: str) -> Order | None:
    order = session.scalar(statement, {"key": key})
    if order is not None:  # only under the lock is it certain how the attempts stand
        attempts = session.scalars(_ATTEMPTS, {"order": order.id}).all()
        set_committed_value(order, "attempts", list(attempts))
        for attempt in attempts:
            set_committed_value(attempt, "order", order)
    session.expunge_all()
    return order


def lines_of(session: Session, order: Order) -> list[OrderLine]:
    """What was bought, read if it has not been yet."""
    if "lines" not in vars(order):
        set_committed_value(order, "lines", list(session.scalars(_LINES, {"order": order.id})))
        session.expunge_all()
    return order.lines


def keep(session: Session, order: Order, *parts: OrderLine | OrderMove | Attempt) -> None:
    """Write an order as it stands, and parts of it."""
    write(session, order)
    for part in parts:
        part.order_id = order.id
        write(session, part)


def write(session: Session, row: Row) -> None:
    """Write a row as it stands: a new one gets its id, any other is brought up to date."""
    names, new, old = _statements(type(row))
    known = vars(row)
    values = {name: known[name] for name in names if name in known}
    if row.id is None:
        row.id = session.execute(new, values).inserted_primary_key[0]
    else:
        session.execute(old, {**values, "row": row.id})


@cache
def _statements(kind: type[Row]) -> tuple[list[str], Insert, Update]:
    """The columns of a table but for the id, and how a row is added and brought up to date."""
    table = kind.core()
    names = [column.name for column in table.columns if column.name != "id"]
    return names, insert(table), update(table).where(table.c.id == bindparam("row"))
