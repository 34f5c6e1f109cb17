"""How fast the sandbox is, against a bare JSON echo and against localstripe, empty and full.

All is measured in one run, in turns, and what counts are ratios. They are taken of the processor
time that a call costs, since rates also tell what else the machine is doing.
"""

import contextlib
import statistics
from pathlib import Path

import psutil

from bench import latency, load
from bench.targets import COMPARED_AT, Echo, Localstripe, Sandbox

ROUNDS = 9
SECONDS = 0.15  #: that one round takes, about
MOST_REQUESTS = 2000  #: in a round
STORED = (0, 1_000, 10_000, 50_000)
CONNECTIONS = (1, 8, 32)
MICROSECONDS = 1_000_000
COLUMNS = (
    *("what", "connections", "stored", "sandbox", "echo", "localstripe"),
    *("µs", "of the echo", "of 1,000 stored"),
)
WHAT = ("new token", "new charge", "retrieve", "list 10", "list 100")


class Turns:
    """What each target reached, round by round; all targets took each round together."""

    def __init__(self, targets, what, connections):
        self.rates = {target: [] for target in targets}
        self.costs = {target: [] for target in targets}
        counts = dict.fromkeys(targets, 8)
        for number in range(ROUNDS + 1):  # the first only tells how much fits into a round
            for target in targets if number % 2 else reversed(targets):
                prepared = target.requests(what, counts[target], connections)
                if prepared is None:
                    continue
                before = worked(target)
                rate = load.send(target.port, connections, prepared)
                cost = (worked(target) - before) / len(prepared)
                counts[target] = min(MOST_REQUESTS, max(8, int(rate * SECONDS)))
                if number:
                    self.rates[target].append(rate)
                    self.costs[target].append(cost)

    def rate(self, target):
        """Calls a second, the median; nothing for a target that had nothing to answer."""
        return round(statistics.median(self.rates[target])) if self.rates[target] else ""

    def cost(self, target):
        """Seconds of processor time that a call costs, the median."""
        return statistics.median(self.costs[target])

    def ratio(self, target, other):
        """How many calls the one answers in the processor time of one call to the other.

        The median over the rounds: in one round the machine was equally fast for both.
        """
        rounds = zip(self.costs[target], self.costs[other], strict=True)
        return statistics.median(theirs / ours for ours, theirs in rounds)


def worked(target):
    """Seconds of processor time that a target has used so far.

    Linux tells it to the nanosecond; psutil, which knows every system, to the hundredth only.
    """
    threads = Path(f"/proc/{target.process.pid}/task")
    if threads.is_dir():
        told = (file.read_text().split()[0] for file in threads.glob("*/schedstat"))
        return sum(map(int, told)) / 1e9
    times = psutil.Process(target.process.pid).cpu_times()
    return times.user + times.system


def main():
    """Measure, print the tables, and give the targets that were missed."""
    print(f"Calls a second, medians of {ROUNDS} rounds in turns; nothing is written to disk.")
    print("µs of processor time that a call costs the sandbox, and ratios of such times.\n")
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    late = []
    with contextlib.ExitStack() as stack:
        echo = Echo(stack)
        ours = {stored: Sandbox(stack, stored) for stored in STORED}
        peers = {stored: Localstripe(stack, stored) for stored in STORED}
        for what in WHAT:
            for connections in CONNECTIONS:
                turns = Turns([echo, *ours.values(), *peers.values()], what, connections)
                for stored in STORED:
                    show(what, connections, stored, turns, echo, ours, peers)
                if connections == COMPARED_AT:
                    late += missed(what, turns, echo, ours, peers)
    print()
    return late + latency.main()


def show(what, connections, stored, turns, echo, ours, peers):
    """A row of the table."""
    sandbox, peer = ours[stored], peers[stored]
    cells = (
        what,
        connections,
        f"{stored:,}",
        *(turns.rate(target) for target in (sandbox, echo, peer)),
        f"{turns.cost(sandbox) * MICROSECONDS:.0f}",
        f"{turns.ratio(sandbox, echo):.2f}",
        f"{turns.ratio(sandbox, ours[1_000]):.2f}",
    )
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def missed(what, turns, echo, ours, peers):
    """The targets that these turns missed."""
    late = []
    if what in ("new token", "new charge"):
        for other, name, least in ((echo, "the echo", 0.5), (peers[0], "localstripe", 2)):
            if (found := turns.ratio(ours[0], other)) < least:
                late.append(f"{what}: {found:.2f} of {name}, not {least}")
    if (kept := turns.ratio(ours[50_000], ours[1_000])) < 0.9:
        late.append(f"{what}: {kept:.2f} of its rate with 1,000 stored, not 0.9")
    return late
