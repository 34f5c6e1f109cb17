"""Transactions and the balance (fixtures of omise-php)."""

from omise_sandbox.resources.api_call import Json
from omise_sandbox.rules.fees import DIRECTIONS
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.records import Transaction
from omise_sandbox.storage.world import World


def serialize_transaction(world: World, transaction: Transaction) -> Json:
    """A transaction. It is transferable at once, as in recordings of a test account."""
    return {
        "object": "transaction",
        "id": transaction.id,
        "livemode": world.livemode,
        "currency": transaction.currency,
        "amount": transaction.amount,
        "location": f"/transactions/{transaction.id}",
        "direction": DIRECTIONS[transaction.key],
        "key": transaction.key,
        "origin": transaction.origin,
        "transferable_at": iso(transaction.created_at),
        "created_at": iso(transaction.created_at),
    }


def serialize_balance(world: World) -> Json:
    """The sum of all transactions in the account's currency; no reserve."""
    total = world.store.balances.get(world.settings.currency, 0)
    return {
        "object": "balance",
        "livemode": world.livemode,
        "location": "/balance",
        "currency": world.settings.currency,
        "total": total,
        "transferable": total,
        "reserve": 0,
        "on_hold": 0,
        "created_at": iso(world.created_at),
    }
