"""What runs beside the payments: webhooks, tasks, stock, mails."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storefront.models.base import EventState, Table, TaskKind
from storefront.payments.database import Utc


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


class Stock(Table):
    """How many of a product are left to sell; a product without a row never runs out."""

    __tablename__ = "stock"

    sku: Mapped[str] = mapped_column(primary_key=True)
    on_hand: Mapped[int]

    __table_args__ = (CheckConstraint("on_hand >= 0"),)


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
