"""The worker resolves unknown payments and runs no task twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from storefront.payments import tables
from storefront.payments.outbox import BACKOFF, LEASE, Outbox, backoff, cancel, schedule
from storefront.payments.task_models import TaskKind
from storefront.payments.worker import MAX_FAILURES, Worker
from storefront.shop.receipts import MailKind
from tests.support.charges import charge_made_for


def is_being_resolved(services):
    """Whether a task is left that looks for the result of an attempt."""
    tasks = select(tables.tasks).where(tables.tasks.c.kind == TaskKind.RESOLVE_ATTEMPT)
    with services.database.connect() as connection:
        return connection.execute(tasks).first() is not None


def test_charge_with_a_lost_response_is_found(
    services, repository, world, charge_with_lost_answer, clock
):
    clock.advance(2)
    services.engine.worker.run_due()

    order = repository.get(charge_with_lost_answer)
    (charge,) = world.charges()
    assert order.status == "paid"
    assert order.funded_attempt.charge_id == charge["id"]
    assert not is_being_resolved(services)


@pytest.mark.parametrize("foreign", [{"try": 1}, ["a", {}], 7, True, None, ""])
def test_charge_is_found_among_those_of_other_programs(
    services, repository, world, shopper, clock, foreign
):
    """They use the same keys, and write what they like into the metadata."""
    charge_made_for(world, "A1", attempt=foreign)
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=503)
    shopper.pays()
    charge_made_for(world, ["A1"], attempt=foreign)

    clock.advance(2)
    services.engine.worker.run_due()

    assert repository.get(shopper.order_number).status == "paid"
    report = services.engine.reconciler.run(clock() - timedelta(days=1), clock())
    assert len(report.discrepancies) == 2  # those that are not of this shop


def test_charge_that_was_never_made_is_closed_only_after_its_deadline(
    services, repository, world, charge_never_sent, clock
):
    services.engine.worker.run_due()
    assert repository.get(charge_never_sent).status == "confirming"

    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()

    order = repository.get(charge_never_sent)
    assert (order.status, order.latest_attempt.failure_code) == ("payment_failed", "never_arrived")
    assert world.charges() == []
    assert not is_being_resolved(services)


def test_polling_backs_off_while_omise_is_down(services, world, charge_with_lost_answer, clock):
    world.fails("GET", "/charges", "status", status=503, times=15)
    with services.database.transaction() as connection:
        cancel(connection, MailKind.RECEIVED, charge_with_lost_answer)
    gaps = []
    for _ in range(5):
        before = clock()
        services.engine.worker.run_due()
        gaps.append(round((services.engine.worker.next_due() - before).total_seconds()))
        clock.advance((services.engine.worker.next_due() - clock()).total_seconds() + 0.1)

    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0]


def test_backoff_grows_to_its_maximum():
    assert [backoff(tries) for tries in range(1, len(BACKOFF) + 1)] == list(BACKOFF)
    assert backoff(100) == BACKOFF[-1]


def test_pending_charge_of_an_absent_shopper_is_polled(
    services, repository, shopper, world, at_the_bank, clock
):
    clock.advance(120)
    services.engine.worker.run_due()
    assert repository.get(shopper.order_number).status == "awaiting_payment"

    world.at_the_bank(at_the_bank, "approve")
    clock.advance(24 * 3600)
    services.engine.worker.run_due()

    assert repository.get(shopper.order_number).status == "paid"


def test_expired_charge_expires_its_order(services, repository, shopper, world, at_the_bank, clock):
    world.advance(8 * 24 * 3600)
    clock.advance(8 * 24 * 3600)

    services.engine.worker.run_due()

    order = repository.get(shopper.order_number)
    assert order.status in {"expired", "payment_failed"}
    assert order.is_payable


def test_charge_found_after_its_attempt_was_closed_is_polled_again(
    services, repository, world, charge_never_sent, clock
):
    """It is found while it waits at the bank, and no further event arrives."""
    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()
    key = repository.get(charge_never_sent).latest_attempt.key
    late = charge_made_for(world, charge_never_sent, number="4000000000003063", attempt=key)
    services.engine.resolver.sync_charge(late["id"])
    assert repository.get(charge_never_sent).status == "awaiting_payment"

    world.advance(8 * 24 * 3600)
    clock.advance(8 * 24 * 3600)
    services.engine.worker.run_due()

    order = repository.get(charge_never_sent)
    assert order.status in {"expired", "payment_failed"}
    assert order.is_payable


def test_task_is_scheduled_once(services, clock):
    with services.database.transaction() as connection:
        for seconds in (5, 1, 9):
            schedule(
                connection,
                TaskKind.PROCESS_WEBHOOK,
                "x",
                due_at=clock() + timedelta(seconds=seconds),
            )

    with services.database.connect() as connection:
        (task,) = connection.execute(select(tables.tasks)).all()
    assert task.due_at < clock() + timedelta(seconds=2)


def test_concurrent_workers_run_each_task_once(services, clock):
    with services.database.transaction() as connection:
        for number in range(30):
            schedule(connection, TaskKind.PROCESS_WEBHOOK, f"event{number}", due_at=clock())
    outbox = Outbox(services.database, now=clock)

    def work(_):
        claimed = []
        while task := outbox.claim():
            claimed.append(task.subject)
            outbox.complete(task)
        return claimed

    with ThreadPoolExecutor(4) as pool:
        claimed = [subject for part in pool.map(work, range(4)) for subject in part]

    assert sorted(claimed) == sorted(f"event{number}" for number in range(30))


def test_task_of_a_dead_worker_is_taken_over(services, clock):
    with services.database.transaction() as connection:
        schedule(connection, TaskKind.PROCESS_WEBHOOK, "x", due_at=clock())
    outbox = Outbox(services.database, now=clock)
    assert outbox.claim().subject == "x"
    assert outbox.claim() is None

    clock.advance(LEASE.total_seconds() + 1)

    again = outbox.claim()
    assert (again.subject, again.attempt_count) == ("x", 2)


def test_failing_task_does_not_stop_the_others(services, clock, caplog):
    with services.database.transaction() as connection:
        for subject in ("bad", "good"):
            schedule(connection, TaskKind.PROCESS_WEBHOOK, subject, due_at=clock())
    done = []

    def handle(task):
        if task.subject == "bad":
            raise RuntimeError("a bug")
        done.append(task.subject)
        return True

    Worker(Outbox(services.database, now=clock), {TaskKind.PROCESS_WEBHOOK: handle}).run_due()

    assert done == ["good"]
    assert "task_crashed" in caplog.text


def test_outage_gives_no_task_up(services, world, charge_with_lost_answer, clock):
    world.fails("GET", "/charges", "status", status=503, times=4)
    with services.database.transaction() as connection:
        connection.execute(update(tables.tasks).values(failure_count=MAX_FAILURES - 1))
    clock.advance(2)
    services.engine.worker.run_once()

    assert services.engine.dead_letters.count() == 0


def test_task_that_breaks_a_constraint_is_set_aside(services, clock):
    kind = TaskKind.PROCESS_WEBHOOK

    def handle(task):
        same = {"kind": kind, "subject": task.subject, "due_at": clock()}
        with services.database.transaction() as connection:
            connection.execute(insert(tables.tasks), same)

    with services.database.transaction() as connection:
        schedule(connection, kind, "x", due_at=clock())
    worker = Worker(services.engine.outbox, {kind: handle})
    for _ in range(MAX_FAILURES):
        worker.run_due()
        clock.advance(3601)

    (letter,) = services.engine.dead_letters.all()
    assert letter.error.startswith("IntegrityError")


def test_task_that_always_fails_is_set_aside(services, clock, caplog):
    with services.database.transaction() as connection:
        schedule(connection, "of_no_kind", "x", due_at=clock())
    for _ in range(MAX_FAILURES):
        services.engine.worker.run_due()
        clock.advance(3601)

    (letter,) = services.engine.dead_letters.all()
    assert (letter.error, letter.failure_count) == ("KeyError: 'of_no_kind'", MAX_FAILURES)
    assert services.engine.worker.next_due() is None
    assert "task_given_up" in caplog.text


def test_task_set_aside_comes_to_life_when_it_is_scheduled_again(services, clock):
    outbox = Outbox(services.database, now=clock)
    with services.database.transaction() as connection:
        schedule(connection, TaskKind.NOTIFY_HOST, "x", due_at=clock())
    outbox.give_up(outbox.claim(), error="a bug")
    assert outbox.next_due() is None

    with services.database.transaction() as connection:
        schedule(connection, TaskKind.NOTIFY_HOST, "x", due_at=clock())

    assert outbox.claim().subject == "x"


def test_payments_go_before_mails(services, clock):
    with services.database.transaction() as connection:
        for kind, seconds in (("send_receipt", 9), (TaskKind.RESOLVE_ATTEMPT, 1)):
            due_at = clock() - timedelta(seconds=seconds)
            schedule(connection, kind, "x", due_at=due_at)

    assert Outbox(services.database, now=clock).claim().kind == TaskKind.RESOLVE_ATTEMPT


def test_attempt_is_looked_at_right_at_its_deadline(services, repository, charge_never_sent, clock):
    opened = repository.get(charge_never_sent).latest_attempt.created_at
    deadline = opened + timedelta(seconds=services.settings.omise_settled_after)
    while repository.get(charge_never_sent).status == "confirming":
        clock.advance((services.engine.worker.next_due() - clock()).total_seconds() + 0.01)
        services.engine.worker.run_due()

    assert clock() - deadline < timedelta(seconds=2)
    assert repository.get(charge_never_sent).status == "payment_failed"
    assert not is_being_resolved(services)


def test_command_runs_due_tasks(app, repository, charge_with_lost_answer, clock):
    clock.advance(2)

    result = app.test_cli_runner().invoke(args=["worker", "--once"])

    assert result.stdout == "2 done\n"  # the attempt is resolved, and the receipt is sent
    assert repository.get(charge_with_lost_answer).status == "paid"
