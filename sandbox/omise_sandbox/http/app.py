"""The front desk: takes a request, finds who answers it, and lets faults have their way.

Built on aiohttp's low-level server: one handler and our own table of routes, because its router and
middlewares cost more than the work that is done here.
"""

import asyncio
import time
from functools import partial
from inspect import isawaitable
from typing import cast
from urllib.parse import urlsplit

from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse

from omise_sandbox.http import qr_images, static_files
from omise_sandbox.http.auth import known_world, world_for
from omise_sandbox.http.bank_page import Bank
from omise_sandbox.http.controls import Controls
from omise_sandbox.http.request_body import Tree, read_body, read_params, without_nulls
from omise_sandbox.http.responses import (
    CALLED_BY_BROWSERS,
    CORS,
    VERSION_HEADER,
    Reply,
    checked_version,
    json_reply,
    refusal_reply,
)
from omise_sandbox.http.timer import Alarm
from omise_sandbox.resources import routes
from omise_sandbox.resources.api_call import Call
from omise_sandbox.resources.routes import Match, Router
from omise_sandbox.rules.errors import Refusal
from omise_sandbox.rules.unsupported import refuse_not_imitated
from omise_sandbox.simulation.faults import Fault
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import Worlds
from omise_sandbox.webhooks.sender import Courier

GARBAGE = b'{"object": "charge", "id": "chrg_te\x00\xff<html>'
QUIET_DOORS = ("control", "file")


class Visit:
    """What is known of a request so far, for the log when it is over."""

    __slots__ = ("door", "fault", "is_cut", "params", "path", "request", "started", "world")

    def __init__(self, request: BaseRequest) -> None:
        self.request = request
        self.started = time.perf_counter()
        self.path = request.path.rstrip("/") or "/"
        self.door = ""
        self.world: World | None = None
        self.params: Tree = {}
        self.fault: Fault | None = None
        self.is_cut = False

    def cut(self) -> None:
        """Cut the connection: the caller gets no answer at all."""
        self.is_cut = True
        if self.request.transport is not None:
            self.request.transport.abort()


