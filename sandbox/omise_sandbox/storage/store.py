"""Everything a world has stored, and the indexes over it. A reset swaps in a new one."""

from collections.abc import Callable
from typing import Any

from omise_sandbox.rules.charge_states import PENDING
from omise_sandbox.rules.fees import MOVES, credit, debit
from omise_sandbox.storage.clock import Agenda, Disposable
from omise_sandbox.storage.collection import Shelf
from omise_sandbox.storage.records import (
    Charge,
    Customer,
    Delivery,
    Event,
    Record,
    Refund,
    Source,
    Token,
    Transaction,
)


class Ledger:
    """Shelves of objects and the agenda of what falls due on them."""

    def __init__(self) -> None:
        self.tokens: Shelf[Token] = Shelf()
        self.customers: Shelf[Customer] = Shelf()
        self.sources: Shelf[Source] = Shelf()
        self.charges: Shelf[Charge] = Shelf()
        self.refunds: Shelf[Refund] = Shelf()
        self.events: Shelf[Event] = Shelf()
        self.deliveries: Shelf[Delivery] = Shelf()
        self.transactions: Shelf[Transaction] = Shelf()
        #: currency → what its transactions add up to
        self.balances: dict[str, int] = {}
        self.agenda = Agenda()
        #: token or source id → the charge or customer it was used for. One not here is unused.
        self.spent: dict[str, str] = {}
        #: what a browser brings for want of a key → charge id: the id in the bank page's address,
        #: the name of a picture
        self.payments: dict[str, str] = {}
        #: charge id → its event ids; event id → its delivery ids
        self.events_of: dict[str, tuple[str, ...]] = {}
        self.deliveries_of: dict[str, tuple[str, ...]] = {}

    def contents(self) -> list[Disposable]:
        """All that the ledger holds, to be let go of bit by bit."""
        objects = (self.tokens, self.customers, self.sources, self.charges, self.refunds)
        shelves = (*objects, self.events, self.deliveries, self.transactions)
        indexes = (self.spent, self.payments, self.events_of, self.deliveries_of)
        return [
            *((shelf.by_id, shelf.drop_one) for shelf in shelves),
            *((index, index.popitem) for index in indexes),
            *self.agenda.contents(),
        ]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was made yet: everything else begins with one of these."""
        return not (self.tokens.by_id or self.customers.by_id or self.sources.by_id)

    def charge_by(self, source_id: str) -> Charge | None:
        """The charge that used the source."""
        return self.charges.get(self.spent.get(source_id, ""))

    def put(self, record: Record) -> None:
        """Keep this version of the record and bring the indexes up to date."""
        file = FILING.get(type(record))
        if file:
            file(self, record)

    def put_event(self, event: Event) -> None:
        """Keep the event, under its charge too."""
        self.events.put(event)
        if isinstance(event.data, Charge):
            known = self.events_of.get(event.data.id, ())
            self.events_of[event.data.id] = (*known, event.id)

    def _put_token(self, token: Token) -> None:
        self.tokens.put(token)

    def _put_refund(self, refund: Refund) -> None:
        self.refunds.put(refund)
        self._enter(debit(refund))

    def _put_source(self, source: Source) -> None:
        self.sources.put(source)

    def _put_customer(self, customer: Customer) -> None:
        self.customers.put(customer)
        for card in customer.cards:
            self.spent.setdefault(card.token, customer.id)
        if customer.deleted:
            self.customers.unlist(customer.id)

    def _put_charge(self, charge: Charge) -> None:
        new = self.charges.put(charge)
        if charge.transaction and charge.transaction not in self.transactions.by_id:
            self._enter(credit(charge, charge.transaction))
        if not new:
            return
        if charge.source:
            self.spent[charge.source.id] = charge.id
        if charge.card and not charge.customer:
            self.spent[charge.card.token] = charge.id
        for brought in (charge.payment, charge.picture):
            if brought:
                self.payments[brought] = charge.id
        if charge.situation in PENDING:
            self.agenda.add(charge.expires_at, "expire", charge.id)

    def _enter(self, transaction: Transaction) -> None:
        """Into the books, once."""
        if self.transactions.put(transaction):
            sign = 1 if MOVES[transaction.key] == "credit" else -1
            before = self.balances.get(transaction.currency, 0)
            self.balances[transaction.currency] = before + sign * transaction.amount

    def _put_delivery(self, delivery: Delivery) -> None:
        if self.deliveries.put(delivery):
            known = self.deliveries_of.get(delivery.event, ())
            self.deliveries_of[delivery.event] = (*known, delivery.id)


#: How each kind of record is filed. A card lives inside its token or customer.
FILING: dict[type[Record], Callable[[Ledger, Any], None]] = {
    Token: Ledger._put_token,
    Customer: Ledger._put_customer,
    Source: Ledger._put_source,
    Charge: Ledger._put_charge,
    Refund: Ledger._put_refund,
    Delivery: Ledger._put_delivery,
}
