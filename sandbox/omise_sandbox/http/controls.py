"""The controls under ``/_sandbox/``: what a test or a developer can do to a world."""

from collections.abc import Callable
from typing import Any, NamedTuple

from omise_sandbox.fidelity import manifest
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.serializers.cards import serialize_customer, serialize_token
from omise_sandbox.serializers.charges import serialize_charge, serialize_refund
from omise_sandbox.serializers.events import serialize_event
from omise_sandbox.serializers.lists import control_list, serialize_list
from omise_sandbox.serializers.sources import serialize_source
from omise_sandbox.serializers.transactions import serialize_transaction
from omise_sandbox.simulation.scheduler import advance, run_due, set_clock
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.collection import Collection, Page
from omise_sandbox.storage.store import Store
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import Worlds
from omise_sandbox.webhooks.deliveries import describe_delivery
from omise_sandbox.webhooks.sender import WebhookSender

KEYS = ("public_key", "secret_key")
MAX_DELIVERIES = 500


class Kind(NamedTuple):
    """A kind of object: its collection and its serializer."""

    collection: Callable[[Store], Collection[Any]]
    shape: Callable[[World, Any, int], Json]


KINDS = {
    "token": Kind(
        lambda store: store.tokens, lambda world, token, _: serialize_token(world, token)
    ),
    "source": Kind(
        lambda store: store.sources,
        lambda world, source, _: serialize_source(world, source, world.store.charge_by(source.id)),
    ),
    "charge": Kind(lambda store: store.charges, serialize_charge),
    "customer": Kind(lambda store: store.customers, serialize_customer),
    "refund": Kind(
        lambda store: store.refunds, lambda world, refund, _: serialize_refund(world, refund)
    ),
    "transaction": Kind(
        lambda store: store.transactions,
        lambda world, transaction, _: serialize_transaction(world, transaction),
    ),
    "event": Kind(
        lambda store: store.events, lambda world, event, _: serialize_event(world, event)
    ),
}


