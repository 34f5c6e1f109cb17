"""The tables, with the constraints that make paying twice impossible."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flask_login import UserMixin
from sqlalchemy import (
    CheckConstraint,
    Enum,
    Exists,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    false,
    text,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    joinedload,
    mapped_column,
    relationship,
)

from .database import Utc
from .declines import Words, words_for
from .money import Money
from .orders import (
    MONEY_MOVED,
    MOVABLE,
    OPEN,
    SETTLED,
    AttemptKind,
    AttemptState,
    OrderStatus,
    check_transition,
)


class EventState(StrEnum):
    """What became of a webhook."""

    RECEIVED = "received"  #: kept, not yet acted on
    APPLIED = "applied"  #: its charge was read anew and applied
    PARKED = "parked"  #: of a charge that no order knows; it is tried again
    IGNORED = "ignored"  #: of no concern to an order


class TaskKind(StrEnum):
    """What the worker can do."""

    RESOLVE_ATTEMPT = "resolve_attempt"
    READ_EVENT = "read_event"
    GIVE_BACK = "give_back"
    SEND_RECEIPT = "send_receipt"
    READ_HOLD = "read_hold"


#: Letters and digits that are not taken for one another when read out.
READABLE = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_order_number() -> str:
    """A number for an order, short enough to read out, too long to guess."""
    return "".join(secrets.choice(READABLE) for _ in range(10))


def new_attempt_key() -> str:
    """A key for an attempt, by which its charge is found again."""
    return secrets.token_hex(16)


def _states(kind: type[StrEnum]) -> Enum:
    """States are kept as their plain words, so that a new one needs no change of type."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda kind: [state.value for state in kind],
    )


class Table(DeclarativeBase):
    """What all tables share."""

    type_annotation_map: ClassVar = {
        OrderStatus: _states(OrderStatus),
        AttemptKind: _states(AttemptKind),
        AttemptState: _states(AttemptState),
        EventState: _states(EventState),
        TaskKind: _states(TaskKind),
    }


class Traced:
    """Who stands behind a try, as far as it is known; the shield counts by each of these."""

    account: Mapped[str | None]
    session_key: Mapped[str | None]
    network: Mapped[str | None]
    email: Mapped[str | None]
    #: The card's fingerprint, the same for every token of one card.
    card: Mapped[str | None]


#: The columns of `Traced`.
TRACES = ("account", "session_key", "network", "email", "card")


def _by_traces(table: str) -> list[Index]:
    """Indexes by which the shield finds the tries of somebody; of nobody, none are looked for."""
    known = {name: text(f"{name} IS NOT NULL") for name in TRACES}
    return [
        Index(
            f"ix_{table}_{name}",
            name,
            "created_at",
            sqlite_where=is_known,
            postgresql_where=is_known,
        )
        for name, is_known in known.items()
    ]


class User(UserMixin, Table):  # type: ignore[misc]  # flask-login has no types
    """A shopper with an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    #: Grows when every session of the account is to end.
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Utc)

    def get_id(self) -> str:
        """What a session keeps of the account; of no use once the epoch has grown."""
        return f"{self.id}.{self.epoch}"


class OmiseCustomer(Table):
    """The customer at Omise who keeps a shopper's cards; test and live know different ones."""

    __tablename__ = "omise_customers"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    livemode: Mapped[bool] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(unique=True)


class Order(Table):
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
    created_at: Mapped[datetime] = mapped_column(Utc, index=True)
    paid_at: Mapped[datetime | None] = mapped_column(Utc)

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
    def open_attempt(self) -> "Attempt | None":
        """The try whose end is not known yet, if there is one."""
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

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


class OrderMove(Table):
    """One step of an order along the table of transitions."""

    __tablename__ = "order_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime] = mapped_column(Utc)
    old: Mapped[OrderStatus]
    new: Mapped[OrderStatus]
    #: The id of the charge, or the code, that made it move.
    cause: Mapped[str]


class OrderLine(Table):
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
    expires_at: Mapped[datetime | None] = mapped_column(Utc)
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
    created_at: Mapped[datetime] = mapped_column(Utc)
    #: When the shopper came back from the bank.
    returned_at: Mapped[datetime | None] = mapped_column(Utc)
    #: When Omise was last asked about it.
    checked_at: Mapped[datetime | None] = mapped_column(Utc)

    order: Mapped[Order] = relationship(back_populates="attempts", lazy="joined")

    __table_args__ = (
        *_by_traces("attempts"),
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


class WebhookEvent(Table):
    """A genuine webhook, kept before it is acted on; its id makes a second delivery harmless."""

    __tablename__ = "webhook_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    charge_id: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[EventState] = mapped_column(default=EventState.RECEIVED)
    received_at: Mapped[datetime] = mapped_column(Utc, index=True)
    handled_at: Mapped[datetime | None] = mapped_column(Utc)


class Task(Table):
    """Something still to be done, written down in the transaction that made it necessary."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind]
    #: What it is about: the key of an attempt, the id of an event.
    subject: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(Utc, index=True)
    tries: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("kind", "subject"),)


class Try(Traced, Table):
    """One try to log in, to sign up or to save a card; tries to pay are attempts."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Utc, index=True)
    failed: Mapped[bool]

    __table_args__ = tuple(_by_traces("tries"))


class Stock(Table):
    """How many of a product are left to sell; a product without a row never runs out."""

    __tablename__ = "stock"

    sku: Mapped[str] = mapped_column(primary_key=True)
    on_hand: Mapped[int]

    __table_args__ = (CheckConstraint("on_hand >= 0"),)


class Staff(Table):
    """Somebody who works in the back office; never a shopper's account."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Utc)


class EndedLogIn(Table):
    """A log-in that somebody ended by logging out, so that a copy of its cookie opens nothing."""

    __tablename__ = "ended_log_ins"

    key: Mapped[str] = mapped_column(primary_key=True)
    #: When it would be too old anyway.
    forget_at: Mapped[datetime] = mapped_column(Utc, index=True)

    @classmethod
    def has(cls, key: str) -> Exists:
        """Whether the log-in with that key is among them."""
        return exists().where(cls.key == key)


class AuditEntry(Table):
    """Who did what in the back office."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    person: Mapped[str]
    action: Mapped[str]
    order_number: Mapped[str | None] = mapped_column(index=True)
    detail: Mapped[str]


class Mail(Table):
    """A mail that was sent; its key keeps it from being sent twice."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    order_number: Mapped[str] = mapped_column(index=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(Utc, index=True)


class Heartbeat(Table):
    """When a program of the shop last showed that it is alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)


class CspReport(Table):
    """How often browsers refused to load something for a page of ours."""

    __tablename__ = "csp_reports"

    directive: Mapped[str] = mapped_column(primary_key=True)
    blocked: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Utc)
