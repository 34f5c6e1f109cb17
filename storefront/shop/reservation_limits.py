"""Limits of reservations: how much stock a shopper who has not paid yet can hold.

A QR code reserves stock for minutes and costs nothing, so that one visitor could empty the shop.
"""

from functools import cache
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, bindparam, distinct, func, or_, select
from sqlalchemy.engine import Connection

from storefront.errors import StockOnHold, TooManyUnpaidOrders
from storefront.fraud.models import AttemptPayer
from storefront.fraud.payer_identifiers import PayerIdentifiers
from storefront.payments.database import Database
from storefront.payments.host import PaymentRequest
from storefront.payments.methods import CARD
from storefront.payments.prepared import Prepared
from storefront.payments.statuses import PaymentStatus
from storefront.payments.tables import attempts, payments

from .models import Order, OrderLine


class Limit(NamedTuple):
    """How many unpaid orders with a reservation an identifier of a payer may have."""

    orders: int
    #: Whether strangers may share the identifier. Such a limit holds back neither cards, whose
    #: payment takes seconds, nor a browser that paid before.
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

UNPAID = (PaymentStatus.AWAITING_PAYMENT, PaymentStatus.CONFIRMING)

_ORDERS, _LINES, _PAYERS = Order.core(), OrderLine.core(), AttemptPayer.core()


class ReservationLimiter:
    """Refuses reservations of shoppers who hold much already, and have not paid.

    Args:
        database: for its locks.
        scale: multiplies the limits of orders; more than 1 only for load tests.
    """

    def __init__(self, database: Database, *, scale: int = 1) -> None:
        self._database = database
        self._scale = scale

    def check(
        self, connection: Connection, number: str, request: PaymentRequest, levels: dict[str, int]
    ) -> None:
        """Raise if this order must not reserve stock.

        Args:
            connection: the transaction that reserves; the rows of its products are locked.
            number: of the order.
            request: who pays, and how.
            levels: how many of each product were available before.

        Raises:
            TooManyUnpaidOrders: if the shopper has too many unpaid orders.
            StockOnHold: if strangers who have not paid hold too much of a product.
        """
        payer = request.context if isinstance(request.context, PayerIdentifiers) else None
        payer = payer or PayerIdentifiers()
        shares = request.method != CARD and not payer.is_known
        for name, limit in LIMITS.items():
            value = getattr(payer, name)
            if value and (shares or not limit.is_shared):
                self._database.advisory_lock(connection, [f"reservation {name} {value}"])
                others = {"of_payer": value, "except_number": number}
                unpaid = _unpaid_orders(name).first(connection, others).orders
                if unpaid >= limit.orders * self._scale:
                    raise TooManyUnpaidOrders
        if shares:
            self._check_products(connection, number, levels)

    @staticmethod
    def _check_products(connection: Connection, number: str, levels: dict[str, int]) -> None:
        for sku, name, unpaid in connection.execute(_unpaid_quantities(number, list(levels))):
            if unpaid >= ceil((levels[sku] + unpaid) * UNPAID_SHARE):
                raise StockOnHold(name)


@cache
def _unpaid_orders(name: str) -> Prepared:
    """How many other orders of a payer, by that identifier, hold stock and are not paid."""
    source = (
        _PAYERS.join(attempts, attempts.c.key == _PAYERS.c.attempt_key)
        .join(payments, payments.c.id == attempts.c.payment_id)
        .join(_ORDERS, _ORDERS.c.number == payments.c.reference)
    )
    count: Any = select(func.count(distinct(_ORDERS.c.id)).label("orders")).select_from(source)
    is_payer = _PAYERS.c[name] == bindparam("of_payer")
    return Prepared(count.where(is_payer, *_is_unpaid(bindparam("except_number"))))


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
