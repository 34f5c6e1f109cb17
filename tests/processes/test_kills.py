"""kill -9, SIGTERM and a database that goes away, at the worst moments, to real processes.

Nothing in the shop knows of these tests. A fault of the sandbox pauses an answer, and meanwhile the
process that waits for it is killed, or a lock that the test holds keeps it from writing.
"""

import contextlib
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests
from sqlalchemy import text, update

from omise_sandbox.testing.world import World
from storefront.payments.database import Database
from storefront.payments.tables import attempts, tasks
from tests.support.http_shopper import HttpShopper
from tests.support.postgresql import Postgresql
from tests.support.programs import Shop, wait_until

MUG = 39000
PATIENCE = 60  #: seconds, for programs that start on a busy machine


@pytest.fixture
def tables(shop):
    """A look at the shop's database from outside."""
    database = Database(shop.database_url)
    yield database
    database.dispose()


def newest_order(tables):
    with tables.read_session() as session:
        return session.execute(
            text("SELECT number, status FROM orders ORDER BY id DESC LIMIT 1")
        ).one()


def newest_attempt(tables):
    with tables.read_session() as session:
        return session.execute(
            text("SELECT status FROM omise_attempts ORDER BY id DESC LIMIT 1")
        ).scalar_one()


@contextlib.contextmanager
def paying(visitor, **how):
    """A payment in progress meanwhile; the connection may break."""

    def pay():
        with contextlib.suppress(requests.ConnectionError):
            return visitor.pays(**how)

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(pay)


def ends(visitor, number, status):
    """The order page says so in the end."""
    is_so = f"the order is {status}"
    return wait_until(lambda: visitor.status_of(number) == status, is_so, PATIENCE)


def answer_is_paused(world):
    """Omise has done its work; the answer waits. Returns what releases it."""
    [pause] = world.held(seconds=PATIENCE)
    return lambda: world.release(pause)


def an_hour_later(tables):
    """Let the time pass in which a call of an attempt may still arrive."""
    with tables.write_session() as session:
        session.execute(update(attempts).values(created_at=datetime.now(UTC) - timedelta(hours=1)))


def may_see(visitor, number):
    """Pay once more, as people do: it leads to the order, and lets this session see it."""
    assert visitor.pays() == number


def test_killed_before_the_call(shop, visitor, world, tables, charges_of):
    """The attempt is committed; the vault has not answered, and no charge is asked for yet."""
    visitor.signs_up("somchai@example.com")
    visitor.at_checkout()
    world.fails("GET", "/tokens/*", "pause")

    with paying(visitor, save_card="1"):
        release = answer_is_paused(world)
        shop.kill_workers()
    release()

    number, status = newest_order(tables)
    assert (status, newest_attempt(tables)) == ("confirming", "started")
    assert visitor.status_of(number) == "confirming"
    assert charges_of(number) == []
    an_hour_later(tables)
    ends(visitor, number, "payment_failed")
    assert visitor.pays() == number
    assert charges_of(number) == [("successful", MUG)]


def test_killed_during_the_call(shop, visitor, world, tables, charges_of):
    """The charge is made, and its answer is on the way."""
    visitor.at_checkout()
    world.fails("POST", "/charges", "pause")

    with paying(visitor):
        release = answer_is_paused(world)
        shop.kill_workers()
    release()

    number, _ = newest_order(tables)
    assert newest_attempt(tables) == "started"
    may_see(visitor, number)
    ends(visitor, number, "paid")
    assert charges_of(number) == [("successful", MUG)]


@contextlib.contextmanager
def writes_blocked(tables):
    """Hold the locks of all orders, or of the whole file."""
    with tables.write_session() as session:
        lock = " FOR UPDATE" if tables.engine.dialect.name == "postgresql" else ""
        session.execute(text(f"SELECT id FROM orders{lock}")).all()  # noqa: S608
        yield


def test_killed_after_the_call_and_before_the_commit(shop, visitor, world, tables, charges_of):
    """Omise has answered; while we wait for the lock to write it down, we die."""
    visitor.at_checkout()
    world.fails("POST", "/charges", "pause")

    with paying(visitor):
        release = answer_is_paused(world)
        number, _ = newest_order(tables)
        assert charges_of(number) == [("successful", MUG)]
        with writes_blocked(tables):
            release()
            wait_until(lambda: answered(world), "the answer has left")
            shop.kill_workers()

    assert newest_order(tables) == (number, "confirming")
    assert newest_attempt(tables) == "started"
    may_see(visitor, number)
    ends(visitor, number, "paid")
    assert charges_of(number) == [("successful", MUG)]


