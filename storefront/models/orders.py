"""Orders and the attempts to pay them, with the constraints that make paying twice impossible."""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from storefront.models.base import Table, Traced, by_traces
from storefront.payments.database import UtcDateTime
from storefront.payments.decline_messages import Words, words_for
from storefront.payments.money import Money
from storefront.payments.statuses import (
    MONEY_MOVED,
    MOVABLE,
    OPEN,
    SETTLED,
    AttemptKind,
    AttemptState,
    OrderStatus,
    check_transition,
)

#: Letters and digits that are not taken for one another when read out.
READABLE = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_order_number() -> str:
    """A number for an order, short enough to read out, too long to guess."""
    return "".join(secrets.choice(READABLE) for _ in range(10))


def new_attempt_key() -> str:
    """A key for an attempt, by which its charge is found again."""
    return secrets.token_hex(16)


class Order(Base):
    """What a shopper agreed to pay for: priced once, never changed."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True, default=new_order_number)
    #: The cart it was made of. One cart makes one order; a cart that changed gives up its old one.
    cart_key: Mapped[str | None] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    email: Mapped[str | None] = mapped_column(index=True)
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.AWAITING_PAYMENT)
    amount: Mapped[int]
    currency: Mapped[str]
    livemode: Mapped[bool]
    #: The language in which it was placed; mails about it are written in it.
    locale: Mapped[str] = mapped_column(default="en", server_default="en")
    #: Whether what it asks for is taken from the stock.
    holds_stock: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lines: Mapped[list["OrderLine"]] = relationship(lazy="selectin", order_by="OrderLine.id")
    attempts: Mapped[list["Attempt"]] = relationship(
        lazy="selectin", order_by="Attempt.id", back_populates="order"
    )

    __table_args__ = (Index("ix_orders_status_created_at", "status", "created_at"),)

    @property
    def total(self) -> Money:
        """What the order costs."""
        return Money(self.amount, self.currency)

    @property
    def newest_charge(self) -> "Attempt | None":
        """The last try to pay, if there was one."""
        return next((a for a in reversed(self.attempts) if a.kind == AttemptKind.CHARGE), None)

    @property
    def payment(self) -> "Attempt | None":
        """The try by which the order was paid, or its money is held."""
        charges = (a for a in self.attempts if a.kind == AttemptKind.CHARGE)
        return next((a for a in charges if a.state in MONEY_MOVED), None)

    @property
    def decisive_charge(self) -> "Attempt | None":
        """The try by which the order stands: the one that paid it, else the last."""
        return self.payment or self.newest_charge

    @property
    def open_attempt(self) -> "Attempt | None":
        """The try whose end is not known yet, if there is one."""
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

    @property
    def open_payment(self) -> "Attempt | None":
        """The try to pay whose end is not known yet, if there is one."""
        attempt = self.open_attempt
        return attempt if attempt and attempt.kind == AttemptKind.CHARGE else None

    @property
    def refundable(self) -> Money:
        """What was taken and not given back yet."""
        paid = self.payment
        return Money(paid.captured_amount - paid.refunded_amount if paid else 0, self.currency)

    def allows(self, kind: AttemptKind) -> bool:
        """Whether an attempt of that kind may start now."""
        return self.status in MOVABLE[kind] and self.open_attempt is None

    @property
    def is_payable(self) -> bool:
        """Whether a new attempt to pay may start."""
        return self.allows(AttemptKind.CHARGE)

    @property
    def is_settled(self) -> bool:
        """Whether its money has been promised or moved."""
        return self.status in SETTLED

    def move_to(self, status: OrderStatus, *, at: datetime, cause: str = "") -> "OrderMove":
        """Put the order in its next status: the move, to be kept with the order.

        Raises:
            InvalidTransition: when there is no such road.
        """
        check_transition(self.number, self.status, status)
        move = OrderMove(order_id=self.id, at=at, old=self.status, new=status, cause=cause)
        if status == OrderStatus.PAID and self.paid_at is None:
            self.paid_at = at
        self.status = status
        return move


class OrderMove(Base):
    """One step of an order along the table of transitions."""

    __tablename__ = "order_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    old: Mapped[OrderStatus]
    new: Mapped[OrderStatus]
    #: The id of the charge, or the code, that made it move.
    cause: Mapped[str]


class OrderLine(Base):
    """One product of an order, with the name and the price of that day."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    sku: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    amount: Mapped[int]
    currency: Mapped[str]
    #: Whether it is taken from the stock.
    held: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def price(self) -> Money:
        """What one of it costs."""
        return Money(self.amount, self.currency)

    @property
    def total(self) -> Money:
        """What the line costs."""
        return self.price * self.quantity


