"""The internal state of each object. Records never change: a change is a new version.

Named tuples rather than dataclasses, because 50,000 of them must load in under a second and fit in
memory, and because an event keeps the very version it speaks of at the cost of one reference.

Times are whole seconds since 1970, UTC. Amounts are in the smallest unit of their currency.
A new field goes last and has a default, so that old journals still load.
"""

from typing import Any, NamedTuple


class Card(NamedTuple):
    """A card without its number: what may be shown of it, and the behaviour its number selects."""

    id: str
    created_at: int
    token: str
    brand: str
    last_digits: str
    fingerprint: str
    name: str
    expiration_month: int
    expiration_year: int
    behaviour: str
    security_code_check: bool
    address: dict[str, str] | None = None
    tokenization_method: str | None = None
    customer: str | None = None
    deleted: bool = False


class Token(NamedTuple):
    """A single-use stand-in for a card. What it was used for is kept in the ledger's index."""

    id: str
    created_at: int
    card: Card


class Customer(NamedTuple):
    """A customer with their cards, oldest first."""

    id: str
    created_at: int
    email: str | None
    description: str | None
    metadata: dict[str, Any] | None
    cards: tuple[Card, ...] = ()
    default_card: str | None = None
    deleted: bool = False


class Source(NamedTuple):
    """What a shopper pays by other than a card. What it was used for is in the ledger's index."""

    id: str
    created_at: int
    type: str
    amount: int
    currency: str
    ip: str | None = None
    platform_type: str | None = None
    #: The other fields that it was made with, by name; most sources have none.
    details: dict[str, Any] | None = None


class Charge(NamedTuple):
    """A charge. `situation` is a row of `situations.SITUATIONS`, from which every flag follows."""

    id: str
    created_at: int
    amount: int
    currency: str
    funding_amount: int
    funding_currency: str
    situation: str
    capture: bool
    captured_amount: int
    expires_at: int
    card: Card | None
    customer: str | None = None
    description: str | None = None
    metadata: dict[str, Any] | None = None
    ip: str | None = None
    return_uri: str | None = None
    authorize_uri: str | None = None
    authorization_type: str | None = None
    authorized_at: int | None = None
    paid_at: int | None = None
    closed_at: int | None = None
    transaction: str | None = None
    failure_code: str | None = None
    refunded_amount: int = 0
    refunds: tuple[str, ...] = ()
    webhook_endpoints: tuple[str, ...] = ()
    platform_fee: dict[str, Any] | None = None
    source: Source | None = None
    #: Where the picture is that the shopper pays by, if there is one.
    picture_uri: str | None = None

    @property
    def payment(self) -> str | None:
        """The id in the address of the bank page."""
        return self.authorize_uri.rsplit("/", 2)[1] if self.authorize_uri else None

    @property
    def picture(self) -> str | None:
        """The name of the picture, which ends its address."""
        return self.picture_uri.rsplit("/", 1)[1] if self.picture_uri else None

    @property
    def document(self) -> str | None:
        """The id of the picture, which is in its address."""
        return self.picture_uri.rsplit("/", 3)[1] if self.picture_uri else None


class Refund(NamedTuple):
    """Money given back, in part or in full; a void when the charge had not settled yet."""

    id: str
    created_at: int
    charge: str
    amount: int
    currency: str
    funding_amount: int
    funding_currency: str
    transaction: str
    voided: bool
    metadata: dict[str, Any] | None = None


class Transaction(NamedTuple):
    """Money into the account or out of it. Follows from a charge or a refund; not journalled."""

    id: str
    created_at: int
    amount: int
    currency: str
    #: A row of `fees.MOVES`.
    key: str
    origin: str


class Attempt(NamedTuple):
    """One try to deliver a webhook. No status means that no answer came."""

    at: float
    status: int | None
    error: str | None
    milliseconds: float


class Delivery(NamedTuple):
    """A webhook on its way. `next_at` is when it is tried (again); None when it is over."""

    id: str
    created_at: int
    event: str
    uri: str
    next_at: float | None
    attempts: tuple[Attempt, ...] = ()


#: What the journal keeps versions of. Events are kept with the version that they speak of.
Record = Card | Token | Customer | Source | Charge | Refund | Delivery


class Event(NamedTuple):
    """Something that happened, with the object as it was then."""

    id: str
    created_at: int
    key: str
    data: Record
