"""Runs the tasks of a world that fall due, in order of time."""

from collections.abc import Awaitable, Callable

from omise_sandbox.resources import charge_transitions
from omise_sandbox.rules.charge_states import ON_TIMEOUT
from omise_sandbox.storage.clock import DueTask
from omise_sandbox.storage.world import World


def run_due(world: World) -> None:
    """Run everything that is due by now, soonest first, each at its own time."""
    now = world.clock.now()
    while due := world.store.due_queue.pop(now):
        ACTIONS[due.action](world, due)


async def advance(world: World, seconds: float, drain: Callable[[World], Awaitable[None]]) -> None:
    """Advance the clock, stopping at each task that falls due in between.

    Before the first and after each task `drain` is awaited, so that a webhook has its response,
    and its retry is scheduled, before time passes.
    """
    await drain(world)
    await _reach(world, world.clock.now() + seconds, drain)


async def set_clock(world: World, moment: float, drain: Callable[[World], Awaitable[None]]) -> None:
    """Set the clock, as `advance` does; only an empty world can go back in time."""
    await drain(world)
    if world.store.is_empty:
        world.clock.set_to(moment)
    await _reach(world, moment, drain)


async def _reach(world: World, target: float, drain: Callable[[World], Awaitable[None]]) -> None:
    while due := world.store.due_queue.pop(target):
        world.clock.set_to(max(due.at, world.clock.now()))
        ACTIONS[due.action](world, due)
        await drain(world)
    world.clock.set_to(max(target, world.clock.now()))


def _expire(world: World, due: DueTask) -> None:
    charge = world.store.charges.get(due.subject)
    if charge and charge.state in ON_TIMEOUT:
        world.save(charge_transitions.expired(charge, int(due.at)), event="charge.expire")


def _deliver(world: World, due: DueTask) -> None:
    """Queue a webhook, unless it was sent after this task was scheduled."""
    delivery = world.store.deliveries.get(due.subject)
    if delivery and delivery.next_at == due.at:
        world.outbox.append(due.subject)


#: Action → its function. The subject is the id of a charge or of a delivery.
ACTIONS: dict[str, Callable[[World, DueTask], None]] = {"expire": _expire, "deliver": _deliver}
