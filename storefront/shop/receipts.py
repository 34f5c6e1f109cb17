"""Receipts: one mail for each order that was paid, and for each refund of it.

The worker sends them from the outbox. A mail that was sent is written down under its key, so that
nothing is sent twice; only a process that dies between sending and writing could, and the two mails
would carry the same Message-ID.
"""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.errors import MailNotSent
from storefront.models import Mail, Order
from storefront.payments.database import Database
from storefront.payments.money import Money

log = structlog.get_logger()

#: Seconds that the SMTP server has for each answer.
PATIENCE = 20


class Post(Protocol):
    """What takes mails away."""

    def send(self, message: EmailMessage) -> None:
        """Take the mail, or raise MailNotSent."""


class Smtp:
    """An SMTP server, by its address: smtp:// with STARTTLS when it is offered, or smtps://."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """Hand the mail to the server.

        Raises:
            MailNotSent: when it does not take it.
        """
        try:
            with self._connected() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(type(error).__name__) from None  # the cause may quote the mail

    def _connected(self) -> smtplib.SMTP:
        """The server, over TLS whenever it can be; a password is never sent without.

        Raises:
            SMTPNotSupportedError: when there is a password, but no TLS.
        """
        trusted = ssl.create_default_context()
        if self._secure:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=PATIENCE, context=trusted)
        server = smtplib.SMTP(self._host, self._port, timeout=PATIENCE)
        try:
            server.ehlo()
            if self._user or server.has_extn("starttls"):
                server.starttls(context=trusted)
        except BaseException:
            server.close()
            raise
        return server


class Folder:
    """A folder in which mails are kept instead of being sent, for a shop without a server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Keep the mail as a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        (self._folder / f"{name}.eml").write_bytes(bytes(message))


class Receipts:
    """Writes and sends the mails about orders.

    Args:
        database: where orders are, and which mails were sent.
        post: what takes the mails.
        sender: the address that they come from.
        write: subject, text and HTML of the mail for an order; `refunded` is None when it is about
            the payment.
        now: the time.
    """

    def __init__(
        self,
        database: Database,
        *,
        post: Post,
        sender: str,
        write: Callable[[Order, Money | None], tuple[str, str, str]],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._post = post
        self._sender = sender
        self._write = write
        self._now = now

    def send(self, key: str) -> bool:
        """Send a mail, unless it was sent: whether it is done with.

        Args:
            key: `paid:<order>` or `refunded:<order>:<sum of all refunds>`.

        Raises:
            MailNotSent: when the mail server did not take it.
        """
        _, number, *amount = key.split(":")
        with self._database.reading() as session:
            order = session.scalar(select(Order).where(Order.number == number))
            sent = session.scalar(select(Mail).where(Mail.key == key))
        if order is None or order.email is None or sent is not None:
            return True
        refunded = Money(int(amount[0]), order.currency) if amount else None
        message = self._message(key, order, refunded)
        self._post.send(message)
        self._note(key, order, message["Subject"])
        return True

    def _message(self, key: str, order: Order, refunded: Money | None) -> EmailMessage:
        subject, text, html = self._write(order, refunded)
        sender = Address(addr_spec=self._sender)
        message = EmailMessage()
        message["From"] = sender
        message["To"] = Address(addr_spec=order.email or "")
        message["Subject"] = subject
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = f"<{key.replace(':', '-')}@{sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        return message

    def _note(self, key: str, order: Order, subject: str) -> None:
        mail = Mail(
            key=key,
            order_number=order.number,
            recipient=order.email,
            subject=subject,
            sent_at=self._now(),
        )
        try:
            with self._database.writing() as session:
                session.add(mail)
        except IntegrityError:  # its lease ran out, and another worker was as quick
            log.warning("mail_sent_twice", order=order.number)
