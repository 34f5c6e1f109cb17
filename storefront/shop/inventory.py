"""Inventory reservations: reserved with the attempt, released when it fails.

A product without a row in the table never runs out.
"""

from collections.abc import Mapping

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from storefront.errors import InvalidForm, OutOfStock
from storefront.payments.database import Database
from storefront.payments.i18n import gettext_noop
from storefront.payments.prepared import Prepared

from .models import Order, OrderLine, Stock

log = structlog.get_logger()

#: More of one product than any shop has.
MAX_LEVEL = 1_000_000

_STOCK, _ORDERS, _LINES = Stock.core(), Order.core(), OrderLine.core()

_ORDER = Prepared(
    select(_ORDERS.c.id, _ORDERS.c.stock_reserved).where(_ORDERS.c.number == bindparam("number"))
)
_RESERVED_LINES = Prepared(
    select(_LINES.c.id, _LINES.c.sku, _LINES.c.quantity)
    .where(_LINES.c.order_id == bindparam("order_id"), _LINES.c.reserved)
    .order_by(_LINES.c.sku)
)
#: Locks the stock of all products of an order, always in one order: so no two transactions wait for
#: each other.
_TO_RESERVE = Prepared(
    select(_LINES, _STOCK.c.available)
    .select_from(_ORDERS)
    .join(_LINES, _LINES.c.order_id == _ORDERS.c.id)
    .join(_STOCK, _STOCK.c.sku == _LINES.c.sku)
    .where(_ORDERS.c.number == bindparam("number"), _ORDERS.c.stock_reserved.is_(False))
    .order_by(_STOCK.c.sku)
    .with_for_update(of=_STOCK)
)
_ALL_LEVELS = Prepared(select(_STOCK.c.sku, _STOCK.c.available))
_RESERVED_FOR_CART = Prepared(
    select(_LINES.c.sku, _LINES.c.quantity)
    .join(_ORDERS, _ORDERS.c.id == _LINES.c.order_id)
    .where(_ORDERS.c.cart_key == bindparam("cart_key"), _LINES.c.reserved)
)
_CHANGE_LEVEL = Prepared(
    update(_STOCK)
    .where(_STOCK.c.sku == bindparam("of_sku"))
    .values(available=_STOCK.c.available + bindparam("change"))
)
_MARK_ORDER = Prepared(
    update(_ORDERS)
    .where(_ORDERS.c.id == bindparam("of_id"))
    .values(stock_reserved=bindparam("is_reserved"))
)
_MARK_LINE = Prepared(
    update(_LINES)
    .where(_LINES.c.id == bindparam("of_id"))
    .values(reserved=bindparam("is_reserved"))
)


def _check_unchanged(stock: Mapping[str, Stock | None], shown: Mapping[str, int | None]) -> None:
    """Raises `InvalidForm` for levels that are not those which staff saw."""
    now = {sku: level.available if level else None for sku, level in stock.items()}
    problems = {
        sku: gettext_noop("The stock has changed meanwhile. Check the level and save it again.")
        for sku, level in now.items()
        if sku in shown and level != shown[sku]
    }
    if problems:
        raise InvalidForm(problems)


def _set(session: Session, sku: str, existing: Stock | None, level: int | None) -> None:
    if existing is None:
        if level is not None:
            session.add(Stock(sku=sku, available=level))
    elif level is None:
        session.delete(existing)
    else:
        existing.available = level


class Inventory:
    """How many of each product are available."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def available(self, cart_key: str | None = None) -> dict[str, int]:
        """How many are available of each product that is counted.

        Args:
            cart_key: of the shopper: what is reserved for its order is available to them.
        """
        with self._database.connect() as connection:
            levels = {row.sku: row.available for row in _ALL_LEVELS.all(connection)}
            if levels and cart_key:
                for line in _RESERVED_FOR_CART.all(connection, {"cart_key": cart_key}):
                    if line.sku in levels:
                        levels[line.sku] += line.quantity
        return levels

    def set_level(self, sku: str, level: int | None) -> None:
        """Set how many of a product are available; see `set_levels`."""
        self.set_levels({sku: level})

    def set_levels(
        self, levels: Mapping[str, int | None], *, shown: Mapping[str, int | None] | None = None
    ) -> None:
        """Set how many of some products are available, all or none; None: it never runs out.

        Args:
            levels: by product.
            shown: the levels that staff saw; none of them may have changed since.

        Raises:
            InvalidForm: with a message for each level that is out of range, or has changed.
        """
        problems = {
            sku: gettext_noop("Enter a whole number, or leave the field empty.")
            for sku, level in levels.items()
            if level is not None and not 0 <= level <= MAX_LEVEL
        }
        if problems:
            raise InvalidForm(problems)
        with self._database.write_session() as session:
            stock = {sku: session.get(Stock, sku, with_for_update=True) for sku in sorted(levels)}
            _check_unchanged(stock, shown or {})
            for sku, existing in stock.items():
                _set(session, sku, existing, levels[sku])

    @staticmethod
    def reserve(connection: Connection, number: str) -> dict[str, int]:
        """Reserve what an order asks for, unless it is reserved already.

        Returns:
            How many of each reserved product were available before.

        Raises:
            OutOfStock: when too little is available; then nothing is reserved.
        """
        lines = _TO_RESERVE.all(connection, {"number": number})
        for line in lines:
            if line.available < line.quantity:
                raise OutOfStock(line.name, line.available)
        for line in lines:
            _CHANGE_LEVEL.run(connection, {"of_sku": line.sku, "change": -line.quantity})
            _MARK_LINE.run(connection, {"of_id": line.id, "is_reserved": True})
        if lines:
            _MARK_ORDER.run(connection, {"of_id": lines[0].order_id, "is_reserved": True})
        return {line.sku: line.available for line in lines}

    @classmethod
    def try_reserve(cls, connection: Connection, number: str) -> bool:
        """Reserve what an order asks for, if enough is available: whether it is reserved."""
        try:
            cls.reserve(connection, number)
        except OutOfStock:
            return False
        return True

    @staticmethod
    def release(connection: Connection, number: str) -> None:
        """Make what was reserved for an order available again."""
        order = _ORDER.first(connection, {"number": number})
        if order is None or not order.stock_reserved:
            return
        for line in _RESERVED_LINES.all(connection, {"order_id": order.id}):
            _CHANGE_LEVEL.run(connection, {"of_sku": line.sku, "change": line.quantity})
            _MARK_LINE.run(connection, {"of_id": line.id, "is_reserved": False})
        _MARK_ORDER.run(connection, {"of_id": order.id, "is_reserved": False})
        log.info("stock_released", order=number)
