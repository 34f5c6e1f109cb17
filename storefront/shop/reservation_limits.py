"""Limits of reservations: how much stock a shopper who has not paid yet can hold.

A QR code reserves stock for minutes and costs nothing, and so does a card that the bank asks about,
so that one visitor could empty the shop.
"""

from datetime import timedelta
from functools import cache
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, bindparam, case, distinct, func, or_, select
from sqlalchemy.engine import Connection

from storefront.errors import StockAtTheBank, StockOnHold, StockUnderWay, TooManyUnpaidOrders
from storefront.fraud.models import AttemptPayer
from storefront.fraud.payer_identifiers import PayerIdentifiers
from storefront.payments.database import Database
from storefront.payments.host import PaymentRequest
from storefront.payments.methods import CARD
from storefront.payments.prepared import Prepared
from storefront.payments.statuses import AttemptStatus, PaymentStatus
from storefront.payments.tables import attempts, payments

from .models import Order, OrderLine


class Limit(NamedTuple):
    """How many unpaid orders with a reservation an identifier of a payer may have."""

    orders: int
    #: Whether strangers may share the identifier. Such a limit holds back neither cards, for which
    #: there is PAYER_SHARE, nor a browser that paid before.
    is_shared: bool


#: Payer identifier → limit.
LIMITS = {
    "account": Limit(3, is_shared=False),
    "session_key": Limit(3, is_shared=False),
    "email": Limit(3, is_shared=True),
    "network": Limit(10, is_shared=True),
}

#: The share of a product's stock that strangers may reserve without paying, cards aside.
UNPAID_SHARE = 0.5

#: The share of what is left of a product, and the units of it at least, that one network or one
#: email may reserve by new orders that are not paid, when the next one is paid by card.
PAYER_SHARE, PAYER_UNITS = 0.5, 3

UNPAID = (PaymentStatus.AWAITING_PAYMENT, PaymentStatus.CONFIRMING)

_ORDERS, _LINES, _PAYERS = Order.core(), OrderLine.core(), AttemptPayer.core()


class ReservationLimiter:
    """Refuses reservations of shoppers who hold much already, and have not paid.

    Args:
        database: for its locks.
        pending_timeout: how long an order may wait at the bank.
        scale: multiplies the limits of orders; more than 1 only for load tests.
    """

    def __init__(self, database: Database, *, pending_timeout: timedelta, scale: int = 1) -> None:
        self._database = database
        self._pending_timeout = pending_timeout
        self._scale = scale

    def check(
        self,
        connection: Connection,
        number: str,
        request: PaymentRequest,
        levels: dict[str, int],
        *,
        is_new: bool,
    ) -> None:
        """Raise if this order must not reserve stock.

        Args:
            connection: the transaction that reserves; the rows of its products are locked.
            number: of the order.
            request: who pays, and how.
            levels: how many of each product were available before.
            is_new: whether the order was placed just now.

        Raises:
            TooManyUnpaidOrders: if the shopper has too many unpaid orders.
            StockOnHold: if strangers who have not paid hold too much of a product.
        """
        payer = request.context if isinstance(request.context, PayerIdentifiers) else None
        payer = payer or PayerIdentifiers()
        is_card = request.method == CARD
        for name, limit in LIMITS.items():
            value = getattr(payer, name)
            if not value or (limit.is_shared and (payer.is_known or (is_card and not is_new))):
                continue
            self._database.advisory_lock(connection, [f"reservation {name} {value}"])
            others = {"of_payer": value, "except_number": number}
            unpaid = _unpaid_orders(name).first(connection, others).orders
            if is_card and limit.is_shared:
                if unpaid:
                    self._check_share(connection, name, others, levels)
            elif unpaid >= limit.orders * self._scale:
                raise TooManyUnpaidOrders
        if not (is_card or payer.is_known):
            self._check_products(connection, number, levels)

    def _check_share(
        self, connection: Connection, name: str, others: dict[str, str], levels: dict[str, int]
    ) -> None:
        """Raise if too much of a product is reserved by the unpaid orders of a payer.

        Raises:
            StockAtTheBank: if so; StockUnderWay, if that may change within seconds.
        """
        quantities = connection.execute(_quantities_of_payer(name, list(levels)), others)
        for sku, product, own, reserved in quantities:
            most = max(PAYER_UNITS, ceil((levels[sku] + reserved) * PAYER_SHARE)) * self._scale
            if reserved and own + reserved > most:
                is_under_way = connection.execute(_under_way(name), others).first()
                kind = StockUnderWay if is_under_way else StockAtTheBank
                raise kind(product, self._pending_timeout)

    @staticmethod
    def _check_products(connection: Connection, number: str, levels: dict[str, int]) -> None:
        for sku, name, unpaid in connection.execute(_unpaid_quantities(number, list(levels))):
            if unpaid >= ceil((levels[sku] + unpaid) * UNPAID_SHARE):
                raise StockOnHold(name)


