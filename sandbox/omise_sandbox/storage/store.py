"""The objects of a world and the indexes over them. A reset replaces the store."""

from collections.abc import Callable
from typing import Any

from omise_sandbox.rules.charge_states import ON_TIMEOUT
from omise_sandbox.rules.fees import DIRECTIONS, credit, debit, dispute_credit, dispute_debit
from omise_sandbox.storage.clock import Disposable, DueQueue
from omise_sandbox.storage.collection import Collection
from omise_sandbox.storage.records import (
    Charge,
    Customer,
    Delivery,
    Dispute,
    Event,
    Record,
    Refund,
    Source,
    Token,
    Transaction,
)

#: What `events_of` is asked about.
WITH_EVENTS = (Charge, Refund, Dispute)


class Store:
    """Collections of objects, their indexes, and the queue of due tasks."""

    def __init__(self) -> None:
        self.tokens: Collection[Token] = Collection()
        self.customers: Collection[Customer] = Collection()
        self.sources: Collection[Source] = Collection()
        self.charges: Collection[Charge] = Collection()
        self.refunds: Collection[Refund] = Collection()
        self.disputes: Collection[Dispute] = Collection()
        self.events: Collection[Event] = Collection()
        self.deliveries: Collection[Delivery] = Collection()
        self.transactions: Collection[Transaction] = Collection()
        #: currency → the sum of its transactions
        self.balances: dict[str, int] = {}
        self.due_queue = DueQueue()
        #: token or source id → the charge or customer that used it. A missing id is unused.
        self.used_by: dict[str, str] = {}
        #: id that a browser presents instead of a key → charge id: the id in the URL of the bank
        #: page, or the file name of a QR image
        self.public_ids: dict[str, str] = {}
        #: charge id → its event ids; event id → its delivery ids
        self.events_of: dict[str, tuple[str, ...]] = {}
        self.deliveries_of: dict[str, tuple[str, ...]] = {}

    def disposables(self) -> list[Disposable]:
        """The contents, for disposal in batches."""
        objects = (self.tokens, self.customers, self.sources, self.charges, self.refunds)
        collections = (*objects, self.disputes, self.events, self.deliveries, self.transactions)
        indexes = (self.used_by, self.public_ids, self.events_of, self.deliveries_of)
        return [
            *((collection.by_id, collection.pop_one) for collection in collections),
            *((index, index.popitem) for index in indexes),
            *self.due_queue.disposables(),
        ]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was created yet: every other object depends on one of these."""
        return not (self.tokens.by_id or self.customers.by_id or self.sources.by_id)

    def charge_by(self, source_id: str) -> Charge | None:
        """The charge that used the source."""
        return self.charges.get(self.used_by.get(source_id, ""))

    def put(self, record: Record) -> None:
        """Store this version of the record and update the indexes."""
        file = WRITERS.get(type(record))
        if file:
            file(self, record)

    def put_event(self, event: Event) -> None:
        """Store the event, and index it under its charge, refund or dispute."""
        self.events.put(event)
        if isinstance(event.data, WITH_EVENTS):
            known = self.events_of.get(event.data.id, ())
            self.events_of[event.data.id] = (*known, event.id)

    def _put_token(self, token: Token) -> None:
        self.tokens.put(token)

    def _put_refund(self, refund: Refund) -> None:
        self.refunds.put(refund)
        self._record_transaction(debit(refund))

    def _put_dispute(self, dispute: Dispute) -> None:
        self.disputes.put(dispute)
        self._record_transaction(dispute_debit(dispute))
        if dispute.credit_transaction:
            self._record_transaction(dispute_credit(dispute, dispute.credit_transaction))

    def _put_source(self, source: Source) -> None:
        self.sources.put(source)

    def _put_customer(self, customer: Customer) -> None:
        self.customers.put(customer)
        for card in customer.cards:
            self.used_by.setdefault(card.token, customer.id)
        if customer.deleted:
            self.customers.unlist(customer.id)

    def _put_charge(self, charge: Charge) -> None:
        new = self.charges.put(charge)
        if charge.transaction and charge.transaction not in self.transactions.by_id:
            self._record_transaction(credit(charge, charge.transaction))
        if not new:
            return
        if charge.source:
            self.used_by[charge.source.id] = charge.id
        if charge.card and not charge.customer:
            self.used_by[charge.card.token] = charge.id
        for brought in (charge.payment, charge.picture):
            if brought:
                self.public_ids[brought] = charge.id
        if charge.state in ON_TIMEOUT:
            self.due_queue.add(charge.expires_at, "expire", charge.id)

    def _record_transaction(self, transaction: Transaction) -> None:
        """Store the transaction and update the balance, once."""
        if self.transactions.put(transaction):
            sign = 1 if DIRECTIONS[transaction.key] == "credit" else -1
            before = self.balances.get(transaction.currency, 0)
            self.balances[transaction.currency] = before + sign * transaction.amount

    def _put_delivery(self, delivery: Delivery) -> None:
        if self.deliveries.put(delivery):
            known = self.deliveries_of.get(delivery.event, ())
            self.deliveries_of[delivery.event] = (*known, delivery.id)


#: How each kind of record is stored. A card is part of its token or customer.
WRITERS: dict[type[Record], Callable[[Store, Any], None]] = {
    Token: Store._put_token,
    Customer: Store._put_customer,
    Source: Store._put_source,
    Charge: Store._put_charge,
    Refund: Store._put_refund,
    Dispute: Store._put_dispute,
    Delivery: Store._put_delivery,
}
