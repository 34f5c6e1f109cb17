"""The alarm that wakes a world, on the loop that the sandbox runs on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import uvloop

from omise_sandbox.http.timer import Alarm
from omise_sandbox.storage.journal import Journal
from omise_sandbox.storage.worlds import Worlds


async def rings_when_set_twice():
    """How often it rings for one thing that is due now, and that it was set for twice."""
    world, rung, done = Worlds(Journal(None), {}, {}).default, [], asyncio.Event()
    world.ledger.agenda.add(world.clock.now(), "expire", "chrg_test_1")

    async def ring(world):
        rung.append(world.ledger.agenda.pop(world.clock.now()))
        done.set()

    alarm = Alarm(ring)
    alarm.set(world)
    alarm.set(world)
    await asyncio.wait_for(done.wait(), 5)
    alarm.stop()
    return [due.subject for due in rung]


def on_a_loop(what):
    """Run it where no other loop runs: a browser of other tests may have one in this thread."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(what())


def test_it_can_be_set_again_for_what_is_due_now():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(on_a_loop, rings_when_set_twice).result() == ["chrg_test_1"]