def answered(world):
    """Whether Omise has answered the last charge."""
    rows = world.control("GET", "requests")["data"]
    return any(
        row["method"] == "POST" and row["path"] == "/charges" and row["fault"] == "pause"
        for row in rows
    )


def test_killed_with_its_master_and_restarted(shop, visitor, world, tables, charges_of):
    """Not only the workers: gunicorn itself dies during a call, and is started again later."""
    visitor.at_checkout()
    world.fails("POST", "/charges", "pause")

    with paying(visitor):
        release = answer_is_paused(world)
        shop.kill()
    release()

    shop.start()
    number, _ = newest_order(tables)
    may_see(visitor, number)
    ends(visitor, number, "paid")
    assert charges_of(number) == [("successful", MUG)]


def test_charge_in_progress_completes_on_sigterm(shop, visitor, world, charges_of):
    visitor.at_checkout()
    world.fails("POST", "/charges", "pause")

    with paying(visitor) as number:
        release = answer_is_paused(world)
        shop.gunicorn.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in shop.log.read_text(), "it stops", PATIENCE)
        release()
        paid = number.result()

    assert shop.gunicorn.wait(PATIENCE) == 0
    shop.start()
    assert charges_of(paid) == [("successful", MUG)]
    assert visitor.status_of(paid) == "paid"


# The worker


def lose_an_answer(visitor, world):
    """The number of an order whose charge was made and whose response was lost."""
    visitor.at_checkout()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=503, times=3)
    number = visitor.pays()
    visitor.sees(f"/orders/{number}")
    world.control("DELETE", "faults")
    return number


def two_minutes_later(tables):
    """Let the time of a lease pass."""
    with tables.write_session() as session:
        session.execute(update(tasks).values(due_at=datetime.now(UTC) - timedelta(hours=1)))


def test_task_of_a_killed_worker_is_taken_over(shop, visitor, world, tables, charges_of):
    number = lose_an_answer(visitor, world)
    two_minutes_later(tables)
    world.fails("GET", "/charges", "pause")
    worker = shop.worker()
    release = answer_is_paused(world)
    worker.kill()
    worker.wait()
    release()
    assert newest_order(tables) == (number, "confirming")

    two_minutes_later(tables)
    assert shop.command("worker", "--once").returncode == 0

    assert newest_order(tables) == (number, "paid")
    assert charges_of(number) == [("successful", MUG)]


def test_worker_finishes_its_task_on_sigterm(shop, visitor, world, tables):
    number = lose_an_answer(visitor, world)
    two_minutes_later(tables)
    world.fails("GET", "/charges", "pause")
    worker = shop.worker()
    release = answer_is_paused(world)

    worker.terminate()
    release()

    assert worker.wait(PATIENCE) == 0
    assert newest_order(tables) == (number, "paid")


# The database


@pytest.fixture(scope="module")
def stoppable(sandbox_url, tmp_path_factory):
    """A PostgreSQL that a test may stop, and a shop on it."""
    folder = tmp_path_factory.mktemp("stoppable")
    with Postgresql(folder) as server:
        world = World.new(sandbox_url)
        shop = Shop(world, server.new(), folder).start()
        yield server, shop
        shop.stop()


def test_restart_of_the_database_before_the_call_loses_nothing(stoppable):
    """While the vault is slow and while the charge is being made, the database goes and comes."""
    postgresql, shop = stoppable
    worker, world, visitor = shop.worker(), shop.world, HttpShopper(shop.url, shop.world)
    visitor.signs_up("somchai@example.com")
    for held, how in (("/tokens/*", {"save_card": "1"}), ("/charges", {})):
        visitor.at_checkout()
        method = "GET" if how else "POST"
        world.fails(method, held, "pause")

        with paying(visitor, **how) as number:
            release = answer_is_paused(world)
            postgresql.restart()
            release()

        assert visitor.status_of(number.result()) == "paid"
    assert worker.poll() is None
    assert [charge["amount"] for charge in world.charges()] == [MUG, MUG]


def test_outage_of_the_database_after_the_call_loses_nothing(stoppable):
    """The charge is made, and its answer cannot be written down; it is found out later."""
    postgresql, shop = stoppable
    world, visitor = shop.world, HttpShopper(shop.url, shop.world)
    before = len(world.charges())
    visitor.at_checkout()
    world.fails("POST", "/charges", "pause")

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(visitor.pays_by_json, token=world.token())
        release = answer_is_paused(world)
        postgresql.stop()
        release()
        assert answer.result().status_code == 202
        assert answer.result().json()["success"] is False
        assert answer.result().json()["charge"]["status"] == "pending"
    postgresql.start()

    number = visitor.pays()
    ends(visitor, number, "paid")
    assert [charge["amount"] for charge in world.charges()][before:] == [MUG]
