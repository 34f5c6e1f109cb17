"""Checkout: order, stock and attempt in one transaction, then the charge.

This is how a host composes the engine when it must commit rows of its own with the attempt.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from storefront.errors import AmountChanged, EmptyCart
from storefront.payments.engine import PaymentEngine
from storefront.payments.host import PaymentRequest
from storefront.payments.methods import CARD
from storefront.payments.models import Payment
from storefront.payments.service import OpenedAttempt

from .addresses import Address
from .cart import Cart
from .inventory import Inventory
from .orders import NewOrder, OrderKey, Orders
from .pricing import Pricing
from .reservation_limits import ReservationLimiter
from .shopper import Shopper


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    """How the shopper pays: a fresh token, one of their saved cards, or another method."""

    method: str = CARD
    #: The bank, or the number of months, for a method that asks for it.
    option: str | None = None
    token: str | None = field(default=None, repr=False)
    card: str | None = None
    save_card: bool = False
    email: str | None = None
    #: Where to deliver; None from a program that sends none, and in a shop that delivers nothing.
    address: Address | None = None
    #: The total that the shopper saw, in the smallest unit; it is only compared.
    expected_amount: int | None = None


class Checkout:
    """Turns a cart into an order and charges for it once."""

    def __init__(
        self,
        engine: PaymentEngine,
        orders: Orders,
        pricing: Pricing,
        inventory: Inventory,
        reservations: ReservationLimiter,
        *,
        order_url: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._orders = orders
        self._pricing = pricing
        self._inventory = inventory
        self._reservations = reservations
        self._order_url = order_url
        self._now = now

    def pay(self, cart: Cart, shopper: Shopper, choice: PaymentChoice) -> Payment:
        """Charge for the cart once: the payment of its order, in its new status.

        A cart that is being paid already, by another click or in another tab, gives the payment of
        that attempt; nothing is charged again.

        Raises:
            EmptyCart, AmountChanged, OutOfStock, StockOnHold, TooManyUnpaidOrders, PaymentError:
                nothing was charged.
        """
        if cart.is_empty:
            raise EmptyCart
        totals = self._pricing.totals(cart, choice.address.country if choice.address else None)
        if choice.expected_amount not in (None, totals.total.amount):
            raise AmountChanged(totals.total)
        request = PaymentRequest(
            reference="new",  # until the order has its number, inside the transaction
            amount=totals.total.amount,
            currency=totals.total.currency,
            method=choice.method,
            option=choice.option,
            token=choice.token,
            card=choice.card,
            save_card=choice.save_card,
            owner=shopper.owner,
            email=choice.email or shopper.email,
            name=choice.address.name if choice.address else None,
            phone=choice.address.phone if choice.address else None,
            ip=shopper.ip,
            context=shopper.payer_identifiers(choice.email),
        )
        new = NewOrder(cart, totals, shopper, request.email, choice.address)
        service = self._engine.service
        service.check(request)
        return service.submit(service.open(request, lambda request: self._open(new, request)))

    def _open(self, new: NewOrder, request: PaymentRequest) -> OpenedAttempt:
        """Freeze the cart as an order, reserve its stock and open an attempt, all or nothing."""
        with self._engine.database.transaction() as connection:
            order, is_new = self._order_for(connection, new)
            request = replace(
                request, reference=order.number, return_to=self._order_url(order.number)
            )
            opened = self._engine.service.open_attempt(connection, request, is_new=is_new)
            if opened.created:
                if not is_new:
                    self._orders.update_buyer(connection, order, new)
                if levels := self._inventory.reserve(connection, order.number):
                    self._reservations.check(
                        connection, order.number, request, levels, is_new=is_new
                    )
            return opened

    def _order_for(self, connection: Connection, new: NewOrder) -> tuple[OrderKey, bool]:
        """The order of the cart, with its payment locked, and whether it is new."""
        order = self._locked_order(connection, new.cart)
        if order and not self._can_continue(connection, order, new):
            self._orders.detach_cart(connection, order)
            order = None
        if order:
            return order, False
        return self._orders.place(connection, new, self._now()), True

    def _locked_order(self, connection: Connection, cart: Cart) -> OrderKey | None:
        """The order that the cart became, with its payment locked.

        The payment is locked first, the order's row afterwards, so that no two
        transactions wait for each other. Meanwhile the cart may have become another order.
        """
        order = self._orders.of_cart(connection, cart.key)
        while order:
            self._engine.repository.lock_by_reference(connection, order.number)
            current = self._orders.of_cart(connection, cart.key)
            if current == order:
                break
            order = current
        return order

    def _can_continue(self, connection: Connection, order: OrderKey, new: NewOrder) -> bool:
        """Whether the cart still leads to this order; if not, its payment is given up."""
        service, number = self._engine.service, order.number
        if service.owns(connection, number) and self._orders.holds(connection, order, new):
            return True
        return not service.give_up(connection, number, "the cart changed")
