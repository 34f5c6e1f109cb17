"""Carries webhooks to their receivers."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp

from sandbox.state.records import Attempt, Delivery
from sandbox.state.world import World
from sandbox.webhooks import attempted, delivery_body, signed_headers

TIMEOUT = aiohttp.ClientTimeout(total=10)


class Courier:
    """Sends what lies in the outboxes, each delivery on its own."""

    def __init__(self, delivered: Callable[[World], Awaitable[None]]) -> None:
        """`delivered` is awaited after each attempt, however it went."""
        self._delivered = delivered
        self._session: aiohttp.ClientSession | None = None
        self._under_way: dict[asyncio.Task[None], World] = {}

    def empty(self, world: World) -> None:
        """Send everything that waits in the world's outbox, in its order."""
        ready, world.outbox = world.outbox, []
        for delivery_id in ready:
            delivery = world.ledger.deliveries.get(delivery_id)
            if delivery:
                task = asyncio.get_running_loop().create_task(self._deliver(world, delivery))
                self._under_way[task] = world
                task.add_done_callback(self._under_way.pop)

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

    async def _deliver(self, world: World, delivery: Delivery) -> None:
        ledger, at, started = world.ledger, world.clock.now(), time.perf_counter()
        status, error = await self._post(world, delivery)
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        if world.ledger is not ledger:
            return  # the world was reset meanwhile
        newest = ledger.deliveries.get(delivery.id) or delivery
        attempted(world, newest, Attempt(at, status, error, milliseconds))
        await self._delivered(world)

    async def _post(self, world: World, delivery: Delivery) -> tuple[int | None, str | None]:
        """The receiver's status, or in a few words why there is none."""
        body = delivery_body(world, delivery)
        headers = signed_headers(world, body)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        try:
            async with self._session.post(
                delivery.uri, data=body, headers=headers, allow_redirects=False
            ) as response:
                return response.status, None
        except TimeoutError:
            return None, "no answer in time"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, f"{type(error).__name__}: {error}"
