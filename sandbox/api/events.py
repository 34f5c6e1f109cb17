"""Events: everything that changed, each with the object as it was then.

Source: docs.omise.co/events-api.
"""

from sandbox import params
from sandbox.call import Call, Json
from sandbox.errors import not_found
from sandbox.shapes.events import event_shape
from sandbox.shapes.lists import list_shape


def retrieve(call: Call) -> Json:
    """GET /events/:id, with its webhook deliveries."""
    event = call.world.ledger.events.get(call.ids[0])
    if event is None:
        raise not_found("event", call.ids[0])
    return event_shape(call.world, event)


def index(call: Call) -> Json:
    """GET /events: a page of them."""
    world, now = call.world, call.world.now()
    page = params.page(call.params, now)
    total, events = world.ledger.events.page(page)
    return list_shape([event_shape(world, e) for e in events], "/events", total, now, page)
