"""How long writers of one SQLite file wait for each other: in our queue, and in SQLite's own way.

SQLite polls a lock that is taken, with pauses that grow. Run in turns on the same disk.
"""

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from sqlalchemy import insert

from storefront.ops.health import VERSION_TABLES
from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.engine import utc_now

WRITERS, TRANSACTIONS = 8, 100
#: A quiet machine stays below 50 ms; what counts on any machine is the ratio to SQLite alone.
MOST_RATIO = 0.25
MILLISECONDS = 1000

HEADER = """
## Writers of SQLite

8 writers of one file, 100 transactions each, all at once.
The ratio is the longest wait in our queue to that without it; at most 0.25.

| writers are | who decides | p95 wait, ms | longest wait, ms | transactions a second | ratio |
|---|---|---|---|---|---|"""


def main():
    """Measure and print the table; returns the missed targets."""
    print(HEADER)
    missed = []
    for name, pool in {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}.items():
        alone, queued = measure(pool, queues=False), measure(pool, queues=True)
        ratio = queued[0][-1] / alone[0][-1]
        print(f"| {name} | SQLite alone | {_cells(*alone)} |  |")
        print(f"| {name} | our queue | {_cells(*queued)} | {ratio:.2f} |")
        if ratio > MOST_RATIO:
            missed.append(f"longest wait of {name}: {ratio:.2f} of SQLite alone")
    return missed


def _cells(waits, rate):
    return f"{waits[int(len(waits) * 0.95)]:.1f} | {waits[-1]:.0f} | {rate:.0f}"


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
