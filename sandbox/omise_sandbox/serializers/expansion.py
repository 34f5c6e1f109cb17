"""`expand=true` on a retrieved object: objects in place of ids, as omise-ruby requests it.

Links and schedules, which Omise can expand too, are always null here.
"""

from collections.abc import Callable
from typing import Any

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules import param_types
from omise_sandbox.serializers.cards import serialize_card, serialize_customer
from omise_sandbox.serializers.charges import serialize_charge
from omise_sandbox.serializers.transactions import serialize_transaction
from omise_sandbox.storage.world import World


def expanded(call: ApiCall, shape: Json) -> Json:
    """The object, with its references expanded if the caller asks for that."""
    if "expand" not in call.params or not param_types.flag(call.params, "expand", default=False):
        return shape
    for name, expand in EXPANDABLE[shape["object"]].items():
        if shape[name] is not None:
            shape[name] = expand(call.world, shape)
    return shape


def _customer(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    customer = world.store.customers.get(shape["customer"])
    return serialize_customer(world, customer, world.now()) if customer else shape["customer"]


def _transaction(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    transaction = world.store.transactions.get(shape["transaction"])
    return serialize_transaction(world, transaction) if transaction else shape["transaction"]


def _charge(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    charge = world.store.charges.get(shape["charge"])
    return serialize_charge(world, charge, world.now()) if charge else shape["charge"]


def _default_card(world: World, shape: Json) -> Any:  # noqa: ANN401 - JSON
    customer = world.store.customers.get(shape["id"])
    cards = customer.cards if customer else ()
    found = (card for card in cards if card.id == shape["default_card"])
    return next((serialize_card(world, card) for card in found), shape["default_card"])


#: Object → its references and how each is expanded.
EXPANDABLE: dict[str, dict[str, Callable[[World, Json], Any]]] = {
    "charge": {"customer": _customer, "transaction": _transaction},
    "customer": {"default_card": _default_card},
    "dispute": {"charge": _charge},
    "refund": {"charge": _charge, "transaction": _transaction},
}
