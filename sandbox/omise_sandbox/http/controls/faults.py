"""Faults, and the responses and webhooks that they hold."""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules.errors import not_found
from omise_sandbox.serializers.lists import control_list


def routes() -> list[Route]:
    """Faults and held responses."""
    return [
        control("GET", "faults", index),
        control("POST", "faults", create),
        control("DELETE", "faults", delete_all),
        control("DELETE", "faults/{fault}", delete),
        control("GET", "holds", holds),
        control("POST", "holds/{hold}/release", release),
    ]


def index(call: ApiCall) -> Json:
    """Every fault with its count of firing."""
    return control_list([fault.to_json() for fault in call.world.faults])


def create(call: ApiCall) -> Json:
    """Add a fault."""
    fault = call.world.faults.add(call.params)
    call.world.persist()
    return fault.to_json()


def delete_all(call: ApiCall) -> Json:
    """Remove every fault; returns their last state."""
    before = index(call)
    call.world.faults.clear()
    call.world.persist()
    return before


def delete(call: ApiCall) -> Json:
    """Remove one fault."""
    fault = call.world.faults.remove(call.ids[0])
    if fault is None:
        raise not_found("fault", call.ids[0])
    call.world.persist()
    return fault.to_json()


def holds(call: ApiCall) -> Json:
    """What is held, in the order in which it was ready."""
    return control_list([held.to_json() for held in call.world.holds])


def release(call: ApiCall) -> Json:
    """Release one held response or webhook."""
    held = call.world.holds.release(call.ids[0])
    if held is None:
        raise not_found("hold", call.ids[0])
    return held.to_json()
