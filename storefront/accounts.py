"""Accounts: signing up and logging in."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from .database import Database
from .errors import InvalidForm
from .models import User

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

WRONG = "The email or the password is not right."


def clean_email(text: str) -> str:
    """The address in the form in which it is compared and kept.

    Raises:
        InvalidForm: when it is no address.
    """
    try:
        address = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        message = "Enter an email address, like name@example.com."
        raise InvalidForm({"email": message}) from None
    return address.normalized.lower()


class Accounts:
    """The shoppers who signed up."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._hasher = PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """Checked against when there is no such account, so that both answers take as long."""
        return self._hasher.hash("nobody's password")

    def by_id(self, user_id: int) -> User | None:
        """The shopper with that id, if there is one."""
        with self._database.reading() as session:
            return session.get(User, user_id)

    def sign_up(self, email: str, password: str) -> User:
        """A new account.

        Raises:
            InvalidForm: when the email or the password cannot be used.
        """
        problems = {}
        try:
            email = clean_email(email)
        except InvalidForm as invalid:
            problems = invalid.problems
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            problems["password"] = f"Choose a password of {SHORTEST_PASSWORD} characters or more."
        if problems:
            raise InvalidForm(problems)
        user = User(email=email, password_hash=self._hasher.hash(password), created_at=self._now())
        try:
            with self._database.writing() as session:
                session.add(user)
        except IntegrityError:
            raise InvalidForm(
                {"email": "This email cannot be used for a new account. Do you want to log in?"}
            ) from None
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
        try:
            self._hasher.verify(user.password_hash if user else self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            raise InvalidForm({"password": WRONG}) from None
        if user is None:
            raise InvalidForm({"password": WRONG})
        return user
