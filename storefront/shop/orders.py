"""Reads orders for pages, and writes them inside the transaction that opens their payment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection

from storefront.errors import UnknownOrder
from storefront.payments.database import Database
from storefront.payments.prepared import Prepared
from storefront.payments.statuses import PaymentStatus

from .addresses import PREFIX, Address
from .cart import Cart
from .models import Order, OrderLine, address_values, new_order_number, read_address
from .pricing import Totals
from .shopper import Shopper

_ORDERS, _LINES = Order.core(), OrderLine.core()
_ADDRESS = [PREFIX + name for name in Address.model_fields]

_OF_CART = Prepared(
    select(_ORDERS.c.id, _ORDERS.c.number, _ORDERS.c.amount, _ORDERS.c.shipping_amount).where(
        _ORDERS.c.cart_key == bindparam("cart_key")
    )
)
_OF_CART_WITH_BUYER = Prepared(
    select(
        *(_ORDERS.c[name] for name in ("number", "status", "user_id", "email", *_ADDRESS))
    ).where(_ORDERS.c.cart_key == bindparam("cart_key"))
)
_BY_NUMBER = select(Order).where(Order.number == bindparam("of_number"))
_BUYER = Prepared(
    select(_ORDERS.c.user_id, _ORDERS.c.email).where(_ORDERS.c.number == bindparam("of_number"))
)
_LINES_OF = Prepared(
    select(_LINES.c.sku, _LINES.c.quantity, _LINES.c.amount, _LINES.c.currency)
    .where(_LINES.c.order_id == bindparam("order_id"))
    .order_by(_LINES.c.id)
)
_INSERT_ORDER = Prepared.insert(
    _ORDERS,
    (
        *("number", "cart_key", "user_id", "email", "status", "amount", "currency", "locale"),
        *("shipping_amount", "tax_amount", "tax_basis_points", "stock_reserved", "created_at"),
        *_ADDRESS,
    ),
    returns_id=True,
)
_INSERT_LINE = Prepared.insert(
    _LINES, ("order_id", "sku", "name", "quantity", "amount", "currency", "reserved")
)
_UPDATE_BUYER = update(_ORDERS).where(_ORDERS.c.id == bindparam("order_id"))
_DETACH_CART = update(_ORDERS).where(_ORDERS.c.id == bindparam("order_id")).values(cart_key=None)
_DETACH_BUYER = (
    update(_ORDERS).where(_ORDERS.c.user_id == bindparam("of_user")).values(user_id=None)
)
_SET_STATUS = Prepared(
    update(_ORDERS)
    .where(_ORDERS.c.number == bindparam("of_number"))
    .values(status=bindparam("status"))
)


@dataclass(frozen=True, slots=True)
class OrderKey:
    """What identifies an order inside a transaction, and its frozen sums."""

    id: int
    number: str
    amount: int
    shipping_amount: int | None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What becomes an order: a priced cart, and who buys it."""

    cart: Cart
    totals: Totals
    buyer: Shopper
    email: str | None
    address: Address | None

    @property
    def shipping_amount(self) -> int | None:
        """What delivery costs; None if nothing is delivered."""
        return self.totals.shipping.amount if self.totals.shipping else None

    @property
    def buyer_values(self) -> dict[str, Any]:
        """The columns that say who buys and where it is delivered."""
        return {
            "user_id": self.buyer.user_id,
            "email": self.email or self.buyer.email,
            "locale": self.buyer.locale,
            **address_values(self.address),
        }


@dataclass(frozen=True, slots=True)
class CartOrder:
    """What the checkout needs to know of the order that a cart became."""

    number: str
    status: PaymentStatus
    user_id: int | None
    email: str | None
    address: Address | None


