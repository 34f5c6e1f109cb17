"""Sends webhooks, and applies faults to them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

from omise_sandbox.simulation.faults import Fault
from omise_sandbox.storage.records import Attempt, Delivery
from omise_sandbox.storage.world import World
from omise_sandbox.webhooks.deliveries import (
    delivery_body,
    delivery_headers,
    mark_dropped,
    postpone,
    record_attempt,
)
from omise_sandbox.webhooks.http_client import HttpClient

#: How long a reordered webhook waits for the next one, on the clock of its world.
MAX_REORDER_SECONDS = 60.0


class WebhookSender:
    """Sends the deliveries in the outboxes, each in a task of its own."""

    def __init__(self, delivered: Callable[[World], Awaitable[None]]) -> None:
        """`delivered` is awaited after each attempt, successful or not."""
        self._delivered = delivered
        self._client = HttpClient()
        self._under_way: dict[asyncio.Task[None], World] = {}
        #: Webhooks that wait for the next one of their world.
        self._overtaken: dict[World, list[str]] = {}

    def prepare(self, world: World) -> None:
        """Load the client once a world has a webhook URL, so that no webhook waits for it."""
        if world.settings.webhook_url:
            self._client.load()

    def flush(self, world: World) -> None:
        """Send everything in the world's outbox, in order."""
        ready, world.outbox = world.outbox, []
        for delivery_id in ready:
            delivery = world.store.deliveries.get(delivery_id)
            if delivery is None:
                continue
            fault = None if delivery_id in world.bypass_faults else _matching_fault(world, delivery)
            world.bypass_faults.discard(delivery_id)
            if fault is None or not self._hold_back(world, delivery, fault):
                self._start(world, delivery, fault)

    async def drain(self, world: World) -> None:
        """Send everything, and wait for all responses to this world's webhooks."""
        self.flush(world)
        while under_way := [task for task, its in self._under_way.items() if its is world]:
            await asyncio.wait(under_way)
            self.flush(world)

    async def close(self) -> None:
        """Cancel running deliveries; they are retried after the next start."""
        for task in list(self._under_way):
            task.cancel()
        await self._client.close()

    def _hold_back(self, world: World, delivery: Delivery, fault: Fault) -> bool:
        """Apply a fault that keeps the delivery from leaving now; whether there is one."""
        world.persist()
        if fault.do == "drop":
            mark_dropped(world, delivery, f"dropped by {fault.id}")
        elif fault.do == "delay":
            postpone(world, delivery, fault.seconds)
        elif fault.do == "reorder":
            postpone(world, delivery, fault.seconds or MAX_REORDER_SECONDS)
            self._overtaken.setdefault(world, []).append(delivery.id)
        elif fault.do == "pause":
            release = partial(self._send_held, world, delivery.id)
            world.holds.add("webhook", _key(world, delivery), world.clock.now(), release)
        else:
            return False
        return True

    def _send_held(self, world: World, delivery_id: str) -> None:
        """Send a delivery that was held back; no other fault applies to it."""
        world.bypass_faults.add(delivery_id)
        world.outbox.append(delivery_id)
        self.flush(world)

    def _start(self, world: World, delivery: Delivery, fault: Fault | None) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(world, delivery, fault))
        self._under_way[task] = world
        task.add_done_callback(self._under_way.pop)

    async def _deliver(self, world: World, delivery: Delivery, fault: Fault | None) -> None:
        store, action = world.store, fault.do if fault else None
        for _ in range(2 if action == "duplicate" else 1):
            attempt = await self._attempt(world, delivery, wrong_secret=action == "wrong_signature")
            if world.store is not store:
                return  # the world was reset meanwhile
            record_attempt(world, store.deliveries.get(delivery.id) or delivery, attempt)
        for overtaken in self._overtaken.pop(world, ()):
            if overtaken != delivery.id:
                self._send_held(world, overtaken)
        await self._delivered(world)

    async def _attempt(self, world: World, delivery: Delivery, *, wrong_secret: bool) -> Attempt:
        at, started = world.clock.now(), time.perf_counter()
        body = delivery_body(world, delivery)
        headers = delivery_headers(world, body, wrong_secret=wrong_secret)
        answer = await self._client.post(delivery.uri, body, headers)
        return answer._replace(at=at, milliseconds=round((time.perf_counter() - started) * 1000, 1))


def _key(world: World, delivery: Delivery) -> str:
    """The key of the delivery's event."""
    event = world.store.events.get(delivery.event)
    return event.key if event else ""


def _matching_fault(world: World, delivery: Delivery) -> Fault | None:
    """The fault that applies to the delivery, if any."""
    return world.faults.match_webhook(_key(world, delivery))
