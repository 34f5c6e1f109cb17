"""What a reset leaves behind can be let go of bit by bit, down to the last object."""

from omise_sandbox.simulation.seeding import Plan, seed
from omise_sandbox.storage.collection import Shelf
from omise_sandbox.storage.journal import Journal
from omise_sandbox.storage.worlds import Worlds


def test_nothing_large_is_left_for_the_end():
    world = Worlds(Journal(None), {}, {}).default
    seed(world, Plan(charges=200, customers=5))
    left = world.ledger
    left.customers.unlist(next(iter(left.customers.by_id)))

    for held, take_one in left.contents():
        while held:
            take_one()

    shelves = {name: held for name, held in vars(left).items() if isinstance(held, Shelf)}
    assert not [name for name, shelf in shelves.items() if shelf.by_id or len(shelf)]
    indexes = vars(left).keys() - shelves.keys() - {"agenda", "balances"}
    assert not [name for name in indexes if getattr(left, name)]
    assert left.agenda.next_at is None
