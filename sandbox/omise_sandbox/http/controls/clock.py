"""The clock of a world: read it, advance it, freeze it, return it to real time."""

import time

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.simulation.scheduler import advance, set_clock
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.world import World
from omise_sandbox.webhooks.sender import WebhookSender

PARAMS = ("advance", "now", "real", "frozen")
MAX_SECONDS = 100 * 366 * 24 * 3600


class ClockControls:
    """The controls of the clock."""

    def __init__(self, sender: WebhookSender) -> None:
        self._sender = sender

    def routes(self) -> list[Route]:
        """Read and change."""
        return [control("GET", "clock", read), control("POST", "clock", self.change)]

    async def change(self, call: ApiCall) -> Json:
        """`real` time, `frozen`, `now` or `advance` by seconds; runs what falls due, in order."""
        params, world = call.params, call.world
        _reject_unknown(params)
        seconds, moment = _seconds(params.get("advance", 0)), _moment(world, params)
        if param_types.flag(params, "real", default=False):
            world.clock.follow_real_time()
        if "frozen" in params:
            world.clock.freeze(param_types.flag(params, "frozen", default=False))
        if moment is not None:
            await set_clock(world, moment, self._sender.drain)
        await advance(world, seconds, self._sender.drain)
        world.persist()
        return read(call)


def read(call: ApiCall) -> Json:
    """The time of the world, the real time, and the distance between them in seconds."""
    clock, machine = call.world.clock, time.time()
    return {
        "object": "clock",
        "now": iso(call.world.now()),
        "real": iso(int(machine)),
        "offset": round(clock.now() - machine, 3),
        "frozen": clock.frozen_at is not None,
    }


def _reject_unknown(params: Json) -> None:
    unknown = set(params).difference(PARAMS)
    if unknown:
        raise ApiError("bad_request", f"{min(unknown)} is unknown; use {', '.join(PARAMS)}")


def _seconds(value: object) -> float:
    """Time only goes forward, by at most a hundred years."""
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = -1
    if isinstance(value, bool) or not 0 <= seconds <= MAX_SECONDS:
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
