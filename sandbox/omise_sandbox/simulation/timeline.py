"""The time line of a charge: what led to it and what followed.

Events and webhooks are stored, so they are there after a restart; requests are only in the log.
"""

from collections.abc import Iterator
from typing import Any

from omise_sandbox.resources.api_call import Json
from omise_sandbox.serializers.events import serialize_event
from omise_sandbox.simulation.request_log import LoggedRequest
from omise_sandbox.storage.clock import iso_fine
from omise_sandbox.storage.records import Charge
from omise_sandbox.storage.world import World
from omise_sandbox.webhooks.deliveries import describe_delivery


def timeline(world: World, charge: Charge) -> list[Json]:
    """The steps, oldest first, each with its `kind`, time and object."""
    steps = [*_origin(world, charge), *_requests(world, charge), *_events(world, charge)]
    return sorted(steps, key=_position)


def _position(step: Json) -> tuple[str, int, str]:
    """By the second, then by kind: events have whole seconds only."""
    return step["at"].partition(".")[0], ORDER[step["kind"]], step["at"]


#: In one second a request comes before the events that it causes.
ORDER = {"token": 0, "source": 0, "request": 1, "event": 2, "webhook": 3}


def _step(kind: str, at: float, subject: object) -> Json:
    return {"kind": kind, "at": iso_fine(at), "subject": subject}


def _origin(world: World, charge: Charge) -> Iterator[Json]:
    """The token or source, unless the log still has the request that made it."""
    logged = {(entry.response_id) for entry in world.request_log.find("POST", None, 0)}
    token = world.store.tokens.get(charge.card.token) if charge.card else None
    if token and token.id not in logged and not charge.customer:
        yield _step("token", token.created_at, {"object": "token", "id": token.id})
    if charge.source and charge.source.id not in logged:
        source = charge.source
        yield _step("source", source.created_at, {"object": "source", "id": source.id})


def _requests(world: World, charge: Charge) -> Iterator[Json]:
    names = [charge.id, charge.payment, charge.source and charge.source.id]
    if charge.card and not charge.customer:
        names.append(charge.card.token)
    for entry in world.request_log.find(None, None, 0):
        if _is_about(entry, {name for name in names if name}):
            yield _step("request", entry.at, entry.to_json())


def _is_about(entry: LoggedRequest, names: set[str]) -> bool:
    """Whether the path, the response or a parameter names the charge or what pays for it."""
    if names.intersection(entry.path.split("/")) or entry.response_id in names:
        return True
    params: dict[str, Any] = entry.request
    return any(isinstance(value, str) and value in names for value in params.values())


def _events(world: World, charge: Charge) -> Iterator[Json]:
    """Events of the charge, its refunds and its dispute, each with its webhooks."""
    store = world.store
    subjects = [charge.id, *charge.refunds, *([charge.dispute.id] if charge.dispute else [])]
    for subject in subjects:
        for event_id in store.events_of.get(subject, ()):
            event = store.events.get(event_id)
            if event is None:
                continue
            shape = serialize_event(world, event)
            yield _step("event", event.created_at, {"id": event.id, "key": shape["key"]})
            for delivery_id in store.deliveries_of.get(event_id, ()):
                delivery = store.deliveries.get(delivery_id)
                if delivery:
                    last = delivery.attempts[-1].at if delivery.attempts else delivery.created_at
                    yield _step("webhook", last, describe_delivery(world, delivery))
