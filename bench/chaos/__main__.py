"""`make chaos`: runs on each database, and prints what happened."""

import argparse
import secrets
import sys
import time

from .run import Plan, run

KINDS = ("sqlite", "postgresql")


def main():
    """Run on each database; returns 1 if anything is wrong afterwards."""
    parser = argparse.ArgumentParser(
        "python -m bench.chaos",
        description="Many shoppers pay under faults; then the records must match the charges.",
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--checkouts", type=int, default=2000, help="on each database")
    parser.add_argument("--shoppers", type=int, default=24, help="at the same time")
    parser.add_argument("--database", choices=KINDS, action="append")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    plan = Plan(options.checkouts, options.shoppers, options.seed)
    problems = [run_and_show(kind, plan) for kind in options.database or KINDS]
    return int(any(problems))


def run_and_show(kind, plan):
    """Run and print the result; returns what is wrong afterwards."""
    started = time.monotonic()
    counts, problems = run(kind, plan)
    print(f"{kind}: {time.monotonic() - started:.0f} s")
    for name, number in sorted(counts.seen.items()):
        print(f"  {name}: {number}")
    faults = ", ".join(f"{name} {number}" for name, number in sorted(counts.faults.items()))
    print(f"  faults: {sum(counts.faults.values())} ({faults})")
    print("\n".join(f"  WRONG {problem}" for problem in problems) or "  records and charges match")
    return problems


if __name__ == "__main__":
    sys.exit(main())
