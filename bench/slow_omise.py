"""A slow Omise, and a shop with its default settings: do shoppers still get their pages?

200 shoppers press at once, 50 pay one after the other, and 10 wait while Omise's answers hang.
"""

import contextlib
import statistics
import tempfile
from pathlib import Path

from bench import clients
from bench.goals import Goal, show
from bench.stage import Stage
from tests.support.http_shopper import HttpShopper

SECONDS = 12  #: that the second and the third part last
HANG = 120  #: seconds
ASKS_THE_BANK = "4000000000003063"


def main():
    """Measure and print the rows."""
    with (
        tempfile.TemporaryDirectory(prefix="bench") as folder,
        contextlib.closing(Stage(Path(folder))) as stage,
    ):
        shop = stage.shop("shop", f"sqlite:///{folder}/shop.db", 100)
        goals = [*everyone_at_once(stage, shop), *one_after_the_other(stage, shop)]
        return goals + hanging(stage, shop)


def everyone_at_once(stage, shop):
    """200 shoppers press at the same moment; Omise takes a second."""
    requests = stage.requests(shop, 200)
    with latency(stage, 1):
        page = {"page": a_page(shop, "/products/mug")}
        taken = clients.run(port=shop.port, charges=requests, connections=200, pages=page)
    slowest = max(taken["page"])
    return show(
        [
            within("200 shoppers at once, Omise at 1 s: p95 of a charge", p95(taken["charge"]), 3),
            within("200 shoppers at once: slowest product page", slowest, 2),
        ]
    )


def one_after_the_other(stage, shop):
    """50 shoppers pay without a pause; Omise takes two seconds."""
    requests = stage.requests(shop, 50 * (SECONDS // 2 + 2))
    pages = {path: a_page(shop, path) for path in ("/", "/healthz")}
    with latency(stage, 2):
        taken = clients.run(
            port=shop.port, charges=requests, connections=50, seconds=SECONDS, pages=pages
        )
    rate = 50 / statistics.mean(taken["charge"])
    what = "50 shoppers, Omise at 2 s"
    charges = Goal(f"{what}: charges", f"{rate:.1f}/s", "", rate, 22, is_least=True, unit="/s")
    home = within(f"{what}: p95 of `/`", p95(taken["/"]), 0.2)
    return show([charges, home, within(f"{what}: p95 of `/healthz`", p95(taken["/healthz"]), 0.1)])


def hanging(stage, shop):
    """10 shoppers wait for the bank's result, and every GET of Omise hangs."""
    waiting = {f"waiting {i}": waits(stage, shop) for i in range(10)}
    stage.world.fails("GET", "/*", "delay", seconds=HANG, times=None)
    pages = {path: a_page(shop, path) for path in ("/", "/healthz")}
    taken = clients.run(port=shop.port, seconds=SECONDS, pages={**waiting, **pages})
    stage.world.control("DELETE", "faults")
    what = "GETs of Omise hang, 10 shoppers wait"
    return show([within(f"{what}: p95 of `{path}`", p95(taken[path]), 0.2) for path in pages])


def waits(stage, shop):
    """The request by which the page of an order at the bank asks how it stands."""
    shopper = HttpShopper(f"http://127.0.0.1:{shop.port}", stage.world)
    shopper.at_checkout()
    number = shopper.pays(stage.world.token(ASKS_THE_BANK))
    cookie = "; ".join(f"{name}={value}" for name, value in shopper.http.cookies.items())
    return a_page(shop, f"/orders/{number}/status", f"Cookie: {cookie}")


@contextlib.contextmanager
def latency(stage, seconds):
    """Let Omise take so long meanwhile."""
    stage.world.control("POST", "settings", {"latency": seconds})
    yield
    stage.world.control("POST", "settings", {"latency": 0})


def a_page(shop, path, *headers):
    """The bytes of a GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{shop.port}", *headers]
    return "\r\n".join(lines) + "\r\n\r\n"


def p95(seconds):
    """The time that 19 of 20 take at most."""
    return statistics.quantiles(seconds, n=20)[-1]


def within(what, seconds, most):
    """A row whose goal is a time."""
    return Goal(what, f"{seconds:.2f} s", "", seconds, most, unit=" s")