class Orders:
    """The orders of the shop."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Reading

    def get(self, number: str) -> Order:
        """The order with that number.

        Raises:
            UnknownOrder: when there is none.
        """
        with self._database.read_session() as session:
            order = session.scalar(_BY_NUMBER, {"of_number": number})
        if order is None:
            raise UnknownOrder(number)
        return order

    def buyer_of(self, number: str) -> tuple[int | None, str | None]:
        """The account that placed the order, None for a guest; and the email of the order.

        Raises:
            UnknownOrder: when there is none.
        """
        with self._database.connect() as connection:
            row = _BUYER.first(connection, {"of_number": number})
        if row is None:
            raise UnknownOrder(number)
        return row.user_id, row.email

    def find_by_cart(self, cart_key: str) -> CartOrder | None:
        """The order that a cart became."""
        with self._database.connect() as connection:
            row = _OF_CART_WITH_BUYER.first(connection, {"cart_key": cart_key})
        if row is None:
            return None
        return CartOrder(row.number, row.status, row.user_id, row.email, read_address(row))

    def of_member(self, who: Shopper, *, most: int | None = None) -> list[Order]:
        """The orders of a member, the newest first; a guest has none.

        Args:
            who: the member; the orders of guests with their verified email are among them.
            most: how many to read; None reads all.
        """
        is_own = Order.user_id == (who.user_id or 0)  # None would be those of all guests
        if who.verified_email:
            is_own |= Order.user_id.is_(None) & (Order.email == who.verified_email)
        with self._database.read_session() as session:
            newest = select(Order).where(is_own).order_by(Order.id.desc()).limit(most)
            return list(session.scalars(newest))

    # Writing

    @staticmethod
    def of_cart(connection: Connection, cart_key: str) -> OrderKey | None:
        """The order that a cart became."""
        row = _OF_CART.first(connection, {"cart_key": cart_key})
        return OrderKey(row.id, row.number, row.amount, row.shipping_amount) if row else None

    @staticmethod
    def holds(connection: Connection, order: OrderKey, new: NewOrder) -> bool:
        """Whether the frozen order is what the cart holds, at the same prices and sums."""
        sums = (new.totals.total.amount, new.shipping_amount)
        if (order.amount, order.shipping_amount) != sums:
            return False
        frozen = _LINES_OF.all(connection, {"order_id": order.id})
        wanted = [
            (
                line.product.sku,
                line.quantity,
                line.product.price.amount,
                line.product.price.currency,
            )
            for line in new.cart.lines
        ]
        return frozen == wanted

    @staticmethod
    def place(connection: Connection, new: NewOrder, at: datetime) -> OrderKey:
        """Freeze a priced cart as an order."""
        number, totals = new_order_number(), new.totals
        values = {
            "number": number,
            "cart_key": new.cart.key,
            "status": PaymentStatus.AWAITING_PAYMENT,
            "amount": totals.total.amount,
            "currency": totals.total.currency,
            "shipping_amount": new.shipping_amount,
            "tax_amount": totals.tax.amount,
            "tax_basis_points": totals.tax_basis_points,
            "stock_reserved": False,
            "created_at": at,
            **new.buyer_values,
        }
        order_id = _INSERT_ORDER.first(connection, values).id
        for line in _line_values(order_id, new.cart):
            _INSERT_LINE.run(connection, line)
        return OrderKey(order_id, number, totals.total.amount, new.shipping_amount)

    @staticmethod
    def update_buyer(connection: Connection, order: OrderKey, new: NewOrder) -> None:
        """Record who buys and where it is delivered, as far as it is known."""
        known = {name: value for name, value in new.buyer_values.items() if value is not None}
        connection.execute(_UPDATE_BUYER, {"order_id": order.id, **known})

    @staticmethod
    def detach_cart(connection: Connection, order: OrderKey) -> None:
        """Let the cart become another order."""
        connection.execute(_DETACH_CART, {"order_id": order.id})

    @staticmethod
    def detach_buyer(connection: Connection, user_id: int) -> None:
        """Keep the orders of a member whose account is deleted, as those of a guest."""
        connection.execute(_DETACH_BUYER, {"of_user": user_id})

    @staticmethod
    def set_status(connection: Connection, number: str, status: PaymentStatus) -> None:
        """Record the status of the order's payment."""
        _SET_STATUS.run(connection, {"of_number": number, "status": status})


def _line_values(order_id: int, cart: Cart) -> Iterable[dict[str, Any]]:
    for line in cart.lines:
        yield {
            "order_id": order_id,
            "sku": line.product.sku,
            "name": line.product.name,
            "quantity": line.quantity,
            "amount": line.product.price.amount,
            "currency": line.product.price.currency,
            "reserved": False,
        }
