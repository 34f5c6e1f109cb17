"""The worker finds out what nobody was told, and does nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from storefront.payments import tables
from storefront.payments.models import TaskKind
from storefront.payments.outbox import BACKOFF, LEASE, Outbox, backoff, schedule
from tests.support.charges import charge_made_for


def test_a_charge_whose_answer_was_lost_is_found(parts, ledger, world, lost, clock):
    clock.advance(2)
    parts.engine.worker.run_due()

    order = ledger.order(lost)
    (charge,) = world.charges()
    assert order.status == "paid"
    assert order.funded_attempt.charge_id == charge["id"]
    assert parts.engine.worker.next_due() is None


def test_a_charge_that_was_never_made_is_given_up_only_when_it_is_certain(
    parts, ledger, world, never_sent, clock
):
    parts.engine.worker.run_due()
    assert ledger.order(never_sent).status == "confirming"

    clock.advance(parts.settings.omise_settled_after + 1)
    parts.engine.worker.run_due()

    order = ledger.order(never_sent)
    assert (order.status, order.latest_attempt.failure_code) == ("payment_failed", "never_arrived")
    assert world.charges() == []
    assert parts.engine.worker.next_due() is None


def test_while_omise_is_down_it_is_asked_less_and_less_often(parts, world, lost, clock):
    world.fails("GET", "/charges", "status", status=503, times=15)
    gaps = []
    for _ in range(5):
        before = clock()
        parts.engine.worker.run_due()
        gaps.append(round((parts.engine.worker.next_due() - before).total_seconds()))
        clock.advance((parts.engine.worker.next_due() - clock()).total_seconds() + 0.1)

    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0]


def test_a_pause_grows_to_its_longest():
    assert [backoff(tries) for tries in range(1, len(BACKOFF) + 1)] == list(BACKOFF)
    assert backoff(100) == BACKOFF[-1]


def test_a_shopper_who_never_comes_back_is_waited_for(
    parts, ledger, shopper, world, at_the_bank, clock
):
    clock.advance(120)
    parts.engine.worker.run_due()
    assert ledger.order(shopper.order_number).status == "awaiting_payment"

    world.at_the_bank(at_the_bank, "approve")
    clock.advance(24 * 3600)
    parts.engine.worker.run_due()

    assert ledger.order(shopper.order_number).status == "paid"


def test_a_charge_that_expires_expires_its_order(parts, ledger, shopper, world, at_the_bank, clock):
    world.advance(8 * 24 * 3600)
    clock.advance(8 * 24 * 3600)

    parts.engine.worker.run_due()

    order = ledger.order(shopper.order_number)
    assert order.status in {"expired", "payment_failed"}
    assert order.is_payable


def test_a_charge_that_was_thought_never_made_is_looked_after_again(
    parts, ledger, world, never_sent, clock
):
    """It comes to light while it waits at the bank, and nothing more is heard of it."""
    clock.advance(parts.settings.omise_settled_after + 1)
    parts.engine.worker.run_due()
    key = ledger.order(never_sent).latest_attempt.key
    late = charge_made_for(world, never_sent, number="4000000000003063", attempt=key)
    parts.engine.service.sync_charge(late["id"])
    assert ledger.order(never_sent).status == "awaiting_payment"

    world.advance(8 * 24 * 3600)
    clock.advance(8 * 24 * 3600)
    parts.engine.worker.run_due()

    order = ledger.order(never_sent)
    assert order.status in {"expired", "payment_failed"}
    assert order.is_payable


def test_a_task_is_written_down_once(parts, clock):
    with parts.database.transaction() as connection:
        for seconds in (5, 1, 9):
            schedule(
                connection,
                TaskKind.PROCESS_WEBHOOK,
                "x",
                due_at=clock() + timedelta(seconds=seconds),
            )

    with parts.database.connect() as connection:
        (task,) = connection.execute(select(tables.tasks)).all()
    assert task.due_at < clock() + timedelta(seconds=2)


def test_several_workers_share_without_doing_anything_twice(parts, clock):
    with parts.database.transaction() as connection:
        for number in range(30):
            schedule(connection, TaskKind.PROCESS_WEBHOOK, f"event{number}", due_at=clock())
    outbox = Outbox(parts.database, now=clock)

    def work(_):
        claimed = []
        while task := outbox.claim():
            claimed.append(task.subject)
            outbox.complete(task)
        return claimed

    with ThreadPoolExecutor(4) as pool:
        claimed = [subject for part in pool.map(work, range(4)) for subject in part]

    assert sorted(claimed) == sorted(f"event{number}" for number in range(30))


def test_a_task_whose_worker_died_is_taken_up_by_another(parts, clock):
    with parts.database.transaction() as connection:
        schedule(connection, TaskKind.PROCESS_WEBHOOK, "x", due_at=clock())
    outbox = Outbox(parts.database, now=clock)
    assert outbox.claim().subject == "x"
    assert outbox.claim() is None

    clock.advance(LEASE.total_seconds() + 1)

    again = outbox.claim()
    assert (again.subject, again.attempt_count) == ("x", 2)


def test_one_task_that_cannot_be_done_does_not_stop_the_others(parts, clock, caplog):
    from storefront.payments.worker import Worker

    with parts.database.transaction() as connection:
        for subject in ("bad", "good"):
            schedule(connection, TaskKind.PROCESS_WEBHOOK, subject, due_at=clock())
    done = []

    def handle(task):
        if task.subject == "bad":
            raise RuntimeError("a bug")
        done.append(task.subject)
        return True

    Worker(Outbox(parts.database, now=clock), {TaskKind.PROCESS_WEBHOOK: handle}).run_due()

    assert done == ["good"]
    assert "task_crashed" in caplog.text


def test_the_command_does_what_is_due(app, ledger, lost, clock):
    clock.advance(2)

    result = app.test_cli_runner().invoke(args=["worker", "--once"])

    assert result.stdout == "2 done\n"  # the attempt is resolved, and the receipt is sent
    assert ledger.order(lost).status == "paid"
