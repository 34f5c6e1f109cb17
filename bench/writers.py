"""How long writers of one SQLite file wait for each other: in our queue, and in SQLite's own way.

SQLite polls a lock that is taken, with pauses that grow. Run in turns on the same disk.
"""

import functools
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from sqlalchemy import insert

from bench.goals import Goal, show
from storefront.ops.health import VERSION_TABLES
from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.engine import utc_now

WRITERS, TRANSACTIONS = 8, 100
#: A disk that stalls once is not the queue's.
ROUNDS = 5
#: Milliseconds that a writer may wait at most.
MOST = 50
MILLISECONDS = 1000


def main():
    """Measure and print the rows."""
    pools = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
    return show([row(name, pool) for name, pool in pools.items()])


def row(name, pool):
    """The longest wait in our queue, and that with SQLite alone: medians of rounds in turns."""
    alone, queued = [], []
    for _ in range(ROUNDS):
        alone.append(measure(pool, queues=False))
        queued.append(measure(pool, queues=True))
    longest = statistics.median(queued)
    return Goal(
        f"longest wait of 8 writers of SQLite, {name}",
        f"{longest:.0f} ms",
        f"without our queue: {statistics.median(alone):.0f} ms",
        longest,
        MOST,
        unit=" ms",
    )


def measure(pool, queues):
    """The longest wait, in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        url = f"sqlite:///{folder}/shop.db"
        database = Database(url)
        database.migrate(*VERSION_TABLES)
        database.dispose()
        with pool(WRITERS) as writers:
            rows = writers.map(write, range(WRITERS), [url] * WRITERS, [queues] * WRITERS)
            return max(wait for row in rows for wait in row)


@functools.cache
def open_database(url, queues):
    """The database of this process, which its threads share as those of a server do."""
    database = Database(url, max_connections=WRITERS)
    if not queues:
        database._queue = None
    return database


def write(number, url, queues):
    """The wait of each transaction of one writer, in milliseconds."""
    database, waits = open_database(url, queues), []
    for turn in range(TRANSACTIONS):
        row = {"name": f"{number}-{turn}", "at": utc_now()}
        began = time.perf_counter()
        with database.transaction() as connection:
            waits.append((time.perf_counter() - began) * MILLISECONDS)
            connection.execute(insert(tables.heartbeats), row)
    return waits
