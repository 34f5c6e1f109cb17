"""Mails about orders: how the payment stands, the receipt, and each refund of it.

A shopper who waits for a result gets a mail that the order is received, and one when it is not paid
in the end. A payment that succeeds or is declined at once needs neither.

The worker sends them from the outbox. A sent mail is recorded, so that nothing is sent twice; only
if a process dies between sending and recording is it sent again, with the same Message-ID.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum

import structlog
from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from storefront.payments import outbox
from storefront.payments.database import Database
from storefront.payments.models import Payment
from storefront.payments.money import Money
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import IN_PROGRESS, PaymentStatus
from storefront.payments.task_models import Task

from .mail import MailTransport, RenderedMail, compose
from .models import Mail, Order

log = structlog.get_logger()

#: A result that comes sooner needs no mail that the order is received.
PATIENCE = timedelta(minutes=1)


class MailKind(StrEnum):
    """The mails about an order; also the kinds of their tasks."""

    RECEIPT = "send_receipt"
    REFUND = "send_refund_notice"
    COPY = "send_receipt_again"
    RECEIVED = "send_order_received"
    FAILED = "send_payment_failed"


#: Renders the mail of a kind about an order; the refund is None for all other kinds.
MailRenderer = Callable[[MailKind, Order, Payment, Money | None], RenderedMail]


class Receipts:
    """Renders and sends the mails about orders.

    Args:
        database: where orders are, and which mails were sent.
        payments: the payments of the orders.
        transport: delivers the mails.
        sender: the address that they come from.
        render: renders a mail.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        payments: PaymentRepository,
        *,
        transport: MailTransport,
        sender: str,
        render: MailRenderer,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._payments = payments
        self._transport = transport
        self._sender = sender
        self._render = render
        self._now = now

    def schedule(
        self, connection: Connection, payment: Payment, old: PaymentStatus, new: PaymentStatus
    ) -> None:
        """Schedule the mail that a change of the payment calls for, in the same transaction."""
        if not payment.email:
            return
        number, now = payment.reference, self._now()
        if new == PaymentStatus.PAID and old != new:
            outbox.schedule(connection, MailKind.RECEIPT, number, due_at=now)
        elif new in REFUNDED and payment.refunded_amount:  # a lost dispute is no refund
            outbox.schedule(
                connection, MailKind.REFUND, number, due_at=now, amount=payment.refunded_amount
            )
        elif new == PaymentStatus.AWAITING_PAYMENT or new == old == PaymentStatus.CONFIRMING:
            outbox.schedule(connection, MailKind.RECEIVED, number, due_at=now + PATIENCE)
        elif new in UNPAID:
            outbox.schedule(connection, MailKind.FAILED, number, due_at=now + PATIENCE)

    def is_sent(self, number: str) -> bool:
        """Whether the receipt of an order was sent."""
        return self._count(number, MailKind.RECEIPT) > 0

    def resend(self, number: str) -> bool:
        """Schedule a copy of the receipt, at most one at a time: whether there is a receipt."""
        if not self.is_sent(number):
            return False
        copy = self._count(number, MailKind.COPY) + 1
        with self._database.transaction() as connection:
            outbox.schedule(connection, MailKind.COPY, number, due_at=self._now(), amount=copy)
        return True

    def _count(self, number: str, kind: MailKind) -> int:
        """How many mails of a kind were sent about an order."""
        sent = select(func.count(Mail.id)).where(Mail.order_number == number, Mail.kind == kind)
        with self._database.read_session() as session:
            return session.scalar(sent) or 0

    def send(self, task: Task) -> bool:
        """Send the mail of a task, unless it was sent: whether the task is done.

        Raises:
            MailNotSent: the mail server did not accept it.
        """
        kind, number = MailKind(task.kind), task.subject
        with self._database.read_session() as session:
            order = session.scalar(select(Order).where(Order.number == number))
            sent = {
                mail.kind
                for mail in session.scalars(select(Mail).where(Mail.order_number == number))
                if mail.amount == task.amount
            }
        payment = self._payments.find(number)
        if order is None or payment is None or not order.email or kind in sent:
            return True
        if not _is_due(kind, payment, sent):
            return True
        refunded = Money(task.amount, order.currency) if kind == MailKind.REFUND else None
        message = compose(
            self._render(kind, order, payment, refunded),
            sender=self._sender,
            recipient=order.email,
            name="-".join(filter(None, [NAMES[kind], number, str(task.amount or "")])),
            at=self._now(),
        )
        self._transport.send(message)
        self._record(task, order.email, message)
        return True

    def _record(self, task: Task, recipient: str, message: EmailMessage) -> None:
        mail = Mail.of(message, task.kind, task.subject, recipient, self._now(), task.amount)
        try:
            with self._database.write_session() as session:
                session.add(mail)
        except IntegrityError:  # the lease ended, and another worker was as fast
            log.warning("mail_sent_twice", order=task.subject)


def _is_due(kind: MailKind, payment: Payment, sent: Collection[str]) -> bool:
    """Whether the payment still stands as the mail says, and its reader waits for the result."""
    match kind:
        case MailKind.RECEIVED:
            return payment.status in IN_PROGRESS
        case MailKind.FAILED:
            waits = MailKind.RECEIVED in sent or payment.status == PaymentStatus.EXPIRED
            return payment.status in UNPAID and waits
    return True


#: Statuses after which the shopper has money back.
REFUNDED = frozenset({PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED})

#: How the Message-ID of each kind begins.
NAMES = {
    MailKind.RECEIPT: "paid",
    MailKind.REFUND: "refunded",
    MailKind.COPY: "copy",
    MailKind.RECEIVED: "received",
    MailKind.FAILED: "failed",
}

#: Statuses in which the order is not paid, until the shopper tries again.
UNPAID = frozenset({PaymentStatus.PAYMENT_FAILED, PaymentStatus.EXPIRED})
