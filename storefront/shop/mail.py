"""Mail transports: an SMTP server, or a folder for a shop without one."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from storefront.payments.worker import TaskFailed, TaskRefused

#: Seconds that the SMTP server has for each answer.
TIMEOUT = 20


class MailNotSent(TaskFailed):
    """The mail server did not accept a mail; it is retried."""


class MailRefused(TaskRefused):
    """The mail server will never accept a mail, such as to an address that does not exist."""


class MailTransport(Protocol):
    """Accepts mails for delivery."""

    def send(self, message: EmailMessage) -> None:
        """Accept the mail.

        Raises:
            MailNotSent: it was not accepted.
        """


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail as its reader sees it."""

    subject: str
    text: str
    #: Empty for a mail of plain text.
    html: str = ""


def compose(
    mail: RenderedMail, *, sender: str, recipient: str, name: str, at: datetime
) -> EmailMessage:
    """A message that can be sent.

    Args:
        mail: what it says.
        sender: the address of the shop.
        recipient: the address that it goes to.
        name: tells it from all other mails; the same when it is sent again.
        at: its date.
    """
    shop = Address(addr_spec=sender)
    message = EmailMessage()
    message["From"] = shop
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name}@{shop.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


class SmtpTransport:
    """An SMTP server by its URL: smtp:// with STARTTLS, or smtps://.

    Args:
        url: of the server.
        starttls: False allows mails, but never a password, without TLS.
    """

    def __init__(self, url: str, *, starttls: bool = True) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._starttls = starttls
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """Hand the mail to the server.

        Raises:
            MailNotSent: the server did not accept it now.
            MailRefused: it never will.
        """
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            failure = MailRefused if _is_final(error) else MailNotSent
            raise failure(type(error).__name__) from None  # the cause may quote the mail

    def _connect(self) -> smtplib.SMTP:
        """Connect, over TLS unless that is not demanded and not offered.

        Raises:
            SMTPNotSupportedError: the server offers no TLS.
        """
        trusted = ssl.create_default_context()
        if self._secure:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=trusted)
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            server.ehlo()
            if self._starttls or self._user or server.has_extn("starttls"):
                server.starttls(context=trusted)
        except BaseException:
            server.close()
            raise
        return server


def _is_final(error: Exception) -> bool:
    """Whether the server refused this mail for good (RFC 5321, 4.2.1)."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return all(code >= 500 for code, _ in refused.values())
        case smtplib.SMTPDataError(smtp_code=code) | smtplib.SMTPSenderRefused(smtp_code=code):
            return bool(code >= 500)
    return False


class FileTransport:
    """A folder in which mails are written instead of being sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the mail to a file named by its Message-ID."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path_of(self._folder, message["Message-ID"]).write_bytes(bytes(message))


def path_of(folder: Path, message_id: str) -> Path:
    """The file of a mail."""
    return folder / f"{message_id.strip('<>').partition('@')[0]}.eml"
