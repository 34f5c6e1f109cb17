"""One run: a shop, the faults, and the comparison after they end."""

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

from . import comparison, faults, webhooks
from .counts import Counts
from .killer import Killer
from .load import Load
from .storms import Storms


class Plan(NamedTuple):
    """The size of a run."""

    checkouts: int
    shoppers: int  #: at the same time
    seed: int
    pause: float = 2.0  #: seconds from one kill to the next, or so
    workers: int = 4  #: of gunicorn
    calm: float = 15  #: seconds before each storm
    hang: float = 20  #: seconds in which every GET of Omise hangs
    freeze: float = 20  #: seconds in which PostgreSQL is frozen
    slow_clients: int = 16


def run(kind, plan):
    """Run on one kind of database; returns the counts and the problems."""
    counts = Counts()
    with tempfile.TemporaryDirectory(prefix="chaos") as folder:
        with a_shop(kind, Path(folder), plan.workers) as (shop, server):
            problems = pay_under_faults(shop, server, counts, plan)
        counts.add("unknowns", shop.log.read_text().count('"event": "attempt_unknown"'))
    return counts, problems


@contextlib.contextmanager
def a_shop(kind, folder, workers):
    """A shop with workers to kill, an empty database and a sandbox; and its PostgreSQL, if any."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgresql(folder)) if kind == "postgresql" else None
        sandbox, url = testing.start()
        stack.callback(testing.stop, sandbox)
        shop = Shop(
            World.new(url),
            server.new() if server else f"sqlite:///{folder / 'shop.db'}",
            folder,
            WEB_CONCURRENCY=str(workers),
            VELOCITY_SCALE="1000000",
            OMISE_WEBHOOK_SECRET=webhooks.SECRET,
            **faults.TIMEOUTS,
        )
        shop.start()
        stack.callback(shop.stop)
        yield shop, server


def pay_under_faults(shop, server, counts, plan):
    """Let all shoppers pay under faults, end the faults, and compare."""
    post = webhooks.Post(shop.url, plan.seed, counts)
    settings = {"webhook_url": post.url, "webhook_secret": webhooks.SECRET}
    shop.world.control("POST", "settings", settings)
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.closing(post))
        services = stack.enter_context(contextlib.closing(shop.within().extensions["shop"]))
        stack.enter_context(capture_logs())  # keeps the log out of the output
        load = Load(shop, services, counts, plan.seed)
        faults.begin(shop.world)
        killer = Killer(shop, counts, plan.seed, plan.pause)
        storms = Storms(shop, server, counts, plan)
        killer.start()
        storms.start()
        with ThreadPoolExecutor(plan.shoppers) as pool:
            list(pool.map(load.buys, range(plan.checkouts)))
        storms.stop()
        killer.stop()
        post.is_honest = True
        faults.end(shop.world, counts)
        counts.add("attempts unresolved when the faults ended", comparison.unresolved(shop))
        return comparison.settle(shop) or list(comparison.compare(shop, load.orders))
