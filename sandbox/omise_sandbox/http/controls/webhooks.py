"""Webhook deliveries: list and resend."""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import not_found
from omise_sandbox.serializers.lists import control_list
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.collection import Page
from omise_sandbox.webhooks.deliveries import describe_delivery

MAX_DELIVERIES = 500


def routes() -> list[Route]:
    """Webhook deliveries."""
    return [
        control("GET", "webhooks", index),
        control("POST", "webhooks/{delivery}/resend", resend),
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
