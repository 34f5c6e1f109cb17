"""Records to bytes and back: values in order and without names, for size and loading time."""

from collections.abc import Callable
from sys import intern
from typing import Any, NamedTuple

import orjson

from omise_sandbox.storage.records import (
    Attempt,
    Card,
    Charge,
    Customer,
    Delivery,
    Dispute,
    Document,
    Record,
    Refund,
    Source,
    Token,
)
from omise_sandbox.storage.store import Store

#: Positions of other objects in a charge.
CARD, SOURCE = Charge._fields.index("card"), Charge._fields.index("source")
CUSTOMER, DISPUTE = Charge._fields.index("customer"), Charge._fields.index("dispute")
#: Strings that most charges share; interned, so that 50,000 charges store them once.
REPEATED = tuple(
    Charge._fields.index(name)
    for name in ("currency", "funding_currency", "state", "customer", "failure_code")
)
TUPLES = tuple(Charge._fields.index(name) for name in ("refunds", "webhook_endpoints"))


def pack(record: Record) -> bytes:
    """Encode the record as a JSON array."""
    values = _without_copies(record) if isinstance(record, Charge) else tuple(record)
    return orjson.dumps(values, default=tuple)


def _without_copies(charge: Charge) -> list[Any]:
    """Write ids for the card of a one-off charge, its source and its dispute."""
    values: list[Any] = list(charge)
    if charge.card and not charge.customer:
        values[CARD] = charge.card.token
    if charge.source:
        values[SOURCE] = charge.source.id
    if charge.dispute:
        values[DISPUTE] = charge.dispute.id
    return values


def unpack(kind: str, state: bytes, store: Store) -> Record:
    """Decode a record; a charge finds its card in the store."""
    return KINDS[kind].revive(orjson.loads(state), store)


def _token(values: list[Any], _: Store) -> Token:
    return Token(values[0], values[1], Card(*values[2]))


def _card(values: list[Any], _: Store) -> Card:
    return Card(*values)


def _customer(values: list[Any], _: Store) -> Customer:
    customer = Customer(*values)
    return customer._replace(cards=tuple(Card(*card) for card in values[5]))


def _source(values: list[Any], _: Store) -> Source:
    return Source(*values)


def _charge(values: list[Any], store: Store) -> Charge:
    card = values[CARD]
    if isinstance(card, str):
        token = store.tokens.get(card)
        values[CARD] = token.card if token else None
    elif card:
        values[CARD] = _known_card(Card(*card), values[CUSTOMER], store)
    for position in REPEATED:
        if values[position]:
            values[position] = intern(values[position])
    for position in TUPLES:
        values[position] = tuple(values[position])
    if len(values) > SOURCE and values[SOURCE]:
        values[SOURCE] = store.sources.get(values[SOURCE])
    if len(values) > DISPUTE and values[DISPUTE]:
        values[DISPUTE] = store.disputes.get(values[DISPUTE])
    return Charge(*values)


def _known_card(card: Card, customer_id: str, store: Store) -> Card:
    """The customer's own card object when it is equal, so that it is stored once."""
    customer = store.customers.get(customer_id)
    return next((known for known in customer.cards if known == card), card) if customer else card


def _refund(values: list[Any], _: Store) -> Refund:
    return Refund(*values)


def _dispute(values: list[Any], _: Store) -> Dispute:
    dispute = Dispute(*values)
    return dispute._replace(documents=tuple(Document(*each) for each in dispute.documents))


def _delivery(values: list[Any], _: Store) -> Delivery:
    delivery = Delivery(*values)
    return delivery._replace(attempts=tuple(Attempt(*attempt) for attempt in values[5]))


class Kind(NamedTuple):
    """A kind of record: its class, and how to decode it."""

    record: type[Record]
    revive: Callable[[list[Any], Store], Record]


KINDS: dict[str, Kind] = {
    "token": Kind(Token, _token),
    "card": Kind(Card, _card),
    "customer": Kind(Customer, _customer),
    "source": Kind(Source, _source),
    "charge": Kind(Charge, _charge),
    "refund": Kind(Refund, _refund),
    "dispute": Kind(Dispute, _dispute),
    "delivery": Kind(Delivery, _delivery),
}
NAMES: dict[type[Record], str] = {kind.record: name for name, kind in KINDS.items()}
