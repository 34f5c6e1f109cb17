"""The ledger: the orders, and where the attempts to move their money begin.

Each method is one transaction. An attempt is committed, with a task that will find out what became
of it, before Omise hears of anything; the database takes no second one while it is open.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storefront.errors import (
    InvalidForm,
    MoveNotPossible,
    MoveUnderWay,
    TokenAlreadyUsed,
    UnknownOrder,
)
from storefront.fraud.velocity import VelocityLimiter
from storefront.fraud.velocity_limits import PAYMENT
from storefront.models import (
    WITH_ORDER,
    Attempt,
    Order,
    OrderLine,
    TaskKind,
    new_attempt_key,
    new_order_number,
)
from storefront.shop.cart import Cart
from storefront.shop.inventory import Stockroom
from storefront.shop.shopper import Shopper

from .database import Database
from .i18n import say
from .methods import CARD
from .outbox import new_task
from .repository import keep, lines_of, order_numbered, order_of_cart
from .statuses import AttemptKind, AttemptState, OrderStatus

#: When the worker first asks about an attempt of which nothing more was heard: later than any call
#: to Omise takes.
FIRST_LOOK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Begun:
    """The attempt that now stands, and whether this call made it."""

    attempt: Attempt
    is_new: bool


@dataclass(frozen=True, slots=True)
class Means:
    """How a cart is to be paid: what of it matters to the ledger."""

    email: str | None  #: where the receipt goes
    token: str | None = field(repr=False)
    method: str = CARD
    card: str | None = None  #: its fingerprint, where Omise told it
    has_seen_card: bool = False  #: whether Omise was asked for it, even if in vain

    @property
    def token_digest(self) -> str | None:
        """What is kept of the token."""
        return hashlib.sha256(self.token.encode()).hexdigest() if self.token else None

    def with_card(self, card: str | None) -> Self:
        """The same, after Omise was asked for the card's fingerprint."""
        return replace(self, card=card, has_seen_card=True)


