"""Webhooks: what is sent, how it is signed, and when it is tried again.

Signature: docs.omise.co/api-webhooks. Retries: no source tells their
number or spacing; eight with growing pauses, some 30 hours in all, are assumed.
"""

import base64
import hmac
from typing import Any

from omise_sandbox.resources.api_call import Json
from omise_sandbox.serializers.events import payload
from omise_sandbox.storage.clock import iso_fine
from omise_sandbox.storage.records import Attempt, Charge, Delivery, Event, Refund
from omise_sandbox.storage.world import World

MOST_RETRIES = 8


def pause_after(attempts: int) -> float | None:
    """Seconds to wait after that many attempts: 5, 20, 80, … ; None when it is given up."""
    return 5.0 * 4 ** (attempts - 1) if attempts <= MOST_RETRIES else None


#: What a webhook is signed with when its signature is to be wrong.
ANOTHER_SECRET = base64.b64encode(b"nobody has this secret").decode()


def signed_headers(world: World, body: bytes, *, wrongly: bool = False) -> dict[str, str]:
    """The headers of a webhook; without a secret it goes unsigned, as on old accounts."""
    headers = {"Content-Type": "application/json", "User-Agent": "omise-sandbox"}
    secrets = (ANOTHER_SECRET if wrongly else world.settings.webhook_secret or "").split(",")
    if not secrets[0]:
        return headers
    timestamp = str(world.now())
    signed = f"{timestamp}.".encode() + body
    signatures = [
        hmac.digest(base64.b64decode(secret), signed, "sha256").hex() for secret in secrets
    ]
    return headers | {
        "Omise-Signature": ",".join(signatures),
        "Omise-Signature-Timestamp": timestamp,
    }


def attempted(world: World, delivery: Delivery, attempt: Attempt) -> None:
    """Note how an attempt went; unless it was answered 2xx, plan the next one."""
    attempts = (*delivery.attempts, attempt)
    pause = None if arrived(attempt) else pause_after(len(attempts))
    next_at = None if pause is None else attempt.at + pause
    world.save(delivery._replace(attempts=attempts, next_at=next_at))
    if next_at is not None:
        world.ledger.agenda.add(next_at, "deliver", delivery.id)


def postponed(world: World, delivery: Delivery, seconds: float) -> None:
    """Have it leave that much later; no fault meets it again."""
    at = world.clock.now() + seconds
    world.exempt.add(delivery.id)
    world.save(delivery._replace(next_at=at))
    world.ledger.agenda.add(at, "deliver", delivery.id)


def lost(world: World, delivery: Delivery, reason: str) -> None:
    """It is never delivered, though it looks as if it had been tried."""
    attempt = Attempt(world.clock.now(), None, reason, 0.0)
    world.save(delivery._replace(attempts=(*delivery.attempts, attempt), next_at=None))


def arrived(attempt: Attempt) -> bool:
    """Whether the receiver took it."""
    return attempt.status is not None and 200 <= attempt.status < 300


def delivery_body(world: World, delivery: Delivery) -> bytes:
    """What is posted; the same bytes at every attempt."""
    event = world.ledger.events.get(delivery.event)
    return payload(world, event) if event else b""


def show(world: World, delivery: Delivery) -> Json:
    """A delivery as our controls show it: where it stands, the last attempt, and all of them."""
    event = world.ledger.events.get(delivery.event)
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
        "attempts": [_show_attempt(attempt) for attempt in delivery.attempts],
        "payload": delivery_body(world, delivery).decode(),
    }


def _charge_of(event: Event | None) -> str | None:
    """The charge that the event is about, be it through a refund."""
    match event.data if event else None:
        case Charge(id=charge_id):
            return charge_id
        case Refund(charge=charge_id):
            return charge_id
    return None


def state_of(delivery: Delivery) -> str:
    """`delivered`, `waiting` for its first or next attempt, or `given_up`."""
    if delivery.attempts and arrived(delivery.attempts[-1]):
        return "delivered"
    return "given_up" if delivery.next_at is None else "waiting"


def _show_attempt(attempt: Attempt) -> dict[str, Any]:
    return attempt._asdict() | {"at": iso_fine(attempt.at)}
