"""The objects of a world by kind, also kinds that Omise cannot list."""

from collections.abc import Callable
from typing import Any, NamedTuple

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.serializers.cards import serialize_customer, serialize_token
from omise_sandbox.serializers.charges import serialize_charge, serialize_refund
from omise_sandbox.serializers.disputes import serialize_dispute
from omise_sandbox.serializers.events import serialize_event
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.serializers.sources import serialize_source
from omise_sandbox.serializers.transactions import serialize_transaction
from omise_sandbox.storage.collection import Collection
from omise_sandbox.storage.store import Store
from omise_sandbox.storage.world import World


class Kind(NamedTuple):
    """A kind of object: its collection and its serializer."""

    collection: Callable[[Store], Collection[Any]]
    serialize: Callable[[World, Any, int], Json]


KINDS = {
    "token": Kind(
        lambda store: store.tokens, lambda world, token, _: serialize_token(world, token)
    ),
    "source": Kind(
        lambda store: store.sources,
        lambda world, source, _: serialize_source(world, source, world.store.charge_by(source.id)),
    ),
    "charge": Kind(lambda store: store.charges, serialize_charge),
    "customer": Kind(lambda store: store.customers, serialize_customer),
    "refund": Kind(
        lambda store: store.refunds, lambda world, refund, _: serialize_refund(world, refund)
    ),
    "dispute": Kind(
        lambda store: store.disputes, lambda world, dispute, _: serialize_dispute(world, dispute)
    ),
    "transaction": Kind(
        lambda store: store.transactions,
        lambda world, transaction, _: serialize_transaction(world, transaction),
    ),
    "event": Kind(
        lambda store: store.events, lambda world, event, _: serialize_event(world, event)
    ),
}


def routes() -> list[Route]:
    """List objects."""
    return [control("GET", "objects", index)]


def index(call: ApiCall) -> Json:
    """A page of the objects of one `kind`, such as token."""
    kind = KINDS.get(param_types.text(call.params, "kind") or "")
    if kind is None:
        raise ApiError("bad_request", f"kind must be one of {', '.join(KINDS)}")
    world, now = call.world, call.world.now()
    page = param_types.page(call.params)
    total, records = kind.collection(world.store).page(page)
    data = [kind.serialize(world, record, now) for record in records]
    return serialize_list(data, "/_sandbox/objects", total, now, page)
