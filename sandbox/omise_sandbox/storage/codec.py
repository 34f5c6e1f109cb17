"""Records to bytes and back. No names are written, only values in order: small and fast to load."""

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
    Record,
    Refund,
    Source,
    Token,
)
from omise_sandbox.storage.store import Ledger

#: Where the card, the source and the tuples of ids stand in a charge.
CARD, SOURCE = Charge._fields.index("card"), Charge._fields.index("source")
CUSTOMER = Charge._fields.index("customer")
#: Words that most charges share, kept once instead of 50,000 times.
REPEATED = tuple(
    Charge._fields.index(name)
    for name in ("currency", "funding_currency", "situation", "customer", "failure_code")
)
TUPLES = tuple(Charge._fields.index(name) for name in ("refunds", "webhook_endpoints"))


def pack(record: Record) -> bytes:
    """The record as a JSON array."""
    values = _without_copies(record) if isinstance(record, Charge) else tuple(record)
    return orjson.dumps(values, default=tuple)


def _without_copies(charge: Charge) -> list[Any]:
    """The card of a one-off charge is written as its token's id, and a source as its id."""
    values: list[Any] = list(charge)
    if charge.card and not charge.customer:
        values[CARD] = charge.card.token
    if charge.source:
        values[SOURCE] = charge.source.id
    return values


def unpack(kind: str, state: bytes, ledger: Ledger) -> Record:
    """The record from its bytes; a charge finds its card in the ledger."""
    return KINDS[kind].revive(orjson.loads(state), ledger)


def _token(values: list[Any], _: Ledger) -> Token:
    return Token(values[0], values[1], Card(*values[2]))


def _card(values: list[Any], _: Ledger) -> Card:
    return Card(*values)


def _customer(values: list[Any], _: Ledger) -> Customer:
    customer = Customer(*values)
    return customer._replace(cards=tuple(Card(*card) for card in values[5]))


def _source(values: list[Any], _: Ledger) -> Source:
    return Source(*values)


def _charge(values: list[Any], ledger: Ledger) -> Charge:
    card = values[CARD]
    if isinstance(card, str):
        token = ledger.tokens.get(card)
        values[CARD] = token.card if token else None
    elif card:
        values[CARD] = _known_card(Card(*card), values[CUSTOMER], ledger)
    for position in REPEATED:
        if values[position]:
            values[position] = intern(values[position])
    for position in TUPLES:
        values[position] = tuple(values[position])
    if len(values) > SOURCE and values[SOURCE]:
        values[SOURCE] = ledger.sources.get(values[SOURCE])
    return Charge(*values)


def _known_card(card: Card, customer_id: str, ledger: Ledger) -> Card:
    """The very card that the customer has, unless it was changed since: it is kept once."""
    customer = ledger.customers.get(customer_id)
    return next((known for known in customer.cards if known == card), card) if customer else card


def _refund(values: list[Any], _: Ledger) -> Refund:
    return Refund(*values)


def _delivery(values: list[Any], _: Ledger) -> Delivery:
    delivery = Delivery(*values)
    return delivery._replace(attempts=tuple(Attempt(*attempt) for attempt in values[5]))


class Kind(NamedTuple):
    """A kind of record: its name in the journal and how to read it from there."""

    record: type[Record]
    revive: Callable[[list[Any], Ledger], Record]


KINDS: dict[str, Kind] = {
    "token": Kind(Token, _token),
    "card": Kind(Card, _card),
    "customer": Kind(Customer, _customer),
    "source": Kind(Source, _source),
    "charge": Kind(Charge, _charge),
    "refund": Kind(Refund, _refund),
    "delivery": Kind(Delivery, _delivery),
}
NAMES: dict[type[Record], str] = {kind.record: name for name, kind in KINDS.items()}
