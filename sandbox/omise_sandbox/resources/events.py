"""Events: everything that changed, each with the object as it was then.

Source: docs.omise.co/events-api.
"""

from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import not_found
from omise_sandbox.serializers.events import event_shape
from omise_sandbox.serializers.lists import list_shape


def retrieve(call: Call) -> Json:
    """GET /events/:id, with its webhook deliveries."""
    event = call.world.ledger.events.get(call.ids[0])
    if event is None:
        raise not_found("event", call.ids[0])
    return event_shape(call.world, event)


def index(call: Call) -> Json:
    """GET /events: a page of them."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params, now)
    total, events = world.ledger.events.page(page)
    return list_shape([event_shape(world, e) for e in events], "/events", total, now, page)
