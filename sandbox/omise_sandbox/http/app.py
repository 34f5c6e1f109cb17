"""Answers requests: finds the route, authenticates, applies faults, and logs.

The table of routes is its own, because the routers of web frameworks cost more than the work done
here.
"""

import asyncio
import time
from collections.abc import Iterable
from functools import partial
from inspect import isawaitable

from omise_sandbox.http import controls, qr_images, static_files
from omise_sandbox.http.auth import authenticate, world_of_key
from omise_sandbox.http.bank_page import BankPage
from omise_sandbox.http.hosts import Hosts
from omise_sandbox.http.request import Request
from omise_sandbox.http.request_body import Params, read_params, without_nulls
from omise_sandbox.http.responses import (
    CALLED_BY_BROWSERS,
    CORS,
    NO_CONTENT,
    Response,
    api_response,
    check_version,
    error_response,
    json_response,
)
from omise_sandbox.http.timer import Timer
from omise_sandbox.resources import routes
from omise_sandbox.resources.api_call import ApiCall
from omise_sandbox.resources.routes import Match, Router
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.rules.unsupported import reject_unsupported
from omise_sandbox.simulation.faults import Fault
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import Worlds
from omise_sandbox.webhooks.sender import WebhookSender

GARBAGE = b'{"object": "charge", "id": "chrg_te\x00\xff<html>'
#: The end of the only path that takes files.
DOCUMENTS = "/documents"
UNLOGGED_SCOPES = ("control", "file")


class RequestContext:
    """What is known of a request so far; the log needs it at the end."""

    __slots__ = (
        "fault",
        "is_cut",
        "params",
        "path",
        "request",
        "scope",
        "started",
        "world",
    )

    def __init__(self, request: Request) -> None:
        self.request = request
        self.started = time.perf_counter()
        self.path = request.path.rstrip("/") or "/"
        self.scope = ""
        self.world: World | None = None
        self.params: Params = {}
        self.fault: Fault | None = None
        self.is_cut = False

    def cut(self) -> None:
        """Cut the connection: the caller gets no response."""
        self.is_cut = True
        self.request.cut()


