"""A worker acts only on the task that it has leased, never on one that another has by now."""

import pytest
from sqlalchemy import insert, select

from storefront.payments import tables
from storefront.payments.event_models import EventStatus
from storefront.payments.outbox import LEASE, cancel, schedule
from storefront.payments.task_models import TaskKind


@pytest.fixture
def outbox(services):
    return services.engine.outbox


#: All that a worker may do with a task that it has handled.
ENDS = {
    "complete": lambda outbox, task: outbox.complete(task),
    "reschedule": lambda outbox, task: outbox.reschedule(task, error="late", latest=None),
    "give_up": lambda outbox, task: outbox.give_up(task, error="late"),
}
every_end = pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)


def scheduled(services, clock, subject):
    with services.database.transaction() as connection:
        schedule(connection, TaskKind.PROCESS_WEBHOOK, subject, due_at=clock())


def rows(services):
    """The tasks as they are stored."""
    with services.database.connect() as connection:
        return connection.execute(select(tables.tasks)).all()


@every_end
def test_task_of_another_subject_is_left_alone(services, outbox, clock, end):
    """A handler deletes its own task early; SQLite must not give its id to the next one."""
    scheduled(services, clock, "mine")
    claimed = outbox.claim()
    with services.database.transaction() as connection:
        cancel(connection, TaskKind.PROCESS_WEBHOOK, "mine")
    scheduled(services, clock, "another")
    before = rows(services)

    end(outbox, claimed)

    assert rows(services) == before
    assert before[0].id != claimed.id


@every_end
def test_worker_that_lost_its_lease_leaves_the_task_to_the_next(services, outbox, clock, end):
    scheduled(services, clock, "x")
    slow = outbox.claim()
    clock.advance(LEASE.total_seconds() + 1)
    assert outbox.claim().id == slow.id
    before = rows(services)

    end(outbox, slow)

    assert rows(services) == before


@every_end
def test_worker_that_lost_its_lease_leaves_a_task_that_staff_retry(services, outbox, clock, end):
    scheduled(services, clock, "x")
    slow = outbox.claim()
    clock.advance(LEASE.total_seconds() + 1)
    outbox.give_up(outbox.claim(), error="a bug")
    services.engine.dead_letters.retry(slow.id)
    assert outbox.claim().attempt_count == slow.attempt_count
    before = rows(services)

    end(outbox, slow)

    assert rows(services) == before


@every_end
def test_task_scheduled_again_while_it_is_handled_is_done_again(services, outbox, clock, end):
    scheduled(services, clock, "x")
    claimed = outbox.claim()
    scheduled(services, clock, "x")

    end(outbox, claimed)

    assert outbox.claim().subject == "x"


def test_webhook_that_is_done_costs_no_other_shopper_their_task(
    services, shopper, stranger, world, repository, clock
):
    """A shopper goes to the bank between the last two transactions of a webhook."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    (charge,) = world.charges()
    event = {"id": "evnt_test_1", "key": "charge.complete", "charge_id": charge["id"]}
    with services.database.transaction() as connection:
        received = {"status": EventStatus.RECEIVED, "received_at": clock()}
        connection.execute(insert(tables.webhook_events), event | received)
        schedule(connection, TaskKind.PROCESS_WEBHOOK, event["id"], due_at=clock())
    outbox = services.engine.outbox
    task = outbox.claim()
    assert services.engine.inbox.process(task.subject)

    stranger.puts_in_cart()
    stranger.pays("4000000000003063")
    outbox.complete(task)

    key = repository.get(stranger.order_number).unresolved_attempt.key
    assert key in {row.subject for row in rows(services)}
