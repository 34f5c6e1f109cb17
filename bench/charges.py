"""The rate of `POST /charge` through gunicorn, compared with a route that keeps no books.

Measured in one run against one sandbox, in turns; the ratios count.
"""

import contextlib
import tempfile
from pathlib import Path

from bench.goals import Goal, show
from bench.stage import Stage
from tests.support.postgresql import Postgresql

FEW, MANY = 1_000, 100_000


def main():
    """Measure and print the rows."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder, Postgresql(Path(folder)) as server:
        return [
            *against_the_floor(Path(folder), server),
            *with_many_orders("SQLite", Path(folder), server),
            *with_many_orders("PostgreSQL", Path(folder), server),
        ]


def against_the_floor(folder, server):
    """Compared with one pooled call."""
    with contextlib.closing(Stage(folder)) as stage:
        floor = stage.bare("bare route, pooled", "/pooled", stage.world.url)
        shops = {
            "SQLite": (stage.shop("SQLite", f"sqlite:///{folder / 'shop.db'}", FEW), 0.30),
            "PostgreSQL": (stage.shop("PostgreSQL", server.new(), FEW), 0.25),
        }
        stage.measure(floor, *(shop for shop, _ in shops.values()))
    return show(
        [
            rate(f"rate of charges, 8 connections, {name}", shop, floor, least)
            for name, (shop, least) in shops.items()
        ]
    )


def with_many_orders(kind, folder, server):
    """With a hundred times as many stored orders."""
    with contextlib.closing(Stage(folder)) as stage:
        shops = []
        for orders in (FEW, MANY):
            file = f"sqlite:///{folder / f'shop{orders}.db'}"
            url = file if kind == "SQLite" else server.new()
            shops.append(stage.shop(f"{orders:,} orders", url, orders))
        stage.measure(*shops)
    few, many = shops
    return show([rate(f"rate with {MANY:,} orders, {kind}", many, few, 0.95)])


def rate(what, target, other, least):
    """A row of rates."""
    measured, against = f"{target.rate:.0f}/s", f"{other.name}: {other.rate:.0f}/s"
    return Goal(what, measured, against, target.ratio(other), least, is_least=True)
