"""Events and webhook deliveries (fixtures of omise-php)."""

from collections.abc import Callable
from typing import Any

import orjson

from omise_sandbox.resources.api_call import Json
from omise_sandbox.serializers.cards import serialize_card, serialize_customer
from omise_sandbox.serializers.charges import serialize_charge, serialize_refund
from omise_sandbox.serializers.disputes import serialize_dispute
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.records import Card, Charge, Customer, Delivery, Dispute, Event, Refund
from omise_sandbox.storage.world import World

#: The serializer of an event's object, by its record.
SERIALIZERS: dict[type, Callable[[World, Any, int], Json]] = {
    Charge: serialize_charge,
    Customer: serialize_customer,
    Card: lambda world, card, _: serialize_card(world, card),
    Refund: lambda world, refund, _: serialize_refund(world, refund),
    Dispute: lambda world, dispute, _: serialize_dispute(world, dispute),
}


def serialize_event(world: World, event: Event) -> Json:
    """The event with its webhook deliveries."""
    ids = world.store.deliveries_of.get(event.id, ())
    found = [world.store.deliveries.get(delivery_id) for delivery_id in ids]
    deliveries = [serialize_delivery(event, delivery, world) for delivery in found if delivery]
    return _shape(world, event, deliveries)


def payload(world: World, event: Event) -> bytes:
    """The body of a webhook: the event as it was, identical in every attempt."""
    return orjson.dumps(_shape(world, event, []), option=PRETTY)


def serialize_delivery(event: Event, delivery: Delivery, world: World) -> Json:
    """A delivery as part of its event; `status` is that of the last attempt."""
    last = delivery.attempts[-1] if delivery.attempts else None
    moment = iso(delivery.created_at)
    return {
        "object": "webhook_delivery",
        "id": delivery.id,
        "uri": delivery.uri,
        "status": last.status if last else None,
        "key": event.key,
        "error": last.error if last else None,
        "payload": payload(world, event).decode(),
        "created_at": f"{moment[:10]} {moment[11:19]} UTC",
    }


def _shape(world: World, event: Event, deliveries: list[Json]) -> Json:
    return {
        "object": "event",
        "id": event.id,
        "livemode": world.livemode,
        "location": f"/events/{event.id}",
        "webhook_deliveries": deliveries,
        "data": SERIALIZERS[type(event.data)](world, event.data, event.created_at),
        "key": event.key,
        "created_at": iso(event.created_at),
    }


PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
