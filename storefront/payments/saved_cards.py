"""Saved cards: kept by Omise under a customer, reached only through their owner.

An owner is an opaque id that the host gives its user. A customer id never comes from a request, and
belongs to an account and a mode: under other keys an owner has other cards, and loses none.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from . import tables
from .account import MerchantAccount
from .database import Database
from .decline_messages import decline_message
from .errors import CardNotFound, CardNotSaved, PaymentsUnavailable
from .omise import Card, Customer, OmiseClient, OmiseError, OmiseRejected

log = logging.getLogger(__name__)

_CUSTOMERS = tables.customers
_IS_OWNERS = and_(
    _CUSTOMERS.c.owner == bindparam("of_owner"), _CUSTOMERS.c.livemode == bindparam("of_mode")
)
_CUSTOMERS_OF_OWNER = select(_CUSTOMERS.c.account, _CUSTOMERS.c.customer_id).where(_IS_OWNERS)
_IS_OF_ACCOUNT = and_(_IS_OWNERS, _CUSTOMERS.c.account == bindparam("of_account"))


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card that its owner may pay with again."""

    id: str
    brand: str
    last_digits: str
    name: str
    expiration_month: int
    expiration_year: int
    is_default: bool
    is_expired: bool

    @property
    def label(self) -> str:
        """The card in words, such as Visa •••• 4242."""
        return f"{self.brand} •••• {self.last_digits}"

    @property
    def expires(self) -> str:
        """Its expiry date as it is printed on the card."""
        return f"{self.expiration_month:02}/{self.expiration_year % 100:02}"

    @classmethod
    def build(cls, card: Card, *, default_card: str | None, today: datetime) -> "SavedCard":
        """The card as its owner sees it."""
        return cls(
            id=card.id,
            brand=card.brand,
            last_digits=card.last_digits,
            name=card.name,
            expiration_month=card.expiration_month,
            expiration_year=card.expiration_year,
            is_default=card.id == default_card,
            is_expired=(card.expiration_year, card.expiration_month) < (today.year, today.month),
        )