class Ledger:
    """What the shop knows of its orders."""

    def __init__(
        self,
        database: Database,
        *,
        velocity: VelocityLimiter,
        stockroom: Stockroom,
        livemode: bool,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._velocity = velocity
        self._stockroom = stockroom
        self._livemode = livemode
        self._now = now

    # Looking

    def is_of_our_mode(self, order: Order) -> bool:
        """Whether our keys are of the mode, test or live, in which the order was placed."""
        return order.livemode == self._livemode

    def order(self, number: str) -> Order:
        """The order with that number.

        Raises:
            UnknownOrder: when there is none.
        """
        with self._database.reading() as session:
            order = session.scalar(select(Order).where(Order.number == number))
        if order is None:
            raise UnknownOrder(number)
        return order

    def order_of_cart(self, cart_key: str) -> Order | None:
        """The order that a cart became, if it became one."""
        with self._database.reading() as session:
            return session.scalar(select(Order).where(Order.cart_key == cart_key))

    def orders_of(self, user_id: int) -> list[Order]:
        """All orders of a member, newest first."""
        with self._database.reading() as session:
            orders = select(Order).where(Order.user_id == user_id).order_by(Order.id.desc())
            return list(session.scalars(orders))

    def attempt(self, key: str) -> Attempt | None:
        """The attempt with that key, if there is one."""
        with self._database.reading() as session:
            return session.scalar(select(Attempt).where(Attempt.key == key).options(WITH_ORDER))

    # Paying

    def begin(self, cart: Cart, shopper: Shopper, means: Means) -> Begun:
        """Freeze the cart as an order and open an attempt to pay it; both are committed.

        When the cart is being paid already, or was paid, or the same token was sent before, that
        attempt is given back and nothing new begins.

        Raises:
            TokenAlreadyUsed: when the token belongs to an attempt for another cart.
            TooManyTries: when the shopper has to wait after too many declined cards.
            CardFingerprintRequired: when Omise is to be asked for the card's fingerprint first.
            OutOfStock: when there is not enough left of something.
        """
        try:
            return self._begin(cart, shopper, means)
        except IntegrityError:  # another click was quicker; what it wrote can be seen now
            return self._begin(cart, shopper, means)

    def _begin(self, cart: Cart, shopper: Shopper, means: Means) -> Begun:
        with self._database.writing() as session:
            digest = means.token_digest
            used_for = digest and session.scalar(_USED_FOR, {"digest": digest})
            order = self._order_for(session, cart, shopper, means.email)
            if used_for and order.is_payable and used_for != order.id:
                raise TokenAlreadyUsed
            if used_for or not order.is_payable:
                return Begun(order.attempts[-1], is_new=False)
            payer = replace(shopper.payer_identifiers(order.email), card=means.card)
            if means.method == CARD:
                requested = means.has_seen_card
                self._velocity.check(session, PAYMENT, payer, fingerprint_requested=requested)
            self._stockroom.take(session, order)
            move = order.move_to(OrderStatus.CONFIRMING, at=self._now())
            keep(session, order, *order.lines, move)  # a new order, too, is written only now
            attempt = Attempt(
                key=new_attempt_key(),
                kind=AttemptKind.CHARGE,
                method=means.method,
                amount=order.amount,
                token_digest=digest,
                **asdict(payer),
            )
            return self._open(session, order, attempt)

    def _order_for(
        self, session: Session, cart: Cart, shopper: Shopper, email: str | None
    ) -> Order:
        """The order of the cart, under its lock; a new one when the cart has changed since."""
        order = order_of_cart(session, cart.key)
        if order and order.is_payable and not self._is_still(session, order, cart):
            move = order.move_to(OrderStatus.CANCELLED, at=self._now(), cause="the cart changed")
            order.cart_key = None
            keep(session, order, move)
            order = None
        if order is None:
            order = self._place(cart)
        if order.is_payable:
            order.email = email or shopper.email or order.email
            order.user_id = shopper.user_id or order.user_id
            order.locale = shopper.locale
        return order

    def _is_still(self, session: Session, order: Order, cart: Cart) -> bool:
        """Whether the frozen order is what the cart holds, at the same prices and in our mode."""
        frozen = [(line.sku, line.quantity, line.price) for line in lines_of(session, order)]
        wanted = [(line.product.sku, line.quantity, line.product.price) for line in cart.lines]
        return frozen == wanted and self.is_of_our_mode(order)

    def _place(self, cart: Cart) -> Order:
        return Order(
            number=new_order_number(),
            cart_key=cart.key,
            status=OrderStatus.AWAITING_PAYMENT,
            amount=cart.total.amount,
            currency=cart.total.currency,
            livemode=self._livemode,
            created_at=self._now(),
            lines=[
                OrderLine(
                    sku=line.product.sku,
                    name=line.product.name,
                    quantity=line.quantity,
                    amount=line.product.price.amount,
                    currency=line.product.price.currency,
                )
                for line in cart.lines
            ],
            attempts=[],
        )

    # Moving money that is held or was taken

    def begin_move(
        self, number: str, kind: AttemptKind, *, amount: int, click: str, reason: str | None = None
    ) -> Begun:
        """Open an attempt to capture, void or refund; it is committed.

        Args:
            number: of the order.
            kind: what is to be done.
            amount: how much, in subunits; for a void, all that is held.
            click: what tells this click from another; the same one again gives the same attempt.
            reason: why, for a refund.

        Raises:
            UnknownOrder: when there is no such order.
            MoveUnderWay: when another attempt for the order is open.
            MoveNotPossible: when the order does not stand so that it could be done.
            InvalidForm: when it is more than there is.
        """
        try:
            return self._begin_move(number, kind, amount, click, reason)
        except IntegrityError:  # another click was quicker; what it wrote can be seen now
            return self._begin_move(number, kind, amount, click, reason)

    def _begin_move(
        self, number: str, kind: AttemptKind, amount: int, click: str, reason: str | None
    ) -> Begun:
        with self._database.writing() as session:
            order = order_numbered(session, number)
            if order is None:
                raise UnknownOrder(number)
            for earlier in order.attempts:
                if earlier.key == click:
                    return Begun(earlier, is_new=False)
            if session.scalar(select(Attempt.id).where(Attempt.key == click)):
                raise MoveNotPossible  # a click for another order
            if order.open_attempt:
                raise MoveUnderWay
            if not order.allows(kind) or not self.is_of_our_mode(order):
                raise MoveNotPossible
            _check_amount(order, kind, amount)
            attempt = Attempt(key=click, kind=kind, amount=amount, reason=reason)
            return self._open(session, order, attempt)

    def _open(self, session: Session, order: Order, attempt: Attempt) -> Begun:
        attempt.state = AttemptState.STARTED
        attempt.currency = order.currency
        attempt.created_at = self._now()
        attempt.captured_amount = attempt.refunded_amount = 0
        order.attempts.append(attempt)
        keep(session, order, attempt)
        due_at = self._now() + FIRST_LOOK
        new_task(session, TaskKind.RESOLVE_ATTEMPT, attempt.key, due_at)
        return Begun(attempt, is_new=True)


_ATTEMPT = Attempt.core().c
_USED_FOR = select(_ATTEMPT.order_id).where(_ATTEMPT.token_digest == bindparam("digest"))


def _check_amount(order: Order, kind: AttemptKind, amount: int) -> None:
    most = order.refundable if kind == AttemptKind.REFUND else order.total
    if not 0 < amount <= most.amount:
        most_shown = most.format("en")
        raise InvalidForm({"amount": say("Enter an amount of %(most)s or less.", most=most_shown)})
