"""Saved cards: kept by Omise under a customer of theirs, reached here only through their owner."""

from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import IntegrityError

from storefront.errors import InvalidForm, LoginRequired, PaymentsUnavailable, UnknownCard
from storefront.models import OmiseCustomer
from storefront.shop.shopper import Shopper

from .database import Database
from .decline_messages import words_for
from .omise import Card, Customer, OmiseClient, OmiseError, OmiseRejected

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card that a member may pay with again."""

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
    def of(cls, card: Card, *, default_card: str | None, today: datetime) -> "SavedCard":
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
    """The saved cards of members. A customer id never comes from a request."""

    def __init__(self, database: Database, omise: OmiseClient, *, livemode: bool) -> None:
        self._database = database
        self._omise = omise
        self._livemode = livemode

    def all(self, shopper: Shopper) -> list[SavedCard]:
        """The shopper's cards, the default one first.

        Raises:
            PaymentsUnavailable: when Omise cannot be asked.
        """
        customer = self._customer(shopper)
        if customer is None:
            return []
        today = datetime.now(UTC)
        cards = [
            SavedCard.of(card, default_card=customer.default_card, today=today)
            for card in self._cards_of(customer)
        ]
        return sorted(cards, key=lambda card: not card.is_default)

    def owned(self, shopper: Shopper, card_id: str) -> str:
        """The id of the customer who keeps the shopper's card.

        Raises:
            UnknownCard: when there is no such card, or it is somebody else's.
            PaymentsUnavailable: when Omise cannot be asked.
        """
        customer = self._customer(shopper)
        if customer is None or card_id not in {card.id for card in self._cards_of(customer)}:
            raise UnknownCard
        return customer.id

    def add(self, shopper: Shopper, token_id: str) -> tuple[str, str]:
        """Keep a token's card for the shopper: the ids of the customer and of the card.

        Raises:
            OmiseError: as the client says; only after OmiseUnknown may the card be there.
        """
        customer_id = self._customer_id(shopper) or self._create_customer(shopper)
        card = self._omise.token(token_id).card
        try:
            customer = self._omise.add_card(customer_id, token_id)
        except OmiseRejected as refusal:
            if not self._is_gone(customer_id, refusal):
                raise
            self._forget_customer(shopper)
            customer = self._omise.add_card(self._create_customer(shopper), token_id)
        # The card keeps the id that it had in the token; without it, the newest card is the one.
        return customer.id, card.id if card else customer.cards[-1].id

    def add_or_explain(self, shopper: Shopper, token_id: str) -> None:
        """Keep a token's card, with words for the shopper when that fails.

        Raises:
            InvalidForm: when Omise refuses the token.
            PaymentsUnavailable: when Omise cannot be asked.
        """
        try:
            self.add(shopper, token_id)
        except OmiseRejected as refusal:
            raise InvalidForm({"token": words_for(refusal.code).both}) from None
        except OmiseError as error:
            raise _unavailable(error) from None

    def make_default(self, shopper: Shopper, card_id: str) -> None:
        """Let a card be the one that is offered first.

        Raises:
            UnknownCard, PaymentsUnavailable: as `owned` does.
        """
        customer_id = self.owned(shopper, card_id)
        try:
            self._omise.make_default_card(customer_id, card_id)
        except OmiseError as error:
            raise _refusal_as_unknown_card(error) from None

    def delete(self, shopper: Shopper, card_id: str) -> None:
        """Delete a card at Omise.

        Raises:
            UnknownCard, PaymentsUnavailable: as `owned` does.
        """
        self.forget(self.owned(shopper, card_id), card_id)

    def forget(self, customer_id: str, card_id: str) -> None:
        """Delete a card whose owner is known already.

        Raises:
            UnknownCard: when it is gone already.
            PaymentsUnavailable: when Omise cannot be asked.
        """
        try:
            self._omise.delete_card(customer_id, card_id)
        except OmiseError as error:
            raise _refusal_as_unknown_card(error) from None

    # The customer at Omise

    def _customer(self, shopper: Shopper) -> Customer | None:
        """The shopper as Omise knows them; None when it does not (any more)."""
        customer_id = self._customer_id(shopper)
        if customer_id is None:
            return None
        try:
            customer = self._omise.customer(customer_id)
        except OmiseError as error:
            if not (isinstance(error, OmiseRejected) and error.status == 404):
                raise _unavailable(error) from None
            customer = None
        if customer is None or customer.deleted:
            self._forget_customer(shopper)
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

    def _is_gone(self, customer_id: str, refusal: OmiseRejected) -> bool:
        return refusal.status == 404 and customer_id in refusal.message

    def _customer_id(self, shopper: Shopper) -> str | None:
        if shopper.user_id is None:
            return None
        with self._database.reading() as session:
            row = session.get(OmiseCustomer, (shopper.user_id, self._livemode))
            return row.customer_id if row else None

    def _create_customer(self, shopper: Shopper) -> str:
        if shopper.user_id is None or shopper.email is None:
            raise LoginRequired
        customer = self._omise.create_customer(
            email=shopper.email, metadata={"user": str(shopper.user_id)}
        )
        row = OmiseCustomer(
            user_id=shopper.user_id, livemode=self._livemode, customer_id=customer.id
        )
        try:
            with self._database.writing() as session:
                session.add(row)
        except IntegrityError:  # another tab was quicker; its customer is the one
            return self._customer_id(shopper) or customer.id
        return customer.id

    def _forget_customer(self, shopper: Shopper) -> None:
        log.warning("omise_customer_gone", user=shopper.user_id)
        with self._database.writing() as session:
            row = session.get(OmiseCustomer, (shopper.user_id, self._livemode))
            if row is not None:
                session.delete(row)


def _unavailable(error: OmiseError) -> PaymentsUnavailable:
    log.warning("omise_unavailable", error=type(error).__name__, reason=str(error))
    return PaymentsUnavailable()


def _refusal_as_unknown_card(error: OmiseError) -> UnknownCard | PaymentsUnavailable:
    return UnknownCard() if isinstance(error, OmiseRejected) else _unavailable(error)