class FrontDesk:
    """Answers every request of the process."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._journal = worlds.journal
        self.alarm = Alarm(self._ring)
        self.courier = Courier(self._after_delivery)
        self._bank = Bank(worlds)
        controls = Controls(worlds, self.courier)
        self._router = Router(
            [
                *routes.API,
                *routes.ABSENT,
                *controls.routes(),
                *self._bank.routes(),
                *qr_images.routes(),
                *static_files.routes(),
            ]
        )
        self._sweeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Set the alarms of what the journal brought back, and sweep out what resets left."""
        for world in self._worlds:
            self.courier.get_ready(world)
            self.alarm.set(world)
        self._sweep()

    async def close(self) -> None:
        """Stop what runs in the background."""
        self.alarm.stop()
        if self._sweeping:
            self._sweeping.cancel()
        await self.courier.close()

    async def answer(self, request: BaseRequest) -> StreamResponse:
        """The answer to a request, on disk before it leaves."""
        visit = Visit(request)
        try:
            response = await self._answer(visit)
        except Refusal as refusal:
            response = refusal_reply(refusal)
        if visit.fault:
            await self._journal.committed()
            response = await self._spoilt(visit, response)
        response.journal = self._journal
        if visit.path.startswith(CALLED_BY_BROWSERS):
            response.headers += CORS
        self._note(visit, response)
        await self._follow_up(visit, response)
        return cast(StreamResponse, response)

    async def _answer(self, visit: Visit) -> Reply:
        request = visit.request
        if request.method == "OPTIONS" and visit.path.startswith(CALLED_BY_BROWSERS):
            return Reply(b"", 204, "")
        match = self._router.find(request.method, visit.path)
        visit.door = match.route.door
        if visit.door == "file":
            return match.route.handler(*match.ids)  # type: ignore[no-any-return]
        if visit.door == "page":
            return await self._page(visit, match)
        visit.world = world_for(visit.door, request.headers.get("Authorization"), self._worlds)
        visit.params = await _read(request)
        if visit.door == "control":
            _refuse_other_sites(request)
            return json_reply(await self._control(visit, match, visit.world))
        return await self._api(visit, match, visit.world)

    async def _page(self, visit: Visit, match: Match) -> Reply:
        visit.world = self._bank.world_of(match.ids[-1])
        visit.params = await _read(visit.request)
        if visit.world.faults:
            await self._strike(visit, match, visit.world)
        return match.route.handler(visit.world, *match.ids, visit.params)  # type: ignore[no-any-return]

    async def _control(self, visit: Visit, match: Match, world: World) -> object:
        shape = match.route.handler(_call(visit.request, match, world, visit.params))
        if isawaitable(shape):
            shape = await shape
        self._sweep()
        return shape

    async def _api(self, visit: Visit, match: Match, world: World) -> Reply:
        if world.faults:
            await self._strike(visit, match, world)
        if world.settings.latency:
            await asyncio.sleep(world.settings.latency)
        run_due(world)
        version = checked_version(visit.request.headers.get(VERSION_HEADER))
        call = _call(visit.request, match, world, without_nulls(visit.params))
        refuse_not_imitated(match.route.name, call.params)
        shape = match.route.handler(call)
        return json_reply(shape, version=version)

    async def _strike(self, visit: Visit, match: Match, world: World) -> None:
        """What a fault does before the work. Raises `Refusal` when no work is to be done."""
        fault = world.faults.strike(visit.request.method, visit.path, match.route.pattern)
        if fault is None:
            return
        visit.fault = fault
        world.remember()
        if fault.do == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault.do == "status":
            raise fault.refusal
        elif fault.do == "drop_before":
            visit.cut()
            raise fault.refusal

    async def _spoilt(self, visit: Visit, response: Reply) -> Reply:
        """What a fault does after the work was done and kept."""
        doing = visit.fault.do if visit.fault else None
        if doing == "drop_after":
            visit.cut()
        elif doing == "garbage":
            return Reply(GARBAGE)
        elif doing == "hold" and visit.world:
            await self._held(visit, visit.world)
        return response

    async def _held(self, visit: Visit, world: World) -> None:
        """Wait for the release; webhooks do not wait along."""
        released = asyncio.Event()
        subject = f"{visit.request.method} {visit.path}"
        world.holds.add("answer", subject, world.clock.now(), released.set)
        self.courier.empty(world)
        self.alarm.set(world)
        await released.wait()

    def _note(self, visit: Visit, response: Reply) -> None:
        """Put the request into its world's log; looking at the log leaves no trace in it."""
        if visit.door in QUIET_DOORS:
            return
        request = visit.request
        world = visit.world or known_world(request.headers.get("Authorization"), self._worlds)
        world.traffic.add(
            at=world.clock.now(),
            method=request.method,
            path=visit.path,
            query=request.query_string,
            status=None if visit.is_cut else response.status,
            seconds=time.perf_counter() - visit.started,
            request=visit.params,
            response=response.body,
            fault=visit.fault.do if visit.fault else None,
        )

    async def _follow_up(self, visit: Visit, response: Reply) -> None:
        """Webhooks leave when the answer has left."""
        world = visit.world
        if world is None:
            return
        if world.outbox:
            await response.prepare(visit.request)
            await response.write_eof()
            self._journal.then(partial(self.courier.empty, world))
        self.alarm.set(world)

    async def _ring(self, world: World) -> None:
        """Something falls due by itself."""
        run_due(world)
        await self._journal.committed()
        self.courier.empty(world)

    async def _after_delivery(self, world: World) -> None:
        await self._journal.committed()
        self.alarm.set(world)

    def _sweep(self) -> None:
        if self._worlds.has_rubbish and (self._sweeping is None or self._sweeping.done()):
            self._sweeping = asyncio.get_running_loop().create_task(self._worlds.sweep())


async def _read(request: BaseRequest) -> Tree:
    body = await read_body(request)
    return read_params(request.query_string, body, request.headers.get("Content-Type", ""))


def _call(request: BaseRequest, match: Match, world: World, params: Tree) -> Call:
    return Call(world, match.ids, params, f"{request.scheme}://{request.host}", request.remote)


def _refuse_other_sites(request: BaseRequest) -> None:
    """A page from elsewhere, open in a browser on this machine, may not use the controls."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Refusal("not_authorized", "controls are not for pages of other sites")
