"""Receipts: one mail for each paid order, and one for each refund of it.

The worker sends them from the outbox. A sent mail is recorded, so that nothing is sent twice; only
if a process dies between sending and recording is it sent again, with the same Message-ID.
"""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum

import structlog
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from storefront.payments import outbox
from storefront.payments.database import Database
from storefront.payments.models import Payment, Task
from storefront.payments.money import Money
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import PaymentStatus

from .mail import MailTransport, RenderedMail, compose
from .models import Mail, Order

log = structlog.get_logger()

#: Renders subject, text and HTML of the mail about an order; the refund is None for a receipt.
MailRenderer = Callable[[Order, Payment, Money | None], tuple[str, str, str]]


class MailKind(StrEnum):
    """The mails about an order; also the kinds of their tasks."""

    RECEIPT = "send_receipt"
    REFUND = "send_refund_notice"


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
        elif new in (PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED):
            outbox.schedule(
                connection, MailKind.REFUND, number, due_at=now, amount=payment.refunded_amount
            )

    def send(self, task: Task) -> bool:
        """Send the mail of a task, unless it was sent: whether the task is done.

        Raises:
            MailNotSent: the mail server did not accept it.
        """
        kind, number = MailKind(task.kind), task.subject
        is_sent = select(Mail.id).where(
            Mail.kind == kind, Mail.order_number == number, Mail.amount == task.amount
        )
        with self._database.read_session() as session:
            order = session.scalar(select(Order).where(Order.number == number))
            sent = session.scalar(is_sent)
        payment = self._payments.find(number)
        if order is None or payment is None or not order.email or sent is not None:
            return True
        refunded = Money(task.amount, order.currency) if kind == MailKind.REFUND else None
        message = self._message(task, order.email, *self._render(order, payment, refunded))
        self._transport.send(message)
        self._record(task, order.email, message)
        return True

    def _message(
        self, task: Task, recipient: str, subject: str, text: str, html: str
    ) -> EmailMessage:
        name = "-".join(
            filter(None, [NAMES[MailKind(task.kind)], task.subject, str(task.amount or "")])
        )
        mail = RenderedMail(subject, text, html)
        return compose(mail, sender=self._sender, recipient=recipient, name=name, at=self._now())

    def _record(self, task: Task, recipient: str, message: EmailMessage) -> None:
        mail = Mail(
            kind=task.kind,
            order_number=task.subject,
            amount=task.amount,
            message_id=message["Message-ID"],
            recipient=recipient,
            subject=message["Subject"],
            sent_at=self._now(),
        )
        try:
            with self._database.write_session() as session:
                session.add(mail)
        except IntegrityError:  # the lease ended, and another worker was as fast
            log.warning("mail_sent_twice", order=task.subject)


#: How the Message-ID of each kind begins.
NAMES = {MailKind.RECEIPT: "paid", MailKind.REFUND: "refunded"}
