"""Payments: the charges with what led to them and what followed."""

from omise_sandbox.resources import charges
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.serializers.charges import serialize_charge
from omise_sandbox.serializers.lists import control_list, serialize_list
from omise_sandbox.simulation.timeline import timeline
from omise_sandbox.storage.records import Charge

#: Names under which shops keep the number of their order in the metadata of a charge.
ORDER_KEYS = ("order", "order_number", "order_id", "orderId", "reference")


def routes() -> list[Route]:
    """List payments, and read the time line of one."""
    return [
        control("GET", "payments", index),
        control("GET", "payments/{charge}/timeline", read_timeline),
    ]


def index(call: ApiCall) -> Json:
    """A page of payments; `query` is part of an id, order, description, method or status."""
    world, now, page = call.world, call.world.now(), param_types.page(call.params)
    query = (param_types.text(call.params, "query") or "").lower()
    if query:
        every = world.store.charges.all(newest_first=page.newest_first)
        found = [charge for charge in every if query in _words(charge)]
        total, shown = len(found), found[page.offset : page.offset + page.limit]
    else:
        total, shown = world.store.charges.page(page)
    data = [
        {
            "object": "payment",
            "id": charge.id,
            "order": order_of(charge),
            "method": method_of(charge),
            "charge": serialize_charge(world, charge, now),
        }
        for charge in shown
    ]
    return serialize_list(data, "/_sandbox/payments", total, now, page)


def read_timeline(call: ApiCall) -> Json:
    """The steps of a payment, oldest first: token or source, requests, events and webhooks."""
    return control_list(timeline(call.world, charges.find(call)))


def order_of(charge: Charge) -> str | None:
    """The number of the shop's order, if the metadata names it."""
    known = charge.metadata or {}
    return next((str(known[name]) for name in ORDER_KEYS if known.get(name)), None)


def method_of(charge: Charge) -> str:
    """The brand and the last digits of the card, or the type of the source."""
    if charge.source:
        return charge.source.type
    return f"{charge.card.brand} •••• {charge.card.last_digits}" if charge.card else ""


def _words(charge: Charge) -> str:
    words = (charge.id, order_of(charge), charge.description, method_of(charge), charge.state)
    return " ".join(str(word) for word in words if word).lower()
