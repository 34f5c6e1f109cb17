"""`make bench`: measures, side by side in one run, and prints the tables of docs/performance.md.

`python -m bench charges` runs only the parts that are named.
"""

import sys

from bench import admin_pages, charges, sandbox, writers

#: Each part prints its tables as Markdown and returns the missed targets.
PARTS = {
    "charges": charges.main,
    "admin": admin_pages.main,
    "sandbox": sandbox.main,
    "writers": writers.main,
}


def main(names):
    """Run the parts; 1 when a target was missed."""
    if unknown := set(names) - set(PARTS):
        print(f"there is no {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    missed = [target for name in names or PARTS for target in PARTS[name]()]
    for target in missed:
        print(f"missed: {target}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
