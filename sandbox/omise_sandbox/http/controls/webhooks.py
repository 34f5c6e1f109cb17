"""Webhooks: list and resend deliveries, trigger events, resend events."""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.serializers.events import serialize_event
from omise_sandbox.serializers.lists import control_list
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.collection import Page
from omise_sandbox.webhooks.deliveries import describe_delivery

MAX_DELIVERIES = 500


def routes() -> list[Route]:
    """Webhook deliveries and events."""
    return [
        control("GET", "webhooks", index),
        control("POST", "webhooks/{delivery}/resend", resend),
        control("POST", "trigger", trigger),
        control("POST", "events/{event}/resend", resend_event),
    ]


def index(call: ApiCall) -> Json:
    """The last 500 deliveries, oldest first; `about` selects those of an object."""
    run_due(call.world)
    page = Page(limit=MAX_DELIVERIES, newest_first=True)
    _, deliveries = call.world.store.deliveries.page(page)
    described = [describe_delivery(call.world, delivery) for delivery in reversed(deliveries)]
    about = param_types.text(call.params, "about")
    return control_list([each for each in described if about in (None, each["about"])])


def resend(call: ApiCall) -> Json:
    """Send a delivery again, right after this response."""
    delivery = call.world.store.deliveries.get(call.ids[0])
    if delivery is None:
        raise not_found("webhook delivery", call.ids[0])
    call.world.outbox.append(delivery.id)
    return describe_delivery(call.world, delivery)


def trigger(call: ApiCall) -> Json:
    """Cause an `event` on a real object: the named `charge`, a suitable or a new one."""
    from omise_sandbox.simulation import triggers  # imported on first use, for a faster start

    run_due(call.world)
    event = param_types.text(call.params, "event") or ""
    caused = triggers.trigger(call, event, param_types.text(call.params, "charge"))
    return serialize_event(call.world, caused)


def resend_event(call: ApiCall) -> Json:
    """Send the webhooks of an event again; one without any goes to the current webhook URL."""
    world, event = call.world, call.world.store.events.get(call.ids[0])
    if event is None:
        raise not_found("event", call.ids[0])
    known = world.store.deliveries_of.get(event.id, ())
    if known:
        world.outbox.extend(known)
    elif not world.queue_webhooks(event):
        raise ApiError("bad_request", "the world has no webhook_url; set it first")
    return serialize_event(world, event)
