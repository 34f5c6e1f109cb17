"""Transactions: the net of each capture comes in, each refund goes out (fixtures of omise-php)."""

from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import not_found
from omise_sandbox.serializers.lists import list_shape
from omise_sandbox.serializers.transactions import transaction_shape


def retrieve(call: Call) -> Json:
    """GET /transactions/:id. 404 for an unknown one."""
    transaction = call.world.ledger.transactions.get(call.ids[0])
    if transaction is None:
        raise not_found("transaction", call.ids[0])
    return transaction_shape(call.world, transaction)


def index(call: Call) -> Json:
    """GET /transactions: a page of them."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params, now)
    total, transactions = world.ledger.transactions.page(page)
    data = [transaction_shape(world, transaction) for transaction in transactions]
    return list_shape(data, "/transactions", total, now, page)
