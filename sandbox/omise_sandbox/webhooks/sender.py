"""Carries webhooks to their receivers, and lets faults have their way with them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from aiohttp.client_exceptions import ClientError

from omise_sandbox.simulation.faults import Fault
from omise_sandbox.storage.records import Attempt, Delivery
from omise_sandbox.storage.world import World
from omise_sandbox.webhooks.deliveries import (
    attempted,
    delivery_body,
    lost,
    postponed,
    signed_headers,
)
from omise_sandbox.webhooks.http_client import open_session, trusted

if TYPE_CHECKING:
    from aiohttp.client import ClientSession

#: How long a webhook waits at most to be overtaken, on the clock of its world.
MOST_PATIENCE = 60.0


class Courier:
    """Sends what lies in the outboxes, each delivery on its own."""

    def __init__(self, delivered: Callable[[World], Awaitable[None]]) -> None:
        """`delivered` is awaited after each attempt, however it went."""
        self._delivered = delivered
        self._session: ClientSession | None = None
        self._under_way: dict[asyncio.Task[None], World] = {}
        #: Webhooks that let the next one of their world go first.
        self._overtaken: dict[World, list[str]] = {}

    def get_ready(self, world: World) -> None:
        """Load the client once a world has an address: not even its first webhook waits for it."""
        if self._session is None and world.settings.webhook_url:
            self._session = open_session()

    def empty(self, world: World) -> None:
        """Send everything that waits in the world's outbox, in its order."""
        ready, world.outbox = world.outbox, []
        for delivery_id in ready:
            delivery = world.ledger.deliveries.get(delivery_id)
            if delivery is None:
                continue
            fault = None if delivery_id in world.exempt else _struck(world, delivery)
            world.exempt.discard(delivery_id)
            if fault is None or not self._kept_back(world, delivery, fault):
                self._start(world, delivery, fault)

    async def settle(self, world: World) -> None:
        """Send what waits, and come back once all of the world's deliveries were answered."""
        self.empty(world)
        while under_way := [task for task, its in self._under_way.items() if its is world]:
            await asyncio.wait(under_way)
            self.empty(world)

    async def close(self) -> None:
        """Give up what is under way; it is tried again after the next start."""
        for task in list(self._under_way):
            task.cancel()
        if self._session:
            await self._session.close()

    def _kept_back(self, world: World, delivery: Delivery, fault: Fault) -> bool:
        """Whether a fault keeps it from leaving now."""
        world.remember()
        if fault.do == "drop":
            lost(world, delivery, f"dropped by {fault.id}")
        elif fault.do == "delay":
            postponed(world, delivery, fault.seconds)
        elif fault.do == "reorder":
            postponed(world, delivery, fault.seconds or MOST_PATIENCE)
            self._overtaken.setdefault(world, []).append(delivery.id)
        elif fault.do == "hold":
            let_go = partial(self._send_late, world, delivery.id)
            world.holds.add("webhook", _key(world, delivery), world.clock.now(), let_go)
        else:
            return False
        return True

    def _send_late(self, world: World, delivery_id: str) -> None:
        """Send one that was kept back; no fault meets it again."""
        world.exempt.add(delivery_id)
        world.outbox.append(delivery_id)
        self.empty(world)

    def _start(self, world: World, delivery: Delivery, fault: Fault | None) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(world, delivery, fault))
        self._under_way[task] = world
        task.add_done_callback(self._under_way.pop)

    async def _deliver(self, world: World, delivery: Delivery, fault: Fault | None) -> None:
        ledger, doing = world.ledger, fault.do if fault else None
        for _ in range(2 if doing == "duplicate" else 1):
            attempt = await self._attempt(world, delivery, wrongly=doing == "wrong_signature")
            if world.ledger is not ledger:
                return  # the world was reset meanwhile
            attempted(world, ledger.deliveries.get(delivery.id) or delivery, attempt)
        for overtaken in self._overtaken.pop(world, ()):
            if overtaken != delivery.id:
                self._send_late(world, overtaken)
        await self._delivered(world)

    async def _attempt(self, world: World, delivery: Delivery, *, wrongly: bool) -> Attempt:
        at, started = world.clock.now(), time.perf_counter()
        body = delivery_body(world, delivery)
        headers = signed_headers(world, body, wrongly=wrongly)
        status, error = await self._post(delivery.uri, body, headers)
        return Attempt(at, status, error, round((time.perf_counter() - started) * 1000, 1))

    async def _post(
        self, uri: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int | None, str | None]:
        """The receiver's status, or in a few words why there is none."""
        if self._session is None:
            self._session = open_session()
        try:
            async with self._session.post(
                uri, data=body, headers=headers, allow_redirects=False, ssl=trusted(uri)
            ) as response:
                return response.status, None
        except TimeoutError:
            return None, "no answer in time"
        except (ClientError, OSError, ValueError) as error:
            return None, f"{type(error).__name__}: {error}"


def _key(world: World, delivery: Delivery) -> str:
    """The key of the event that a webhook tells of."""
    event = world.ledger.events.get(delivery.event)
    return event.key if event else ""


def _struck(world: World, delivery: Delivery) -> Fault | None:
    """The fault that meets a webhook, if one does."""
    return world.faults.strike_webhook(_key(world, delivery))
