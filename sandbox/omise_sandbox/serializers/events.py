"""Events and webhook deliveries as Omise shows them (fixtures of omise-php)."""

from collections.abc import Callable
from typing import Any

import orjson

from omise_sandbox.resources.api_call import Json
from omise_sandbox.serializers.cards import card_shape, customer_shape
from omise_sandbox.serializers.charges import charge_shape, refund_shape
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.records import Card, Charge, Customer, Delivery, Event, Refund
from omise_sandbox.storage.world import World

#: How the object of an event is shown, by its record.
SHAPES: dict[type, Callable[[World, Any, int], Json]] = {
    Charge: charge_shape,
    Customer: customer_shape,
    Card: lambda world, card, _: card_shape(world, card),
    Refund: lambda world, refund, _: refund_shape(world, refund),
}


def event_shape(world: World, event: Event) -> Json:
    """The event, with what became of its webhooks."""
    ids = world.ledger.deliveries_of.get(event.id, ())
    found = [world.ledger.deliveries.get(delivery_id) for delivery_id in ids]
    deliveries = [delivery_shape(event, delivery, world) for delivery in found if delivery]
    return _shape(world, event, deliveries)


def payload(world: World, event: Event) -> bytes:
    """The bytes of a webhook: the event as it was then, the same however often it is sent."""
    return orjson.dumps(_shape(world, event, []), option=PRETTY)


def delivery_shape(event: Event, delivery: Delivery, world: World) -> Json:
    """A delivery as it is shown in its event; `status` is that of the last attempt."""
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
        "data": SHAPES[type(event.data)](world, event.data, event.created_at),
        "key": event.key,
        "created_at": iso(event.created_at),
    }


PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
