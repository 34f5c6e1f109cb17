"""A run: a shop, all that fails, and the count when it has become quiet."""

import contextlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from structlog.testing import capture_logs

from omise_sandbox import testing
from omise_sandbox.testing.world import World
from tests.support.postgresql import Postgresql
from tests.support.programs import Shop

from . import faults, ledgers, webhooks
from .counts import Counts
from .crowd import Crowd
from .killer import Killer


class Plan(NamedTuple):
    """How much there is to be of it."""

    checkouts: int
    shoppers: int  #: at the same time
    seed: int
    pause: float = 2.0  #: seconds from one kill to the next, or so


def run(kind, plan):
    """One run on one kind of database: the counts, and what is wrong, which must be nothing."""
    counts = Counts()
    with tempfile.TemporaryDirectory(prefix="chaos") as folder:
        with a_shop(kind, Path(folder)) as shop:
            problems = storm(shop, counts, plan)
        counts.add("unknowns", shop.log.read_text().count('"event": "attempt_unknown"'))
    return counts, problems


@contextlib.contextmanager
def a_shop(kind, folder):
    """A shop with workers to be killed, over an empty database and a sandbox."""
    with contextlib.ExitStack() as stack:
        sandbox, url = testing.start()
        stack.callback(testing.stop, sandbox)
        shop = Shop(
            World.new(url),
            stack.enter_context(a_database(kind, folder)),
            folder,
            WEB_CONCURRENCY="4",
            VELOCITY_SCALE="1000000",
            OMISE_WEBHOOK_SECRET=webhooks.SECRET,
            **faults.TIMEOUTS,
        )
        shop.start()
        stack.callback(shop.stop)
        yield shop


@contextlib.contextmanager
def a_database(kind, folder):
    """The address of an empty one."""
    if kind == "postgresql":
        with Postgresql(folder) as server:
            yield server.new()
    else:
        yield f"sqlite:///{folder / 'shop.db'}"


def storm(shop, counts, plan):
    """Let them all pay while everything fails; then let it become quiet, and compare."""
    post = webhooks.Post(shop.url, plan.seed, counts)
    settings = {"webhook_url": post.url, "webhook_secret": webhooks.SECRET}
    shop.world.control("POST", "settings", settings)
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.closing(post))
        parts = stack.enter_context(contextlib.closing(shop.within().extensions["shop"]))
        stack.enter_context(capture_logs())  # what the parts log is not for who reads the counts
        crowd = Crowd(shop, parts, counts, plan.seed)
        faults.begin(shop.world)
        killer = Killer(shop, counts, plan.seed, plan.pause)
        killer.start()
        with ThreadPoolExecutor(plan.shoppers) as pool:
            list(pool.map(crowd.buys, range(plan.checkouts)))
        killer.stop()
        post.is_honest = True
        faults.end(shop.world, counts)
        counts.add("attempts unresolved when the storm ended", ledgers.unresolved(shop))
        return ledgers.settle(shop) or list(ledgers.compare(shop, crowd.orders))
