"""Fulfilment: an order is packed, then shipped.

Shipping captures its authorized money, and the shopper gets a mail.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storefront.payments import outbox
from storefront.payments.database import Database
from storefront.payments.errors import OperationNotAllowed
from storefront.payments.operations import PaymentOperations
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import PaymentStatus
from storefront.payments.task_models import Task

from .mail import MailTransport, RenderedMail, compose
from .models import Mail, Order, Shipment

#: The kind of the task that sends the mail, and of the mail.
SHIPMENT_NOTICE = "send_shipment_notice"

#: Payments whose money is there.
PAID = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED})

#: Renders the mail about a shipment.
ShipmentRenderer = Callable[[Order, Shipment], RenderedMail]

_SHIPMENTS = Shipment.core()


class Shipments:
    """Records what was packed and shipped.

    Args:
        database: where shipments are.
        payments: the payments of the orders.
        operations: captures authorized payments.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        payments: PaymentRepository,
        operations: PaymentOperations,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._payments = payments
        self._operations = operations
        self._now = now

    def find(self, number: str) -> Shipment | None:
        """The shipment of an order, if it was packed or shipped."""
        with self._database.read_session() as session:
            return session.get(Shipment, number)

    def pack(self, number: str) -> None:
        """Record that an order is packed, once.

        Raises:
            OperationNotAllowed: its money is neither there nor authorized.
        """
        if self._payments.get(number).status not in PAID | {PaymentStatus.AUTHORIZED}:
            raise OperationNotAllowed
        row = {"order_number": number, "tracking_number": "", "packed_at": self._now()}
        try:
            with self._database.transaction() as connection:
                connection.execute(insert(_SHIPMENTS), row)
        except IntegrityError:  # it was packed or shipped already
            return

    def ship(self, number: str, tracking_number: str, *, idempotency_key: str) -> None:
        """Capture what is authorized, record the shipment, and schedule the mail, each once.

        Raises:
            PaymentError: the money is not there, so that nothing is shipped.
        """
        payment = self._payments.get(number)
        if payment.status == PaymentStatus.AUTHORIZED:
            self._operations.capture(number, amount=payment.amount, idempotency_key=idempotency_key)
            payment = self._payments.get(number)
        if payment.status not in PAID:
            raise OperationNotAllowed
        now = self._now()
        shipped = {"tracking_number": tracking_number, "shipped_at": now}
        is_packed = (_SHIPMENTS.c.order_number == number) & _SHIPMENTS.c.shipped_at.is_(None)
        try:
            with self._database.transaction() as connection:
                if not connection.execute(update(_SHIPMENTS).where(is_packed), shipped).rowcount:
                    connection.execute(insert(_SHIPMENTS), {"order_number": number, **shipped})
                outbox.schedule(connection, SHIPMENT_NOTICE, number, due_at=now)
        except IntegrityError:  # it was shipped already
            return


class ShipmentNotices:
    """Sends the mails about shipments."""

    def __init__(
        self,
        database: Database,
        *,
        transport: MailTransport,
        sender: str,
        render: ShipmentRenderer,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._transport = transport
        self._sender = sender
        self._render = render
        self._now = now

    def send(self, task: Task) -> bool:
        """Send the mail of a task, unless it was sent: whether the task is done.

        Raises:
            MailNotSent: the mail server did not accept it.
        """
        number = task.subject
        sent = select(Mail.id).where(Mail.kind == SHIPMENT_NOTICE, Mail.order_number == number)
        with self._database.read_session() as session:
            order = session.scalar(select(Order).where(Order.number == number))
            shipment = session.get(Shipment, number)
            is_sent = session.scalar(sent) is not None
        if order is None or shipment is None or not order.email or is_sent:
            return True
        message = compose(
            self._render(order, shipment),
            sender=self._sender,
            recipient=order.email,
            name=f"shipped-{number}",
            at=self._now(),
        )
        self._transport.send(message)
        with self._database.write_session() as session:
            session.add(Mail.of(message, SHIPMENT_NOTICE, number, order.email, self._now()))
        return True
