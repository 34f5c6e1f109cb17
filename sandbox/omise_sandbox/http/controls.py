"""Our own controls under ``/_sandbox/``: what a test or a person may do to a world."""

from collections.abc import Callable
from typing import Any, NamedTuple

from omise_sandbox.fidelity import manifest
from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.resources.routes import Route
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import Refusal, not_found
from omise_sandbox.serializers.cards import customer_shape, token_shape
from omise_sandbox.serializers.charges import charge_shape, refund_shape
from omise_sandbox.serializers.events import event_shape
from omise_sandbox.serializers.lists import control_list, list_shape
from omise_sandbox.serializers.sources import source_shape
from omise_sandbox.serializers.transactions import transaction_shape
from omise_sandbox.simulation.scheduler import advance, run_due, set_clock
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.collection import Page, Shelf
from omise_sandbox.storage.store import Ledger
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import Worlds
from omise_sandbox.webhooks.deliveries import show
from omise_sandbox.webhooks.sender import Courier

KEYS = ("public_key", "secret_key")
MOST_SHOWN = 500


class Kind(NamedTuple):
    """A kind of object: the shelf it is on and how it is shown."""

    shelf: Callable[[Ledger], Shelf[Any]]
    shape: Callable[[World, Any, int], Json]


KINDS = {
    "token": Kind(lambda ledger: ledger.tokens, lambda world, token, _: token_shape(world, token)),
    "source": Kind(
        lambda ledger: ledger.sources,
        lambda world, source, _: source_shape(world, source, world.ledger.charge_by(source.id)),
    ),
    "charge": Kind(lambda ledger: ledger.charges, charge_shape),
    "customer": Kind(lambda ledger: ledger.customers, customer_shape),
    "refund": Kind(
        lambda ledger: ledger.refunds, lambda world, refund, _: refund_shape(world, refund)
    ),
    "transaction": Kind(
        lambda ledger: ledger.transactions,
        lambda world, transaction, _: transaction_shape(world, transaction),
    ),
    "event": Kind(lambda ledger: ledger.events, lambda world, event, _: event_shape(world, event)),
}