class Controls:
    """The controls of a world. Each returns the resulting state."""

    def __init__(self, worlds: Worlds, sender: WebhookSender) -> None:
        self._worlds = worlds
        self._sender = sender

    def routes(self) -> list[Route]:
        """Every control."""
        return [
            Route(method, f"/_sandbox/{path}", "control", handler)
            for method, path, handler in (
                ("GET", "health", self.health),
                ("GET", "fidelity", self.fidelity),
                ("POST", "reset", self.reset),
                ("POST", "seed", self.seed),
                ("GET", "clock", self.clock),
                ("POST", "clock", self.move_clock),
                ("GET", "settings", self.settings),
                ("POST", "settings", self.change_settings),
                ("GET", "faults", self.faults),
                ("POST", "faults", self.arm),
                ("DELETE", "faults", self.disarm_all),
                ("DELETE", "faults/{fault}", self.disarm),
                ("GET", "holds", self.holds),
                ("POST", "holds/{hold}/release", self.release),
                ("GET", "requests", self.requests),
                ("GET", "objects", self.objects),
                ("GET", "webhooks", self.webhooks),
                ("POST", "webhooks/{delivery}/resend", self.resend),
                ("POST", "worlds", self.create_world),
                ("DELETE", "worlds", self.remove_world),
            )
        ]

    def health(self, call: ApiCall) -> Json:
        """The sandbox is running."""
        return {"object": "health", "status": "ok", "livemode": call.world.livemode}

    def fidelity(self, _: ApiCall) -> Json:
        """The source of everything that is imitated, and what is not supported."""
        return manifest()

    def reset(self, call: ApiCall) -> Json:
        """Clear objects, faults and requests; restore the settings of the start."""
        self._worlds.reset(call.world)
        return {"object": "reset", **_settings(call.world)}

    def seed(self, call: ApiCall) -> Json:
        """Fill an empty world with `customers` and `charges` of the last `days`."""
        from omise_sandbox.simulation.seeding import (  # imported on first use, for a faster start
            read_plan,
            seed,
        )

        return seed(call.world, read_plan(call.params))

    def clock(self, call: ApiCall) -> Json:
        """The time of the world, and its offset from real time in seconds."""
        clock = call.world.clock
        return {
            "object": "clock",
            "now": iso(call.world.now()),
            "offset": round(clock.offset, 3),
            "frozen": clock.frozen_at is not None,
        }

    async def move_clock(self, call: ApiCall) -> Json:
        """`advance` by seconds or to `now`, running what falls due, in order.

        `frozen` stops and starts the clock.
        """
        params, world = call.params, call.world
        unknown = set(params) - {"advance", "frozen", "now"}
        if unknown:
            raise ApiError("bad_request", f"{min(unknown)} is unknown; use advance, frozen or now")
        seconds, moment = _seconds(params.get("advance", 0)), _moment(world, params)
        if "frozen" in params:
            world.clock.freeze(param_types.flag(params, "frozen", default=False))
        if moment is not None:
            await set_clock(world, moment, self._sender.drain)
        await advance(world, seconds, self._sender.drain)
        world.persist()
        return self.clock(call)

    def settings(self, call: ApiCall) -> Json:
        """All settings and the keys."""
        return {"object": "settings", **_settings(call.world)}

    def change_settings(self, call: ApiCall) -> Json:
        """Change the named settings, all or nothing."""
        world, params = call.world, dict(call.params)
        keys = {name: params.pop(name, None) for name in KEYS}
        world.settings.with_changes(params)
        if any(keys.values()):
            texts = (param_types.text(keys, name) for name in KEYS)
            self._worlds.change_keys(world, *texts)
        world.update_settings(params)
        self._sender.prepare(world)
        return self.settings(call)

    def faults(self, call: ApiCall) -> Json:
        """Every fault with its count of firing."""
        return control_list([fault.to_json() for fault in call.world.faults])

    def arm(self, call: ApiCall) -> Json:
        """Add a fault."""
        fault = call.world.faults.add(call.params)
        call.world.persist()
        return fault.to_json()

    def disarm_all(self, call: ApiCall) -> Json:
        """Remove every fault; returns their last state."""
        stood = self.faults(call)
        call.world.faults.clear()
        call.world.persist()
        return stood

    def disarm(self, call: ApiCall) -> Json:
        """Remove one fault."""
        fault = call.world.faults.remove(call.ids[0])
        if fault is None:
            raise not_found("fault", call.ids[0])
        call.world.persist()
        return fault.to_json()

    def holds(self, call: ApiCall) -> Json:
        """What is held, in the order in which it was ready."""
        return control_list([held.to_json() for held in call.world.holds])

    def release(self, call: ApiCall) -> Json:
        """Release one held response or webhook."""
        held = call.world.holds.release(call.ids[0])
        if held is None:
            raise not_found("hold", call.ids[0])
        return held.to_json()

    def requests(self, call: ApiCall) -> Json:
        """The last 500 requests, oldest first: by `method`, `path` (and below), `after` an id."""
        method = param_types.text(call.params, "method")
        found = call.world.request_log.find(
            method.upper() if method else None,
            param_types.text(call.params, "path"),
            param_types.integer(call.params, "after") or 0,
        )
        return control_list([exchange.to_json() for exchange in found])

    def objects(self, call: ApiCall) -> Json:
        """A page of the objects of one `kind`, such as token: also kinds that Omise cannot list."""
        kind = KINDS.get(param_types.text(call.params, "kind") or "")
        if kind is None:
            raise ApiError("bad_request", f"kind must be one of {', '.join(KINDS)}")
        world, now = call.world, call.world.now()
        page = param_types.page(call.params, now)
        total, records = kind.collection(world.store).page(page)
        data = [kind.shape(world, record, now) for record in records]
        return serialize_list(data, "/_sandbox/objects", total, now, page)

    def webhooks(self, call: ApiCall) -> Json:
        """The last 500 deliveries, oldest first; `about` selects those of an object."""
        run_due(call.world)
        _, deliveries = call.world.store.deliveries.page(
            Page(limit=MAX_DELIVERIES, newest_first=True)
        )
        shown = [describe_delivery(call.world, delivery) for delivery in reversed(deliveries)]
        about = param_types.text(call.params, "about")
        return control_list([each for each in shown if about in (None, each["about"])])

    def resend(self, call: ApiCall) -> Json:
        """Send a delivery again, right after this response."""
        delivery = call.world.store.deliveries.get(call.ids[0])
        if delivery is None:
            raise not_found("webhook delivery", call.ids[0])
        call.world.outbox.append(delivery.id)
        return describe_delivery(call.world, delivery)

    def create_world(self, call: ApiCall) -> Json:
        """A new world with its own keys; settings and `livemode` may be given."""
        world = self._worlds.create(call.params)
        self._sender.prepare(world)
        return {"object": "world", **_settings(world)}

    def remove_world(self, call: ApiCall) -> Json:
        """Delete the world of the key."""
        self._worlds.remove(call.world)
        return {"object": "world", "deleted": True, **_settings(call.world)}


def _settings(world: World) -> dict[str, Any]:
    keys = {"public_key": world.keys.public, "secret_key": world.keys.secret}
    return {**keys, "livemode": world.livemode, **world.settings.to_json()}


def _seconds(value: object) -> float:
    """Time only goes forward, by at most a hundred years."""
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = -1
    if isinstance(value, bool) or not 0 <= seconds <= 100 * 366 * 24 * 3600:
        raise ApiError("bad_request", "advance must be a number of seconds, zero or more")
    return seconds


def _moment(world: World, params: Json) -> int | None:
    """The requested time; it cannot be before the creation of an object."""
    moment = param_types.moment(params, "now")
    if moment is None:
        return None
    if moment < 0 or (moment < world.now() and not world.store.is_empty):
        raise ApiError("bad_request", "now is before existing objects; reset the world first")
    return moment
