"""Wakes each world when its next task falls due in real time."""

import asyncio
from collections.abc import Awaitable, Callable

from omise_sandbox.storage.world import World


class Timer:
    """At most one timer per world. After a change of clock or tasks, call `schedule` again."""

    def __init__(self, on_due: Callable[[World], Awaitable[None]]) -> None:
        self._on_due = on_due
        #: The due time of each on the loop's clock; uvloop's handles do not always have it.
        self._timers: dict[World, tuple[float, asyncio.Handle]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def schedule(self, world: World) -> None:
        """Wake the world when its next task is due; nothing is due while its clock is frozen."""
        next_at = world.store.due_queue.next_at
        if next_at is None or world.clock.frozen_at is not None:
            return
        loop = asyncio.get_running_loop()
        when = loop.time() + max(0.0, next_at - world.clock.now())
        if world in self._timers:
            known, timer = self._timers[world]
            if loop.time() < known <= when:
                return
            timer.cancel()
        self._timers[world] = (when, loop.call_at(when, self._wake, world))

    def stop(self) -> None:
        """Cancel all timers."""
        for _, timer in self._timers.values():
            timer.cancel()
        for task in self._running:
            task.cancel()

    def _wake(self, world: World) -> None:
        del self._timers[world]
        task = asyncio.get_running_loop().create_task(self._run(world))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, world: World) -> None:
        await self._on_due(world)
        self.schedule(world)
