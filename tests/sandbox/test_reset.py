"""The contents of a reset world are disposed of in batches, down to the last object."""

from omise_sandbox.resources.api_call import ApiCall
from omise_sandbox.simulation.seeding import Plan, seed
from omise_sandbox.storage.collection import Collection
from omise_sandbox.storage.journal import Journal
from omise_sandbox.storage.worlds import Worlds


def test_reset_disposes_of_everything_in_batches():
    world = Worlds(Journal(None), {}, {}).default
    seed(ApiCall(world), Plan(charges=200, customers=5))
    left = world.store
    left.customers.unlist(next(iter(left.customers.by_id)))

    for container, remove_one in left.disposables():
        while container:
            remove_one()

    collections = {name: each for name, each in vars(left).items() if isinstance(each, Collection)}
    assert not [name for name, each in collections.items() if each.by_id or len(each)]
    indexes = vars(left).keys() - collections.keys() - {"due_queue", "balances"}
    assert not [name for name in indexes if getattr(left, name)]
    assert left.due_queue.next_at is None
