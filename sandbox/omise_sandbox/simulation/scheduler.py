"""What happens by itself when its time comes: one table, run in order of time."""

from collections.abc import Awaitable, Callable

from omise_sandbox.resources import charge_transitions
from omise_sandbox.rules.charge_states import PENDING
from omise_sandbox.storage.clock import Due
from omise_sandbox.storage.world import World


def run_due(world: World) -> None:
    """Do everything that is due by now, soonest first, each at its own time."""
    now = world.clock.now()
    next_at = world.ledger.agenda.next_at
    if next_at is None or next_at > now:
        return
    while due := world.ledger.agenda.pop(now):
        ACTIONS[due.action](world, due)


async def advance(world: World, seconds: float, settle: Callable[[World], Awaitable[None]]) -> None:
    """Move the clock on, stopping at each thing that falls due in between.

    Before the first and after each one `settle` is awaited, so that a webhook has been answered,
    and its retry noted, before the clock goes on.
    """
    await settle(world)
    await _reach(world, world.clock.now() + seconds, settle)


async def set_clock(
    world: World, moment: float, settle: Callable[[World], Awaitable[None]]
) -> None:
    """Make it that moment, as `advance` does; it may be an earlier one while the world is empty."""
    await settle(world)
    if world.ledger.is_empty:
        world.clock.move_to(moment)
    await _reach(world, moment, settle)


async def _reach(world: World, target: float, settle: Callable[[World], Awaitable[None]]) -> None:
    while due := world.ledger.agenda.pop(target):
        world.clock.move_to(max(due.at, world.clock.now()))
        ACTIONS[due.action](world, due)
        await settle(world)
    world.clock.move_to(max(target, world.clock.now()))


def _expire(world: World, due: Due) -> None:
    charge = world.ledger.charges.get(due.subject)
    if charge and charge.situation in PENDING:
        world.save(charge_transitions.expired(charge, int(due.at)), event="charge.expire")


def _deliver(world: World, due: Due) -> None:
    """A webhook, unless it has been sent since this was noted."""
    delivery = world.ledger.deliveries.get(due.subject)
    if delivery and delivery.next_at == due.at:
        world.outbox.append(due.subject)


#: What can fall due. The subject is the id of a charge or of a delivery.
ACTIONS: dict[str, Callable[[World, Due], None]] = {"expire": _expire, "deliver": _deliver}
