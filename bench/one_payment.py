"""How long one payment takes a shopper: TLS, a network with a delay, and an Omise that thinks.

In one process, in turns, by the clock on the wall, since waiting is what is measured.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.goals import Goal, show
from bench.in_process import Account, Bare, InProcess, charge, quiet
from bench.load import ROOT

PAYMENTS = 20
ROUND_TRIP, THINKS = 0.05, 0.25  #: seconds
MILLISECONDS = 1000


def main():
    """Measure and print the rows."""
    with contextlib.ExitStack() as stack, quiet():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        account = Account(stack)
        url = far_away(stack, account.world.url, folder)
        authority = str(folder / "authority.pem")
        os.environ["REQUESTS_CA_BUNDLE"] = authority  # for the bare routes
        account.http.trust_env = False
        shop = InProcess(
            "shop", account.world, f"sqlite:///{folder / 'shop.db'}", folder, omise_api_url=url
        )
        shop.app.extensions["shop"].engine.omise._transport._session.verify = authority
        pooled = Bare("pooled", "/pooled", account.world, url)
        official = Bare("official", "/official", account.world, url)
        times = measure(account, [pooled, official, shop])
        del os.environ["REQUESTS_CA_BUNDLE"]
        shop.app.extensions["shop"].close()
    return show(goals(times))


def far_away(stack, url, folder):
    """The sandbox's address at the other end of a slow network, over TLS."""
    port = url.rpartition(":")[2]
    tls = start(stack, "-m", "bench.tls", port, str(folder)).rpartition(":")[2]
    return f"https://127.0.0.1:{start(stack, '-m', 'bench.relay', tls, str(ROUND_TRIP))}"


def start(stack, *words):
    """Start a program that prints where it listens; returns that."""
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    stack.callback(process.stdout.close)
    return process.stdout.readline().decode().strip()


def measure(account, targets):
    """The milliseconds of each payment but the first of each target, which connects."""
    times = {target.name: [] for target in targets}
    tokens = [account.token() for _ in range((PAYMENTS + 1) * len(targets))]
    account.world.control("POST", "settings", {"latency": THINKS})
    for number in range(PAYMENTS + 1):
        for target in targets:
            took = charge(target, tokens.pop(), time.perf_counter) * MILLISECONDS
            if number:
                times[target.name].append(took)
    account.world.control("POST", "settings", {"latency": 0})
    return times


def goals(times):
    """The rows of the table."""
    p50 = {name: statistics.median(values) for name, values in times.items()}
    p95 = {name: statistics.quantiles(values, n=20)[-1] for name, values in times.items()}
    what = "one payment, TLS, 50 ms round trip, 250 ms at Omise"
    more = {"p50": (p50, 15), "p95": (p95, 30)}
    return [
        Goal(
            f"{what}: p50",
            f"{p50['shop']:.0f} ms",
            f"official package: {p50['official']:.0f} ms",
            p50["shop"] / p50["official"],
            0.8,
        ),
        *(
            Goal(
                f"{what}: {name} above the floor",
                f"{found['shop']:.0f} ms",
                f"bare route, pooled: {found['pooled']:.0f} ms",
                found["shop"] - found["pooled"],
                most,
                unit=" ms",
            )
            for name, (found, most) in more.items()
        ),
    ]
