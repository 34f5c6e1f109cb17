"""Mails a new link to an order whose old one has expired, to the address of the order."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from storefront.payments import outbox
from storefront.payments.database import Database
from storefront.payments.task_models import Task

from .mail import MailTransport, RenderedMail, compose
from .models import Order

#: The kind of the task; its subject is the number of the order.
ORDER_LINK = "send_order_link"

#: Renders the mail about an order.
LinkMailRenderer = Callable[[Order], RenderedMail]


class OrderLinkMails:
    """Schedules and sends the mails. One that is sent twice does no harm."""

    def __init__(
        self,
        database: Database,
        *,
        transport: MailTransport,
        sender: str,
        render: LinkMailRenderer,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._transport = transport
        self._sender = sender
        self._render = render
        self._now = now

    def request(self, number: str) -> None:
        """Schedule the mail."""
        with self._database.transaction() as connection:
            outbox.schedule(connection, ORDER_LINK, number, due_at=self._now())

    def send(self, task: Task) -> bool:
        """Send the mail of a task, if the order has an email: the task is done.

        Raises:
            MailNotSent: the mail server did not accept it.
        """
        with self._database.read_session() as session:
            order = session.scalar(select(Order).where(Order.number == task.subject))
        if order and order.email:
            message = compose(
                self._render(order),
                sender=self._sender,
                recipient=order.email,
                name=f"link-{order.number}-{secrets.token_hex(8)}",
                at=self._now(),
            )
            self._transport.send(message)
        return True
