"""Mails to staff about disputes: when one is opened, and when the bank has decided."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.engine import Connection

from storefront.payments import outbox
from storefront.payments.database import Database
from storefront.payments.dispute_models import PaymentDispute
from storefront.payments.disputes import Disputes
from storefront.payments.models import Payment
from storefront.payments.statuses import DisputeStatus
from storefront.payments.task_models import Task

from .mail import MailTransport, RenderedMail, compose
from .models import Mail

#: The kind of the tasks, and how the kind of their mails begins.
DISPUTE_NOTICE = "send_dispute_notice"

#: Subject and text of each status; staff themselves made a dispute pending.
MESSAGES = {
    DisputeStatus.OPEN: (
        "Order {number} is disputed: {amount}",
        "The cardholder disputes {amount} of order {number}: {reason}.\n"
        "Omise has taken the money back until the bank decides. Answer or accept the dispute in "
        "Omise's dashboard; do not refund the order.",
    ),
    DisputeStatus.WON: (
        "Dispute won: order {number}",
        "The bank decided for you. Omise returns {amount} of order {number}.",
    ),
    DisputeStatus.LOST: (
        "Dispute lost: order {number}",
        "The cardholder keeps {amount} of order {number}. The order counts as refunded.",
    ),
}


class StaffNotices:
    """Schedules and sends the mails to staff.

    Args:
        database: where the mails that were sent are recorded.
        transport: delivers the mails.
        sender: the address that they come from.
        recipient: the address of staff; without one nothing is sent.
        order_url: the address of an order's page for staff.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        *,
        transport: MailTransport,
        sender: str,
        recipient: str,
        order_url: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._disputes = Disputes(database)
        self._transport = transport
        self._sender = sender
        self._recipient = recipient
        self._order_url = order_url
        self._now = now

    def schedule(self, connection: Connection, payment: Payment, dispute: PaymentDispute) -> None:
        """Schedule the mail that a step of a dispute calls for, in the same transaction."""
        if self._recipient and dispute.status in MESSAGES:
            subject = f"{dispute.id} {dispute.status}"
            outbox.schedule(connection, DISPUTE_NOTICE, subject, due_at=self._now())

    def send(self, task: Task) -> bool:
        """Send the mail of a task, unless it was sent: whether the task is done.

        Raises:
            MailNotSent: the mail server did not accept it.
        """
        dispute_id, _, status = task.subject.partition(" ")
        dispute = self._disputes.find(dispute_id)
        kind = f"{DISPUTE_NOTICE} {task.subject}"
        with self._database.read_session() as session:
            is_sent = session.scalar(select(Mail.id).where(Mail.kind == kind)) is not None
        if dispute is None or is_sent or not self._recipient:
            return True
        message = self._message(dispute, DisputeStatus(status))
        self._transport.send(message)
        with self._database.write_session() as session:
            session.add(Mail.of(message, kind, dispute.reference, self._recipient, self._now()))
        return True

    def _message(self, dispute: PaymentDispute, status: DisputeStatus) -> EmailMessage:
        subject, text = MESSAGES[status]
        values = {
            "number": dispute.reference,
            "amount": dispute.total.format("en"),
            "reason": dispute.reason or "no reason given",
        }
        mail = RenderedMail(
            subject.format(**values),
            f"{text.format(**values)}\n\n{self._order_url(dispute.reference)}\n",
        )
        return compose(
            mail,
            sender=self._sender,
            recipient=self._recipient,
            name=f"{dispute.id}-{status}",
            at=self._now(),
        )
