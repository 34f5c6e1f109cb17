"""The mails to members, scheduled in the transaction that makes them necessary.

A link is signed when its mail is written, so no table and no task contains one.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.engine import Connection

from storefront.accounts.models import User
from storefront.payments import outbox


class AccountMail(StrEnum):
    """The mails to members; also the kinds of their tasks."""

    VERIFY_EMAIL = "send_email_verification"
    RESET_PASSWORD = "send_password_reset"  # noqa: S105 - a name
    PASSWORD_CHANGED = "send_password_notice"  # noqa: S105 - a name
    EMAIL_CHANGED = "send_email_notice"
    ACCOUNT_DELETED = "send_deletion_notice"


def schedule_verification(connection: Connection, user: User, at: datetime) -> None:
    """Mail a link that verifies the account's email, or the one that it changes to."""
    outbox.schedule(connection, AccountMail.VERIFY_EMAIL, str(user.id), due_at=at)


def schedule_reset(connection: Connection, email: str, at: datetime) -> None:
    """Mail a link that sets a new password, if there is an account with this email."""
    outbox.schedule(connection, AccountMail.RESET_PASSWORD, email, due_at=at)


def schedule_password_notice(connection: Connection, user: User, at: datetime) -> None:
    """Tell the owner that the account has a new password."""
    outbox.schedule(
        connection,
        AccountMail.PASSWORD_CHANGED,
        str(user.id),
        due_at=at,
        amount=user.session_version,
    )


def schedule_farewell(
    connection: Connection, kind: AccountMail, email: str, locale: str, at: datetime
) -> None:
    """Tell an address that it no longer belongs to the account, or that the account is gone."""
    outbox.schedule(connection, kind, f"{locale} {email}", due_at=at)
