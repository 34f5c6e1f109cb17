"""Staff: who may work in the back office. Their accounts are not those of shoppers."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from storefront.accounts.users import WRONG, Accounts, clean_email, problem_of
from storefront.errors import InvalidForm
from storefront.models import EndedLogIn, Staff
from storefront.payments.database import Database


class StaffRoom:
    """The people of the back office. They are let in by `flask --app app create-staff` alone."""

    def __init__(
        self, database: Database, accounts: Accounts, *, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._now = now

    def admit(self, email: str, password: str) -> None:
        """Let somebody in, or give them a new password, which ends their sessions.

        Raises:
            InvalidForm: when the email or the password cannot be used.
        """
        address = clean_email(email)
        if problem := problem_of(password):
            raise InvalidForm({"password": problem})
        with self._database.writing() as session:
            person = session.scalar(select(Staff).where(Staff.email == address))
            if person is None:
                person = Staff(email=address, epoch=0, created_at=self._now())
                session.add(person)
            person.password_hash = self._accounts.hash(password)
            person.epoch += 1

    def log_in(self, email: str, password: str) -> Staff:
        """The person that the email and the password belong to.

        Raises:
            InvalidForm: when they do not; never says which of the two is wrong.
        """
        with self._database.reading() as session:
            person = session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        kept = person.password_hash if person else None
        if not self._accounts.is_right(kept, password) or person is None:
            raise InvalidForm({"password": WRONG})
        return person

    def by_session(self, staff_id: int, epoch: int, log_in: str) -> Staff | None:
        """The person of a session; None when it has been ended since."""
        found = select(Staff).where(Staff.id == staff_id, ~EndedLogIn.has(log_in))
        with self._database.reading() as session:
            person = session.scalar(found)
        return person if person and person.epoch == epoch else None
