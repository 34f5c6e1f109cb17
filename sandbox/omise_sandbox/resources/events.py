"""Events: every change, with the object as it was at the time.

Source: docs.omise.co/events-api.
"""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import not_found
from omise_sandbox.serializers.events import serialize_event
from omise_sandbox.serializers.lists import serialize_list


def retrieve(call: ApiCall) -> Json:
    """GET /events/:id, with its webhook deliveries."""
    event = call.world.store.events.get(call.ids[0])
    if event is None:
        raise not_found("event", call.ids[0])
    return serialize_event(call.world, event)


def index(call: ApiCall) -> Json:
    """GET /events: a page of events."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params)
    total, events = world.store.events.page(page)
    return serialize_list([serialize_event(world, e) for e in events], "/events", total, now, page)
