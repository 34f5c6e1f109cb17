"""`expand=true` on what is retrieved: objects in place of ids, as omise-ruby asks for it.

Links and schedules, which can be expanded too, are always null here.
"""

from collections.abc import Callable
from typing import Any

from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules import param_types
from omise_sandbox.serializers.cards import card_shape, customer_shape
from omise_sandbox.serializers.charges import charge_shape
from omise_sandbox.serializers.transactions import transaction_shape
from omise_sandbox.storage.world import World


def expanded(call: Call, shape: Json) -> Json:
    """The same object, with its references expanded if the caller asks for that."""
    if "expand" not in call.params or not param_types.flag(call.params, "expand", default=False):
        return shape
    for name, expand in EXPANDABLE[shape["object"]].items():
        if shape[name] is not None:
            shape[name] = expand(call.world, shape)
    return shape


def _customer(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    customer = world.ledger.customers.get(shape["customer"])
    return customer_shape(world, customer, world.now()) if customer else shape["customer"]


def _transaction(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    transaction = world.ledger.transactions.get(shape["transaction"])
    return transaction_shape(world, transaction) if transaction else shape["transaction"]


def _charge(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    charge = world.ledger.charges.get(shape["charge"])
    return charge_shape(world, charge, world.now()) if charge else shape["charge"]


def _default_card(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    customer = world.ledger.customers.get(shape["id"])
    cards = customer.cards if customer else ()
    found = (card for card in cards if card.id == shape["default_card"])
    return next((card_shape(world, card) for card in found), shape["default_card"])


#: Object → its references and what each becomes.
EXPANDABLE: dict[str, dict[str, Callable[[World, Json], Any]]] = {
    "charge": {"customer": _customer, "transaction": _transaction},
    "customer": {"default_card": _default_card},
    "refund": {"charge": _charge, "transaction": _transaction},
}
