"""Wakes each world when the next thing on its agenda falls due in real time."""

import asyncio
from collections.abc import Awaitable, Callable

from omise_sandbox.storage.world import World


class Alarm:
    """At most one timer a world. Moving the clock or new business only needs another `set`."""

    def __init__(self, ring: Callable[[World], Awaitable[None]]) -> None:
        self._ring = ring
        #: When each rings, on the clock of the loop; uvloop's own timers do not always know.
        self._timers: dict[World, tuple[float, asyncio.Handle]] = {}
        self._ringing: set[asyncio.Task[None]] = set()

    def set(self, world: World) -> None:
        """Ring when the world's next thing is due; nothing is due while its clock is frozen."""
        next_at = world.ledger.agenda.next_at
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
        """No more alarms."""
        for _, timer in self._timers.values():
            timer.cancel()
        for task in self._ringing:
            task.cancel()

    def _wake(self, world: World) -> None:
        del self._timers[world]
        task = asyncio.get_running_loop().create_task(self._run(world))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _run(self, world: World) -> None:
        await self._ring(world)
        self.set(world)
