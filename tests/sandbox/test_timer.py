"""The timer that wakes a world, on the event loop of the sandbox."""

import asyncio

from omise_sandbox.http.timer import Timer
from omise_sandbox.storage.journal import Journal
from omise_sandbox.storage.worlds import Worlds
from tests.support.event_loops import on_a_loop


async def fired_when_scheduled_twice():
    """The tasks that the timer ran when it was scheduled twice for one due task."""
    world, fired, done = Worlds(Journal(None), {}, {}).default, [], asyncio.Event()
    world.store.due_queue.add(world.clock.now(), "expire", "chrg_test_1")

    async def run(world):
        fired.append(world.store.due_queue.pop(world.clock.now()))
        done.set()

    timer = Timer(run)
    timer.schedule(world)
    timer.schedule(world)
    await asyncio.wait_for(done.wait(), 5)
    timer.stop()
    return [due.subject for due in fired]


def test_timer_fires_once_when_scheduled_twice():
    assert on_a_loop(fired_when_scheduled_twice()) == ["chrg_test_1"]
