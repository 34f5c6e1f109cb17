"""Webhook deliveries: payload and retries.

No source tells number or spacing of retries; eight with growing delays, some 30 hours in all, are
assumed.
"""

import base64
import time
from typing import Any

from omise_sandbox.resources.api_call import Json
from omise_sandbox.serializers.events import payload
from omise_sandbox.storage.clock import iso_fine
from omise_sandbox.storage.records import Attempt, Charge, Delivery, Dispute, Event, Refund
from omise_sandbox.storage.world import World
from omise_sandbox.webhooks.signature import signed_headers

MAX_RETRIES = 8


def retry_delay(attempts: int) -> float | None:
    """Seconds before the next attempt after this many: 5, 20, 80, …; None when given up."""
    return 5.0 * 4 ** (attempts - 1) if attempts <= MAX_RETRIES else None


#: The secret of a webhook whose signature must be wrong.
WRONG_SECRET = base64.b64encode(b"a secret without owner").decode()


def delivery_headers(world: World, body: bytes, *, wrong_secret: bool = False) -> dict[str, str]:
    """The headers of a delivery; receivers compare its time with their own clock."""
    secrets = WRONG_SECRET if wrong_secret else world.settings.webhook_secret
    return signed_headers(body, secrets, int(time.time()))


def record_attempt(world: World, delivery: Delivery, attempt: Attempt) -> None:
    """Store the attempt; unless its response was 2xx, schedule the next one."""
    attempts = (*delivery.attempts, attempt)
    pause = None if was_accepted(attempt) else retry_delay(len(attempts))
    next_at = None if pause is None else attempt.at + pause
    world.save(delivery._replace(attempts=attempts, next_at=next_at))
    if next_at is not None:
        world.store.due_queue.add(next_at, "deliver", delivery.id)


def postpone(world: World, delivery: Delivery, seconds: float) -> None:
    """Delay the delivery; no other fault applies to it."""
    at = world.clock.now() + seconds
    world.bypass_faults.add(delivery.id)
    world.save(delivery._replace(next_at=at))
    world.store.due_queue.add(at, "deliver", delivery.id)


def mark_dropped(world: World, delivery: Delivery, reason: str) -> None:
    """Mark the delivery as attempted and given up, without sending it."""
    attempt = Attempt(world.clock.now(), None, reason, 0.0)
    world.save(delivery._replace(attempts=(*delivery.attempts, attempt), next_at=None))


def was_accepted(attempt: Attempt) -> bool:
    """Whether the response was 2xx."""
    return attempt.status is not None and 200 <= attempt.status < 300


def delivery_body(world: World, delivery: Delivery) -> bytes:
    """The body, identical in every attempt."""
    event = world.store.events.get(delivery.event)
    return payload(world, event) if event else b""


def describe_delivery(world: World, delivery: Delivery) -> Json:
    """A delivery as the controls show it: its state, the last attempt, and all attempts."""
    event = world.store.events.get(delivery.event)
    last = delivery.attempts[-1] if delivery.attempts else None
    return {
        "object": "webhook_delivery",
        "id": delivery.id,
        "at": iso_fine(delivery.created_at),
        "event": delivery.event,
        "key": event.key if event else None,
        "about": event.data.id if event else None,
        "charge": _charge_of(event),
        "uri": delivery.uri,
        "state": state_of(delivery),
        "attempt": len(delivery.attempts),
        "status": last.status if last else None,
        "error": last.error if last else None,
        "milliseconds": last.milliseconds if last else None,
        "next_at": None if delivery.next_at is None else iso_fine(delivery.next_at),
        "attempts": [_describe_attempt(attempt) for attempt in delivery.attempts],
        "payload": delivery_body(world, delivery).decode(),
    }


def _charge_of(event: Event | None) -> str | None:
    """The charge of the event, directly or through its refund."""
    match event.data if event else None:
        case Charge(id=charge_id):
            return charge_id
        case Refund(charge=charge_id) | Dispute(charge=charge_id):
            return charge_id
    return None


def state_of(delivery: Delivery) -> str:
    """`delivered`, `waiting` for its first or next attempt, or `given_up`."""
    if delivery.attempts and was_accepted(delivery.attempts[-1]):
        return "delivered"
    return "given_up" if delivery.next_at is None else "waiting"


def _describe_attempt(attempt: Attempt) -> dict[str, Any]:
    return attempt._asdict() | {"at": iso_fine(attempt.at)}