class SavedCards:
    """The saved cards of owners."""

    def __init__(
        self,
        database: Database,
        omise: OmiseClient,
        account: MerchantAccount,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._omise = omise
        self._account = account
        self._now = now

    def for_owner(self, owner: str | None) -> list[SavedCard]:
        """The owner's cards, the default one first.

        Raises:
            PaymentsUnavailable: Omise cannot be reached.
        """
        customer = self._customer(owner)
        if customer is None:
            return []
        cards = [
            SavedCard.build(card, default_card=customer.default_card, today=self._now())
            for card in self._cards_of(customer)
        ]
        return sorted(cards, key=lambda card: not card.is_default)

    def customer_of(self, owner: str | None, card_id: str) -> str:
        """The id of the customer who has the owner's card.

        Raises:
            CardNotFound: there is no such card, or it belongs to another owner.
            PaymentsUnavailable: Omise cannot be reached.
        """
        customer = self._customer(owner)
        if customer is None or card_id not in {card.id for card in self._cards_of(customer)}:
            raise CardNotFound
        return customer.id

    def customer_id(self, owner: str | None) -> str | None:
        """The id of the owner's customer in the account of the keys, as far as it is recorded.

        Raises:
            OmiseError: the owner has a customer, and Omise cannot be asked whose keys these are.
        """
        if owner is None:
            return None
        with self._database.connect() as connection:
            rows = connection.execute(_CUSTOMERS_OF_OWNER, self._key(owner)).all()
        customers: dict[str, str] = {row.account: row.customer_id for row in rows}
        return customers.get(self._account.require_id()) if customers else None

    def add(self, owner: str | None, token: str, *, email: str | None) -> tuple[str, str]:
        """Save a token's card: the ids of the customer and of the card.

        Raises:
            CardNotFound: there is no owner.
            OmiseError: as the client says; only after OmiseUnknown may the card be saved.
        """
        if owner is None:
            raise CardNotFound
        customer_id = self.customer_id(owner) or self._create_customer(owner, email)
        card = self._omise.token(token).card
        try:
            customer = self._omise.add_card(customer_id, token)
        except OmiseRejected as rejection:
            if not self._is_gone(customer_id, rejection):
                raise
            self._delete_customer(owner)
            customer = self._omise.add_card(self._create_customer(owner, email), token)
        # The card keeps the id that it had in the token; without it, it is the newest card.
        return customer.id, card.id if card else customer.cards[-1].id

    def save(self, owner: str | None, token: str, *, email: str | None) -> None:
        """Save a token's card, with a message for the shopper when that fails.

        Raises:
            CardNotSaved: Omise rejected the token; the message says why.
            PaymentsUnavailable: Omise cannot be reached.
        """
        try:
            self.add(owner, token, email=email)
        except OmiseRejected as rejection:
            raise CardNotSaved(decline_message(rejection.code).text) from None
        except OmiseError as error:
            raise _unavailable(error) from None

    def make_default(self, owner: str | None, card_id: str) -> None:
        """Make a card the one that is offered first.

        Raises:
            CardNotFound, PaymentsUnavailable: as `customer_of` does.
        """
        customer_id = self.customer_of(owner, card_id)
        try:
            self._omise.make_default_card(customer_id, card_id)
        except OmiseError as error:
            raise _not_found_or_unavailable(error) from None

    def delete(self, owner: str | None, card_id: str) -> None:
        """Delete a card at Omise.

        Raises:
            CardNotFound, PaymentsUnavailable: as `customer_of` does.
        """
        self.delete_for_customer(self.customer_of(owner, card_id), card_id)

    def delete_for_customer(self, customer_id: str, card_id: str) -> None:
        """Delete a card whose owner is known already.

        Raises:
            CardNotFound: it is deleted already.
            PaymentsUnavailable: Omise cannot be reached.
        """
        try:
            self._omise.delete_card(customer_id, card_id)
        except OmiseError as error:
            raise _not_found_or_unavailable(error) from None

    # The customer at Omise

    def _customer(self, owner: str | None) -> Customer | None:
        """The owner's customer as Omise has it; None when it does not exist (any more)."""
        if owner is None:
            return None
        try:
            customer_id = self.customer_id(owner)
            if customer_id is None:
                return None
            customer: Customer | None = self._omise.customer(customer_id)
        except OmiseError as error:
            if not (isinstance(error, OmiseRejected) and error.status == 404):
                raise _unavailable(error) from None
            customer = None
        if customer is None or customer.deleted:
            self._delete_customer(owner)
            return None
        return customer

    def _cards_of(self, customer: Customer) -> list[Card]:
        cards = customer.cards
        if len(cards) < customer.card_count:
            try:
                cards = tuple(self._omise.cards(customer.id))
            except OmiseError as error:
                raise _unavailable(error) from None
        return [card for card in cards if not card.deleted]

    @staticmethod
    def _is_gone(customer_id: str, rejection: OmiseRejected) -> bool:
        """Whether it is the customer, not the token, that Omise does not find."""
        return rejection.status == 404 and customer_id in rejection.message

    def _create_customer(self, owner: str, email: str | None) -> str:
        account = self._account.require_id()
        customer = self._omise.create_customer(email=email, metadata={"user": owner})
        row = {
            "owner": owner,
            "livemode": self._account.livemode,
            "account": account,
            "customer_id": customer.id,
        }
        try:
            with self._database.transaction() as connection:
                connection.execute(insert(_CUSTOMERS), row)
        except IntegrityError:  # another tab was faster; its customer is the one
            return self.customer_id(owner) or customer.id
        return customer.id

    def _delete_customer(self, owner: str) -> None:
        """Forget the customer that the account of the keys does not have (any more)."""
        log.warning("omise_customer_gone", extra={"owner": owner})
        key = {**self._key(owner), "of_account": self._account.require_id()}
        with self._database.transaction() as connection:
            connection.execute(delete(_CUSTOMERS).where(_IS_OF_ACCOUNT), key)

    def _key(self, owner: str) -> dict[str, object]:
        return {"of_owner": owner, "of_mode": self._account.livemode}


def _unavailable(error: OmiseError) -> PaymentsUnavailable:
    reason = {"error": type(error).__name__, "reason": str(error)}
    log.warning("omise_unavailable", extra=reason)
    return PaymentsUnavailable()


def _not_found_or_unavailable(error: OmiseError) -> CardNotFound | PaymentsUnavailable:
    return CardNotFound() if isinstance(error, OmiseRejected) else _unavailable(error)
