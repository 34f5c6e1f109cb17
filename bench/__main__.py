"""`make bench`: measures, side by side in one run, and prints the tables of docs/performance.md.

Without names it measures what the goals ask for, in about ten minutes, and writes their table into
that page. `python -m bench admin sandbox writers pages` runs the parts that are named.
"""

import os
import platform
import statistics
import sys
import timeit
from datetime import UTC, datetime

import psutil

from bench import (
    admin_pages,
    charges,
    goals,
    in_process,
    one_payment,
    pages,
    sandbox,
    slow_omise,
    writers,
)

MILLISECONDS = 1000

#: The parts that give rows of the table of goals.
GOALS = {
    "cpu": in_process.main,
    "pages": pages.main,
    "payment": one_payment.main,
    "slow": slow_omise.main,
    "writers": writers.main,
    "rate": charges.main,
}

#: Each other part prints tables of its own, and returns what missed its target.
PARTS = {"admin": admin_pages.main, "sandbox": sandbox.main}


def main(names):
    """Run the parts; 1 when a goal was missed."""
    if unknown := set(names) - {*GOALS, *PARTS}:
        print(f"there is no {', '.join(unknown)}; there are {', '.join({**GOALS, **PARTS})}")
        return 2
    note = machine()
    print(f"{note}\n\n{goals.HEADER}", flush=True)
    rows = [row for name in GOALS if name in names or not names for row in GOALS[name]()]
    if not names:
        goals.write(rows, note)
    late = goals.missed(rows)
    late += [target for name in PARTS if name in names for target in PARTS[name]()]
    for target in late:
        print(f"missed: {target}", file=sys.stderr)
    return int(bool(late))


def machine():
    """Where and when it was measured, how fast the machine was, and what else it was doing."""
    load = os.getloadavg()[1]
    seconds = statistics.median(timeit.repeat("for i in range(10**6): i + i", number=1))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {psutil.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}; other programs kept {load:.0f} processes busy; "
        f"a million additions took {seconds * MILLISECONDS:.0f} ms."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
