"""Transactions: the net of each capture as a credit, each refund as a debit.

Source: fixtures of omise-php.
"""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import not_found
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.serializers.transactions import serialize_transaction


def retrieve(call: ApiCall) -> Json:
    """GET /transactions/:id. 404 for an unknown one."""
    transaction = call.world.store.transactions.get(call.ids[0])
    if transaction is None:
        raise not_found("transaction", call.ids[0])
    return serialize_transaction(call.world, transaction)


def index(call: ApiCall) -> Json:
    """GET /transactions: a page of transactions."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params)
    total, transactions = world.store.transactions.page(page)
    data = [serialize_transaction(world, transaction) for transaction in transactions]
    return serialize_list(data, "/transactions", total, now, page)
