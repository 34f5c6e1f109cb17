"""Sends the mails to members: links that verify an email or set a password, and notices."""

import secrets
from collections.abc import Callable
from datetime import datetime

from storefront.accounts.models import User
from storefront.accounts.notices import AccountMail
from storefront.accounts.recovery import PasswordRecovery
from storefront.accounts.users import Accounts
from storefront.accounts.verification import EmailVerification
from storefront.payments.task_models import Task

from .mail import MailTransport, RenderedMail, compose

#: Renders a mail to a member: its kind, its language, and the token of its link.
AccountMailRenderer = Callable[[AccountMail, str, str | None], RenderedMail]


class AccountMails:
    """Renders and sends the mails about accounts. A mail that is sent twice does no harm."""

    def __init__(
        self,
        accounts: Accounts,
        recovery: PasswordRecovery,
        verification: EmailVerification,
        *,
        transport: MailTransport,
        sender: str,
        render: AccountMailRenderer,
        now: Callable[[], datetime],
    ) -> None:
        self._accounts = accounts
        self._recovery = recovery
        self._verification = verification
        self._transport = transport
        self._sender = sender
        self._render = render
        self._now = now

    def send(self, task: Task) -> bool:
        """Send the mail of a task, unless its account is gone: the task is done.

        Raises:
            MailNotSent: the mail server did not accept it.
        """
        kind = AccountMail(task.kind)
        if kind in FAREWELLS:
            locale, _, recipient = task.subject.partition(" ")
            self._deliver(task, recipient, self._render(kind, locale, None))
        elif user := self._user_of(task):
            recipient = user.email
            if kind == AccountMail.VERIFY_EMAIL and user.pending_email:
                recipient = user.pending_email
            mail = self._render(kind, user.locale, self._token(kind, user))
            self._deliver(task, recipient, mail)
        return True

    def _user_of(self, task: Task) -> User | None:
        if task.kind == AccountMail.RESET_PASSWORD:
            return self._accounts.find(task.subject)
        return self._accounts.find_by_id(int(task.subject))

    def _token(self, kind: AccountMail, user: User) -> str | None:
        match kind:
            case AccountMail.RESET_PASSWORD:
                return self._recovery.token_for(user)
            case AccountMail.VERIFY_EMAIL:
                return self._verification.token_for(user)
        return None

    def _deliver(self, task: Task, recipient: str, mail: RenderedMail) -> None:
        message = compose(
            mail,
            sender=self._sender,
            recipient=recipient,
            name=f"{task.kind.removeprefix('send_')}-{secrets.token_hex(8)}",
            at=self._now(),
        )
        self._transport.send(message)


#: Mails to an address that no account has any more.
FAREWELLS = frozenset({AccountMail.EMAIL_CHANGED, AccountMail.ACCOUNT_DELETED})