class Attempt(Traced, Table):
    """One try to move the money of an order, committed before Omise hears of it."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What the charge carries in its metadata, so that it can be found when an answer is lost.
    key: Mapped[str] = mapped_column(unique=True, default=new_attempt_key)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[AttemptKind] = mapped_column(default=AttemptKind.CHARGE)
    #: How the shopper pays: a name in the table of methods.
    method: Mapped[str] = mapped_column(default="card", server_default="card")
    state: Mapped[AttemptState] = mapped_column(default=AttemptState.STARTED)
    amount: Mapped[int]
    currency: Mapped[str]
    #: A digest of the token, never the token: the same one sent twice is the same try.
    token_digest: Mapped[str | None] = mapped_column(unique=True)
    #: The charge that a try to pay made; other kinds move the money of their order's payment.
    charge_id: Mapped[str | None] = mapped_column(unique=True)
    refund_id: Mapped[str | None] = mapped_column(unique=True)
    authorize_uri: Mapped[str | None]
    #: Where Omise keeps the picture of the code that is to be scanned.
    code_uri: Mapped[str | None]
    #: Until when it can be paid, or until when its money is held.
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    captured_amount: Mapped[int] = mapped_column(default=0)
    refunded_amount: Mapped[int] = mapped_column(default=0)
    #: The card that this try put among the shopper's saved ones; it goes again if it is declined.
    new_card_id: Mapped[str | None]
    #: Why the merchant gives money back.
    reason: Mapped[str | None]
    #: Omise's code for what went wrong, or one of ours.
    failure_code: Mapped[str | None]
    card_brand: Mapped[str | None]
    card_last_digits: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When the shopper came back from the bank.
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When Omise was last asked about it.
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    order: Mapped[Order] = relationship(back_populates="attempts", lazy="joined")

    __table_args__ = (
        *by_traces("attempts"),
        Index("ix_attempts_created_at", "created_at"),
        Index("ix_attempts_state_created_at", "state", "created_at"),
    )

    @property
    def is_open(self) -> bool:
        """Whether its end is not known yet."""
        return self.state in OPEN

    @property
    def card_label(self) -> str | None:
        """The card in words, such as Visa •••• 4242."""
        return f"{self.card_brand} •••• {self.card_last_digits}" if self.card_brand else None

    @property
    def words(self) -> Words | None:
        """What went wrong and what to do, in words for the shopper."""
        return words_for(self.failure_code) if self.failure_code else None


#: For looking at attempts together with their orders after the session has ended.
WITH_ORDER = joinedload(Attempt.order).selectinload(Order.attempts)

_OPEN_STATES = ", ".join(f"'{state.value}'" for state in sorted(OPEN))

#: One click, one charge: while an attempt is open the database takes no other for the same order.
ONE_OPEN_ATTEMPT = Index(
    "one_open_attempt_an_order",
    Attempt.order_id,
    unique=True,
    sqlite_where=text(f"state IN ({_OPEN_STATES})"),
    postgresql_where=text(f"state IN ({_OPEN_STATES})"),
)

_PAID = "kind = 'charge' AND state IN ('authorized', 'succeeded')"

#: An order is paid once.
ONE_PAYMENT = Index(
    "one_payment_an_order",
    Attempt.order_id,
    unique=True,
    sqlite_where=text(_PAID),
    postgresql_where=text(_PAID),
)
