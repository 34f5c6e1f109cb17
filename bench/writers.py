"""How long writers of one SQLite file wait for each other: in our queue, and in SQLite's own way.

SQLite polls a lock that is taken, with pauses that grow. Run in turns on the same disk.
"""

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
#: Milliseconds that a writer may wait at most.
MOST = 50
MILLISECONDS = 1000


def main():
    """Measure and print the rows."""
    pools = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
    return show([row(name, pool) for name, pool in pools.items()])


def row(name, pool):
    """The longest wait in our queue, and that with SQLite alone."""
    (alone, _), (queued, _) = measure(pool, queues=False), measure(pool, queues=True)
    return Goal(
        f"longest wait of 8 writers of SQLite, {name}",
        f"{queued[-1]:.0f} ms",
        f"without our queue: {alone[-1]:.0f} ms",
        queued[-1],
        MOST,
        unit=" ms",
    )


def measure(pool, queues):
    """The sorted waits in milliseconds, and the transactions a second."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        url = f"sqlite:///{folder}/shop.db"
        database = Database(url)
        database.migrate(*VERSION_TABLES)
        database.dispose()
        began = time.perf_counter()
        with pool(WRITERS) as writers:
            rows = writers.map(write, range(WRITERS), [url] * WRITERS, [queues] * WRITERS)
            waits = sorted(wait for row in rows for wait in row)
        return waits, len(waits) / (time.perf_counter() - began)


def write(number, url, queues):
    """The wait of each transaction of one writer, in milliseconds."""
    database, waits = Database(url), []
    if not queues:
        database._queue = None
    for turn in range(TRANSACTIONS):
        row = {"name": f"{number}-{turn}", "at": utc_now()}
        began = time.perf_counter()
        with database.transaction() as connection:
            waits.append((time.perf_counter() - began) * MILLISECONDS)
            connection.execute(insert(tables.heartbeats), row)
    database.dispose()
    return waits
