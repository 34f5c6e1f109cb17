"""Deletes the account of a member: the saved cards at Omise, then everything that is theirs here.

Orders are kept as those of a guest: they are the books of the shop, and refunds need them.
"""

from collections.abc import Callable
from datetime import datetime

from storefront.accounts.models import User
from storefront.accounts.notices import AccountMail, schedule_farewell
from storefront.accounts.passwords import Passwords
from storefront.accounts.verification import WRONG_PASSWORD
from storefront.errors import InvalidForm
from storefront.payments.database import Database
from storefront.payments.saved_cards import SavedCards

from .address_book import AddressBook
from .orders import Orders


class AccountDeletion:
    """Deletes accounts, at the request of their owners."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        saved_cards: SavedCards,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._saved_cards = saved_cards
        self._now = now

    def delete(self, user_id: int, *, password: str) -> None:
        """Delete the account and its saved cards, and confirm it by mail.

        Raises:
            InvalidForm: if the password is wrong.
            PaymentsUnavailable: if Omise cannot delete the cards now; the account stays.
        """
        with self._database.read_session() as session:
            user = session.get_one(User, user_id)
        if not self._passwords.verify(user.password_hash, password):
            raise InvalidForm({"delete_password": WRONG_PASSWORD})
        for card in self._saved_cards.for_owner(str(user_id)):
            self._saved_cards.delete(str(user_id), card.id)
        with self._database.write_session() as session:
            user = session.get_one(User, user_id, with_for_update=True)
            Orders.detach_buyer(session.connection(), user_id)
            AddressBook.forget(session.connection(), user_id)
            schedule_farewell(
                session.connection(),
                AccountMail.ACCOUNT_DELETED,
                user.email,
                user.locale,
                self._now(),
            )
            session.delete(user)