class SandboxApp:
    """Answers every request of the process."""

    def __init__(self, worlds: Worlds, scheme: str, allowed_hosts: Iterable[str] = ()) -> None:
        self._worlds = worlds
        self.scheme = scheme
        self._hosts = Hosts(allowed_hosts)
        self._journal = worlds.journal
        self.timer = Timer(self._on_due)
        self.sender = WebhookSender(self._after_delivery)
        self._bank_page = BankPage(worlds)
        self._router = Router(
            [
                *routes.API,
                *routes.UNSUPPORTED_ROUTES,
                *controls.routes(worlds, self.sender),
                *self._bank_page.routes(),
                *qr_images.routes(),
                *static_files.routes(),
            ]
        )
        self._compacting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Schedule the tasks that the journal brought back, and compact what resets left."""
        for world in self._worlds:
            self.sender.prepare(world)
            self.timer.schedule(world)
        self._compact()

    async def close(self) -> None:
        """Stop background work."""
        self.timer.stop()
        if self._compacting:
            self._compacting.cancel()
        await self.sender.close()

    async def answer(self, request: Request) -> None:
        """Answer a request; changes are on disk before the response leaves."""
        context = RequestContext(request)
        try:
            response = await self._answer(context)
        except ApiError as error:
            response = error_response(error)
        if context.fault:
            await self._journal.committed()
            response = await self._apply_after(context, response)
        if context.path.startswith(CALLED_BY_BROWSERS):
            response.headers += CORS
        self._log(context, response)
        # The task does not wait for the disk, since waking it up costs as much as writing.
        self._journal.after_commit(partial(request.respond, response))
        self._send_webhooks(context.world)

    async def _answer(self, context: RequestContext) -> Response:
        request = context.request
        self._hosts.check(request.headers.get("host"))
        if request.method == "OPTIONS" and context.path.startswith(CALLED_BY_BROWSERS):
            return Response(b"", NO_CONTENT, "")
        if context.path == "/" and "text/html" in request.headers.get("accept", ""):
            return Response(b"", 303, "Location: /_sandbox/\r\n")
        match = self._router.find(request.method, context.path)
        context.scope = match.route.scope
        if context.scope == "file":
            file: Response = match.route.handler(*match.ids)
            return static_files.compressed(file, request.headers.get("accept-encoding", ""))
        if context.scope == "page":
            return await self._page(context, match)
        context.world = authenticate(
            context.scope, request.headers.get("authorization"), self._worlds
        )
        context.params = _read(context)
        if context.scope == "control":
            _reject_cross_origin(request)
            return json_response(await self._control(context, match, context.world))
        return await self._api(context, match, context.world)

    async def _page(self, context: RequestContext, match: Match) -> Response:
        context.world = self._bank_page.world_of(match.ids[-1])
        context.params = _read(context)
        if context.world.faults:
            await self._apply_before(context, match, context.world)
        languages = context.request.headers.get("accept-language", "")
        page: Response = match.route.handler(
            context.world, *match.ids, context.params, languages=languages
        )
        return page

    def _call(self, context: RequestContext, match: Match, world: World, params: Params) -> ApiCall:
        request = context.request
        base_url = f"{self.scheme}://{request.host}"
        return ApiCall(world, match.ids, params, base_url, context.path, request.remote)

    async def _control(self, context: RequestContext, match: Match, world: World) -> object:
        shape = match.route.handler(self._call(context, match, world, context.params))
        if isawaitable(shape):
            shape = await shape
        self._compact()
        return shape

    async def _api(self, context: RequestContext, match: Match, world: World) -> Response:
        if world.faults:
            await self._apply_before(context, match, world)
        if world.settings.latency:
            await asyncio.sleep(world.settings.latency)
        run_due(world)
        check_version(context.request.headers.get("omise-version"))
        call = self._call(context, match, world, without_nulls(context.params))
        if context.fault and context.fault.do == "decline":
            call.declined_as = context.fault.code
        reject_unsupported(match.route.name, call.params)
        return api_response(match.route.handler(call))

    async def _apply_before(self, context: RequestContext, match: Match, world: World) -> None:
        """Apply a fault before the work. Raises `ApiError` when no work is to be done."""
        fault = world.faults.match(context.request.method, context.path, match.route.pattern)
        if fault is None:
            return
        context.fault = fault
        world.persist()
        if fault.do == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault.do == "status":
            raise fault.error
        elif fault.do == "drop_before":
            context.cut()
            raise fault.error

    async def _apply_after(self, context: RequestContext, response: Response) -> Response:
        """Apply a fault after the work was done and stored."""
        action = context.fault.do if context.fault else None
        if action == "drop_after":
            context.cut()
        elif action == "garbage":
            return Response(GARBAGE)
        elif action == "pause" and context.world:
            await self._pause(context, context.world)
        return response

    async def _pause(self, context: RequestContext, world: World) -> None:
        """Wait for the release; webhooks leave meanwhile."""
        released = asyncio.Event()
        subject = f"{context.request.method} {context.path}"
        world.holds.add("answer", subject, world.clock.now(), released.set)
        self.sender.flush(world)
        self.timer.schedule(world)
        await released.wait()

    def _log(self, context: RequestContext, response: Response) -> None:
        """Log the request in its world; reading the log is not logged."""
        if context.scope in UNLOGGED_SCOPES:
            return
        request = context.request
        world = context.world or world_of_key(request.headers.get("authorization"), self._worlds)
        world.request_log.add(
            at=world.clock.now(),
            method=request.method,
            path=context.path,
            query=request.query,
            status=None if context.is_cut else response.status,
            seconds=time.perf_counter() - context.started,
            request=context.params,
            response=response.body,
            fault=context.fault.do if context.fault else None,
        )

    def _send_webhooks(self, world: World | None) -> None:
        """Webhooks leave after the response."""
        if world is None:
            return
        if world.outbox:
            self._journal.after_commit(partial(self.sender.flush, world))
        self.timer.schedule(world)

    async def _on_due(self, world: World) -> None:
        """Run what falls due without a request."""
        run_due(world)
        await self._journal.committed()
        self.sender.flush(world)

    async def _after_delivery(self, world: World) -> None:
        await self._journal.committed()
        self.timer.schedule(world)

    def _compact(self) -> None:
        if self._worlds.needs_compaction and (self._compacting is None or self._compacting.done()):
            self._compacting = asyncio.get_running_loop().create_task(self._worlds.compact())


def _read(context: RequestContext) -> Params:
    """The parameters. Raises `ApiError` when the body did not arrive whole, or is not parsed."""
    request = context.request
    if request.error:
        raise request.error
    content_type = request.headers.get("content-type", "")
    takes_files = context.path.endswith(DOCUMENTS)
    return read_params(request.query, request.body, content_type, takes_files=takes_files)


def _reject_cross_origin(request: Request) -> None:
    """Pages of other sites, open in a browser on this machine, may not use the controls."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise ApiError("not_authorized", "pages of other sites cannot use the controls")