class Controls:
    """What a test or a person may do to a world. Each answers with how things are afterwards."""

    def __init__(self, worlds: Worlds, courier: Courier) -> None:
        self._worlds = worlds
        self._courier = courier

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

    def health(self, call: Call) -> Json:
        """That it works."""
        return {"object": "health", "status": "ok", "livemode": call.world.livemode}

    def fidelity(self, _: Call) -> Json:
        """Where everything that is imitated is known from, and what is not imitated."""
        return manifest()

    def reset(self, call: Call) -> Json:
        """Back to the beginning: no objects, faults or requests, the settings of the start."""
        self._worlds.reset(call.world)
        return {"object": "reset", **_settings(call.world)}

    def seed(self, call: Call) -> Json:
        """Fill an empty world with `customers` and `charges` of the last `days`."""
        from omise_sandbox.simulation.seeding import (  # only here: a start need not wait for it
            read_plan,
            seed,
        )

        return seed(call.world, read_plan(call.params))

    def clock(self, call: Call) -> Json:
        """What time it is in the world, and how far that is from the real time, in seconds."""
        clock = call.world.clock
        return {
            "object": "clock",
            "now": iso(call.world.now()),
            "offset": round(clock.offset, 3),
            "frozen": clock.frozen_at is not None,
        }

    async def move_clock(self, call: Call) -> Json:
        """`advance` by seconds or up to `now`, running what falls due, in order.

        `frozen` stops and starts it.
        """
        wishes, world = call.params, call.world
        unknown = set(wishes) - {"advance", "frozen", "now"}
        if unknown:
            raise Refusal("bad_request", f"{min(unknown)} is unknown; use advance, frozen or now")
        seconds, moment = _seconds(wishes.get("advance", 0)), _moment(world, wishes)
        if "frozen" in wishes:
            world.clock.freeze(param_types.flag(wishes, "frozen", default=False))
        if moment is not None:
            await set_clock(world, moment, self._courier.settle)
        await advance(world, seconds, self._courier.settle)
        world.remember()
        return self.clock(call)

    def settings(self, call: Call) -> Json:
        """All settings and the keys."""
        return {"object": "settings", **_settings(call.world)}

    def change_settings(self, call: Call) -> Json:
        """Change what is named, all or nothing."""
        world, wishes = call.world, dict(call.params)
        keys = {name: wishes.pop(name, None) for name in KEYS}
        world.settings.changed(wishes)
        if any(keys.values()):
            texts = (param_types.text(keys, name) for name in KEYS)
            self._worlds.change_keys(world, *texts)
        world.change(wishes)
        self._courier.get_ready(world)
        return self.settings(call)

    def faults(self, call: Call) -> Json:
        """Every fault with how often it fired."""
        return control_list([fault.to_json() for fault in call.world.faults])

    def arm(self, call: Call) -> Json:
        """Arm a fault."""
        fault = call.world.faults.add(call.params)
        call.world.remember()
        return fault.to_json()

    def disarm_all(self, call: Call) -> Json:
        """Disarm every fault; tells how they stood."""
        stood = self.faults(call)
        call.world.faults.clear()
        call.world.remember()
        return stood

    def disarm(self, call: Call) -> Json:
        """Disarm one fault."""
        fault = call.world.faults.remove(call.ids[0])
        if fault is None:
            raise not_found("fault", call.ids[0])
        call.world.remember()
        return fault.to_json()

    def holds(self, call: Call) -> Json:
        """What is held, in the order in which it was ready."""
        return control_list([held.to_json() for held in call.world.holds])

    def release(self, call: Call) -> Json:
        """Let something go that is held."""
        held = call.world.holds.release(call.ids[0])
        if held is None:
            raise not_found("hold", call.ids[0])
        return held.to_json()

    def requests(self, call: Call) -> Json:
        """The last 500 requests, oldest first: by `method`, `path` (and below), `after` an id."""
        method = param_types.text(call.params, "method")
        found = call.world.traffic.find(
            method.upper() if method else None,
            param_types.text(call.params, "path"),
            param_types.integer(call.params, "after") or 0,
        )
        return control_list([exchange.to_json() for exchange in found])

    def objects(self, call: Call) -> Json:
        """A page of the objects of one `kind`, such as token: also those Omise does not list."""
        kind = KINDS.get(param_types.text(call.params, "kind") or "")
        if kind is None:
            raise Refusal("bad_request", f"kind must be one of {', '.join(KINDS)}")
        world, now = call.world, call.world.now()
        page = param_types.page(call.params, now)
        total, records = kind.shelf(world.ledger).page(page)
        data = [kind.shape(world, record, now) for record in records]
        return list_shape(data, "/_sandbox/objects", total, now, page)

    def webhooks(self, call: Call) -> Json:
        """The last 500 deliveries, oldest first; `about` an object chooses."""
        run_due(call.world)
        _, deliveries = call.world.ledger.deliveries.page(Page(limit=MOST_SHOWN, newest_first=True))
        shown = [show(call.world, delivery) for delivery in reversed(deliveries)]
        about = param_types.text(call.params, "about")
        return control_list([each for each in shown if about in (None, each["about"])])

    def resend(self, call: Call) -> Json:
        """Send a delivery once more, right after this is answered."""
        delivery = call.world.ledger.deliveries.get(call.ids[0])
        if delivery is None:
            raise not_found("webhook delivery", call.ids[0])
        call.world.outbox.append(delivery.id)
        return show(call.world, delivery)

    def create_world(self, call: Call) -> Json:
        """A fresh world with its own keys; settings may be sent along, and `livemode`."""
        world = self._worlds.create(call.params)
        self._courier.get_ready(world)
        return {"object": "world", **_settings(world)}

    def remove_world(self, call: Call) -> Json:
        """Forget the world whose key was sent."""
        self._worlds.remove(call.world)
        return {"object": "world", "deleted": True, **_settings(call.world)}


def _settings(world: World) -> dict[str, Any]:
    keys = {"public_key": world.keys.public, "secret_key": world.keys.secret}
    return {**keys, "livemode": world.livemode, **world.settings.to_json()}


def _seconds(wish: object) -> float:
    """Time only goes forward, at most a hundred years."""
    try:
        seconds = float(str(wish))
    except ValueError:
        seconds = -1
    if isinstance(wish, bool) or not 0 <= seconds <= 100 * 366 * 24 * 3600:
        raise Refusal("bad_request", "advance must be a number of seconds, not below zero")
    return seconds


def _moment(world: World, wishes: Json) -> int | None:
    """What time it is to be; nothing that was made may come to lie in the future."""
    moment = param_types.moment(wishes, "now")
    if moment is None:
        return None
    if moment < 0 or (moment < world.now() and not world.ledger.is_empty):
        raise Refusal("bad_request", "now lies before what was made; reset the world first")
    return moment
