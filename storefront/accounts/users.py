"""Accounts: signing up and logging in."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.errors import EmailTaken, InvalidForm
from storefront.models import EndedLogIn, User
from storefront.payments.database import Database
from storefront.payments.i18n import Sentence, say

#: What OWASP's password storage cheat sheet names first for argon2id. More would let whoever
#: guesses passwords keep the machine busy.
ROUNDS, KIBIBYTES, LANES = 2, 19 * 1024, 1

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

WRONG = say("Incorrect email or password.")


def clean_email(text: str) -> str:
    """The address in the form in which it is compared and kept.

    Raises:
        InvalidForm: when it is no address.
    """
    try:
        address = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        message = say("Enter a valid email address, like name@example.com.")
        raise InvalidForm({"email": message}) from None
    return address.normalized.lower()


def problem_of(password: str) -> Sentence | None:
    """Why a password cannot be used; None when it can."""
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return None
    return say("Password must be at least %(least)s characters.", least=SHORTEST_PASSWORD)


class Accounts:
    """The shoppers who signed up."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._hasher = PasswordHasher(ROUNDS, KIBIBYTES, LANES)

    @cached_property
    def _nobody(self) -> str:
        """Checked against when there is no such account, so that both answers take as long."""
        return self._hasher.hash("nobody's password")

    def by_session(self, key: str, log_in: str) -> User | None:
        """The shopper whose `User.get_id` a session kept; None when it has been ended since.

        Args:
            key: what was kept of the account.
            log_in: the key of the log-in.
        """
        user_id, _, epoch = key.partition(".")
        if not (user_id.isdecimal() and epoch.isdecimal()):
            return None
        found = select(User).where(User.id == int(user_id), ~EndedLogIn.has(log_in))
        with self._database.reading() as session:
            user = session.scalar(found)
        return user if user and user.get_id() == key else None

    def change_password(self, user_id: int, *, old: str, new: str) -> User:
        """The account with a new password; every session of it has ended.

        Raises:
            InvalidForm: when the old one is not right, or the new one cannot be used.
        """
        with self._database.writing() as session:
            user = session.get_one(User, user_id, with_for_update=True)
            if not self.is_right(user.password_hash, old):
                raise InvalidForm({"old_password": say("Your current password is incorrect.")})
            if problem := problem_of(new):
                raise InvalidForm({"password": problem})
            user.password_hash = self._hasher.hash(new)
            user.epoch += 1
            return user

    def end_sessions(self, user_id: int) -> User:
        """The account, after every session of it has ended."""
        with self._database.writing() as session:
            user = session.get_one(User, user_id, with_for_update=True)
            user.epoch += 1
            return user

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def is_right(self, password_hash: str | None, password: str) -> bool:
        """Whether a password is the one; without a hash the answer is no, and takes as long."""
        try:
            self._hasher.verify(password_hash or self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return password_hash is not None

    def sign_up(self, email: str, password: str) -> User:
        """A new account.

        Raises:
            InvalidForm: when the email or the password cannot be used.
            EmailTaken: when all would be well, were it not for somebody's account.
        """
        problems = {}
        try:
            email = clean_email(email)
        except InvalidForm as invalid:
            problems = invalid.problems
        if problem := problem_of(password):
            problems["password"] = problem
        if problems:
            raise InvalidForm(problems)
        user = User(email=email, password_hash=self._hasher.hash(password), created_at=self._now())
        try:
            with self._database.writing() as session:
                session.add(user)
        except IntegrityError:
            raise EmailTaken from None
        return user

    def log_in(self, email: str, password: str) -> User:
        """The account that the email and the password belong to.

        Raises:
            InvalidForm: when they do not; never says which of the two is wrong.
        """
        with self._database.reading() as session:
            user: User | None = session.scalar(
                select(User).where(User.email == email.strip().lower())
            )
        kept = user.password_hash if user else None
        if not self.is_right(kept, password) or user is None:
            raise InvalidForm({"password": WRONG})
        return user