@cache
def _unpaid_orders(name: str) -> Prepared:
    """How many other orders of a payer, by that identifier, hold stock and are not paid."""
    return Prepared(_of_payer(name, func.count(distinct(_ORDERS.c.id)).label("orders")))


def _of_payer(name: str, column: ColumnElement[Any]) -> Any:  # noqa: ANN401
    """A column of the other orders of a payer that hold stock and are not paid, per attempt."""
    source = (
        _PAYERS.join(attempts, attempts.c.key == _PAYERS.c.attempt_key)
        .join(payments, payments.c.id == attempts.c.payment_id)
        .join(_ORDERS, _ORDERS.c.number == payments.c.reference)
    )
    is_payer = _PAYERS.c[name] == bindparam("of_payer")
    chosen: Any = select(column).select_from(source)
    return chosen.where(is_payer, *_is_unpaid(bindparam("except_number")))


def _quantities_of_payer(name: str, skus: list[str]) -> Any:  # noqa: ANN401
    """How many of each product this order and the other unpaid orders of a payer reserve."""
    is_own = _ORDERS.c.number == bindparam("except_number")
    is_other = _ORDERS.c.id.in_(_of_payer(name, _ORDERS.c.id))
    own = func.sum(case((is_own, _LINES.c.quantity), else_=0))
    others = func.sum(case((is_own, 0), else_=_LINES.c.quantity))
    source = _LINES.join(_ORDERS, _ORDERS.c.id == _LINES.c.order_id)
    sums: Any = select(_LINES.c.sku, func.max(_LINES.c.name), own, others).select_from(source)
    of_products = sums.where(_LINES.c.sku.in_(skus), _LINES.c.reserved, or_(is_own, is_other))
    return of_products.group_by(_LINES.c.sku)


def _under_way(name: str) -> Any:  # noqa: ANN401
    """The unpaid orders of a payer of which the first request to Omise is being sent."""
    is_started = attempts.c.status == AttemptStatus.STARTED
    return _of_payer(name, _ORDERS.c.id).where(is_started).limit(1)


def _unpaid_quantities(number: str, skus: list[str]) -> Any:  # noqa: ANN401 - selects have other types in each version of SQLAlchemy
    """How many of each product other orders hold that are not paid."""
    source = _LINES.join(_ORDERS, _ORDERS.c.id == _LINES.c.order_id)
    total = func.sum(_LINES.c.quantity)
    quantities: Any = select(_LINES.c.sku, func.max(_LINES.c.name), total).select_from(source)
    of_products = quantities.where(_LINES.c.sku.in_(skus), _LINES.c.reserved, *_is_unpaid(number))
    return of_products.group_by(_LINES.c.sku)


def _is_unpaid(number: str | BindParameter[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        _ORDERS.c.stock_reserved,
        or_(*(_ORDERS.c.status == status for status in UNPAID)),
        _ORDERS.c.number != number,
    )
