"""The internal state of each object. Records are immutable: a change is a new version.

Named tuples rather than dataclasses, because 50,000 of them must load in under a second and fit in
memory, and because an event keeps its version of the object at the cost of one reference.

Times are whole seconds since 1970, UTC. Amounts are in the smallest unit of their currency.
A new field goes last and has a default, so that old journals still load.
"""

from typing import Any, NamedTuple


class Card(NamedTuple):
    """A card without its number: its public fields, and the behaviour that its number selects."""

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
    has_email: bool = False


class Token(NamedTuple):
    """A single-use token for a card. The store's index knows what used it."""

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
    """A payment method other than a card. The store's index knows what used it."""

    id: str
    created_at: int
    type: str
    amount: int
    currency: str
    ip: str | None = None
    platform_type: str | None = None
    #: The other parameters of its creation, by name; most sources have none.
    details: dict[str, Any] | None = None


class Document(NamedTuple):
    """A document of a dispute. Its content is not stored."""

    id: str
    created_at: int
    file_name: str


class Dispute(NamedTuple):
    """A dispute (chargeback) of a charge."""

    id: str
    created_at: int
    charge: str
    amount: int
    currency: str
    funding_amount: int
    funding_currency: str
    status: str
    #: The transaction that debits it; once won, the one that gives it back.
    transaction: str
    credit_transaction: str | None = None
    message: str | None = None
    metadata: dict[str, Any] | None = None
    closed_at: int | None = None
    documents: tuple[Document, ...] = ()


class Charge(NamedTuple):
    """A charge. `state` is a row of `charge_states.CHARGE_STATES`, which gives every flag."""

    id: str
    created_at: int
    amount: int
    currency: str
    funding_amount: int
    funding_currency: str
    state: str
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
    #: The URL of the QR image, if there is one.
    picture_uri: str | None = None
    #: Whether it needs 3-D Secure, or asks for it.
    three_ds: bool = False
    statement_descriptor: str | None = None
    dispute: Dispute | None = None

    @property
    def payment(self) -> str | None:
        """The id in the URL of the bank page."""
        return self.authorize_uri.rsplit("/", 2)[1] if self.authorize_uri else None

    @property
    def picture(self) -> str | None:
        """The file name in the URL of the QR image."""
        return self.picture_uri.rsplit("/", 1)[1] if self.picture_uri else None

    @property
    def document(self) -> str | None:
        """The document id in the URL of the QR image."""
        return self.picture_uri.rsplit("/", 3)[1] if self.picture_uri else None


class Refund(NamedTuple):
    """A full or partial refund; a void when the charge had not settled yet."""

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
    """A credit or debit of the balance. Derived from a charge or a refund; not journalled."""

    id: str
    created_at: int
    amount: int
    currency: str
    #: A row of `fees.DIRECTIONS`.
    key: str
    origin: str


class Attempt(NamedTuple):
    """One attempt to deliver a webhook. Without a status, no response came."""

    at: float
    status: int | None
    error: str | None
    milliseconds: float
    #: What the receiver answered: header lines, and the beginning of the body.
    headers: tuple[str, ...] = ()
    body: str = ""


class Delivery(NamedTuple):
    """A webhook delivery. `next_at` is the time of the next attempt; None when it is over."""

    id: str
    created_at: int
    event: str
    uri: str
    next_at: float | None
    attempts: tuple[Attempt, ...] = ()


#: The records that the journal stores. Events are stored with the version they refer to.
Record = Card | Token | Customer | Source | Charge | Refund | Dispute | Delivery


class Event(NamedTuple):
    """An event, with the object as it was at the time."""

    id: str
    created_at: int
    key: str
    data: Record
