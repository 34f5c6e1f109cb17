"""Writers of one SQLite file queue: each waits for those before it, and no longer."""

import fcntl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Thread
from time import perf_counter

import pytest
from sqlalchemy import text

from storefront.payments.database import Database
from storefront.payments.sqlite_queue import PLACES, FairLock, FileLock, WriterQueue
from tests.support.programs import ROOT, wait_until

WRITERS, TURNS = 8, 50


@pytest.fixture
def database():
    """Only on SQLite."""
    return "sqlite"


def write(database_url, turns=TURNS):
    """Change a row so many times: the longest wait for the lock, in seconds."""
    database, longest = Database(database_url), 0.0
    for turn in range(turns):
        began = perf_counter()
        with database.transaction() as connection:
            longest = max(longest, perf_counter() - began)
            connection.execute(
                text("INSERT INTO omise_heartbeats (name, at) VALUES (:n, '2026-01-01')"),
                {"n": f"{id(database)}-{turn}"},
            )
    database.dispose()
    return longest


def test_transactions_of_threads_and_processes_are_all_committed(database_url):
    code = f"from tests.payments.test_writer_queue import write; write({database_url!r})"
    others = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, [database_url] * WRITERS))

    assert [other.wait() for other in others] == [0, 0]
    database = Database(database_url)
    with database.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM omise_heartbeats")).scalar()
    database.dispose()
    assert count == (WRITERS + 2) * TURNS


def test_killed_writer_lets_the_next_one_go_on(database_url):
    code = (
        "import os\n"
        "from storefront.payments.database import Database\n"
        f"with Database({database_url!r}).transaction(): os._exit(1)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 1

    assert write(database_url, turns=1) < 5


def test_failed_transaction_lets_the_next_one_go_on(database_url):
    database = Database(database_url)
    with pytest.raises(LookupError), database.transaction():
        raise LookupError
    database.dispose()

    assert write(database_url, turns=1) < 5


def test_lock_is_handed_to_the_thread_that_waited_longest():
    lock, order, threads = FairLock(), [], []
    assert lock.acquire(timeout=0)

    def wait(number):
        lock.acquire(timeout=10)
        order.append(number)
        lock.release()

    for number in range(WRITERS):
        threads.append(Thread(target=wait, args=[number]))
        threads[-1].start()
        wait_until(lambda: len(lock._waiting) == len(threads), "it waits")
    lock.release()
    barged = lock.acquire(timeout=0)
    for thread in threads:
        thread.join()

    assert order == list(range(WRITERS))
    assert not barged or not lock._waiting


def test_processes_are_served_in_the_order_in_which_they_came(tmp_path):
    path, order, threads = tmp_path / "shop.db", [], []
    locks = [FileLock(path) for _ in range(PLACES)]  # each opens the files, as a process does
    locks[0].acquire(timeout=0)

    def wait(number):
        locks[number].acquire(timeout=10)
        order.append(number)
        locks[number].release()

    for number in range(1, PLACES):
        threads.append(Thread(target=wait, args=[number]))
        threads[-1].start()
        wait_until(partial(is_locked, f"{path}-queue{number}"), "it stands in its place")
    locks[0].release()
    for thread in threads:
        thread.join()
    for lock in locks:
        lock.close()

    assert order == list(range(1, PLACES))


def is_locked(path):
    """Whether the lock of a file is held."""
    with Path(path).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_writer_that_is_stopped_holds_up_the_others_for_a_while_only(tmp_path):
    """As a process that is frozen while it holds the lock."""
    path = tmp_path / "shop.db"
    holder, other = WriterQueue(path), WriterQueue(path, timeout=0.2)

    with holder.turn():
        began = perf_counter()
        with other.turn():
            waited = perf_counter() - began

    assert 0.2 <= waited < 5
    holder.close()
    other.close()
