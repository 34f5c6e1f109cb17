"""The processor time of one payment, within this process: the shop, the floor and a peer.

All take turns in one run. Time is that of the thread, so that other programs disturb it little.
"""

import contextlib
import io
import json
import os
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from bench import floor, oscar
from bench.goals import Goal, show
from bench.sessions import Sessions
from bench.stored_orders import store
from omise_sandbox import testing
from omise_sandbox.testing.world import World
from storefront import create_app
from storefront.settings import Settings
from tests.support.postgresql import Postgresql

ROUNDS, TURN = 12, 20
ORDERS = 1_000
MILLISECONDS = 1000

#: Thousands pay with one card here, from one browser.
CALM = {"velocity_scale": 1_000_000}


class Account:
    """A sandbox's account, and tokens of it."""

    def __init__(self, stack):
        process, url = testing.start()
        stack.callback(testing.stop, process)
        self.world = World.new(url)
        self.http = stack.enter_context(requests.Session())

    def token(self):
        """A fresh token."""
        card = {
            "name": "SOMCHAI PRASERT",
            "number": "4242424242424242",
            "security_code": "123",
            "expiration_month": 12,
            "expiration_year": 2040,
        }
        url, key = f"{self.world.url}/tokens", self.world.public_key
        return self.http.post(url, json={"card": card}, auth=(key, "")).json()["id"]


class Bare:
    """A route that keeps no books."""

    def __init__(self, name, path, world, url=None):
        self.name, self.path = name, path
        self.app = floor.make(url or world.url, world.secret_key)

    def headers(self):
        """None but those of every request."""
        return {}


class InProcess:
    """The shop."""

    path = "/charge"

    def __init__(self, name, world, database_url, folder, **more):
        self.name = name
        store(database_url, ORDERS)
        addresses = dict.fromkeys(("omise_api_url", "omise_vault_url"), world.url)
        self.app: Any = create_app(
            Settings.from_env(
                _env_file=None,
                omise_public_key=world.public_key,
                omise_secret_key=world.secret_key,
                secret_key="s" * 32,
                database_url=database_url,
                mail_folder=folder / "mail",
                **{**addresses, **CALM, **more},
            )
        )
        self.sessions = Sessions(self.app)

    def headers(self):
        """Those of another shopper with a mug in the cart."""
        return {
            "HTTP_COOKIE": self.sessions.cookie(),
            "HTTP_X_CSRFTOKEN": self.sessions.csrf,
        }


def charge(target, token, clock=time.thread_time):
    """Charge once: the seconds that it took, by the clock."""
    body = json.dumps({"token": token}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": target.path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000",
        "HTTP_HOST": "127.0.0.1:5000",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.multithread": True,
        **target.headers(),
    }
    statuses = []
    began = clock()
    answer = target.app(environ, lambda status, headers, error=None: statuses.append(status))
    content = b"".join(answer)
    took = clock() - began
    assert statuses[0].startswith("200"), (target.name, statuses, content)
    return took


def turns(account, targets, peer=None, rounds=ROUNDS):
    """The seconds of a charge, round by round: each the median of a turn."""
    times = {target.name: [] for target in targets}
    times["peer"] = []
    for number in range(rounds + 1):  # the first warms up
        for target in targets if number % 2 else reversed(targets):
            tokens = [account.token() for _ in range(TURN)]
            median = statistics.median(charge(target, token) for token in tokens)
            if number:
                times[target.name].append(median)
        if peer and number % 4 == 1:
            times["peer"].append(statistics.median(peer.place(TURN // 2)))
    return times


def main():
    """Measure and print the rows."""
    with contextlib.ExitStack() as stack, quiet():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        server = stack.enter_context(Postgresql(folder))
        peer = stack.enter_context(oscar.started(folder))
        account = Account(stack)
        bare = Bare("floor", "/pooled", account.world)
        sqlite = InProcess("SQLite", account.world, f"sqlite:///{folder / 'shop.db'}", folder)
        pg = InProcess("PostgreSQL", account.world, server.new(), folder)
        times = turns(account, [bare, sqlite, pg], peer)
        written = wal_of_a_charge(account, sqlite, folder / "shop.db-wal")
        for shop in (sqlite, pg):
            shop.app.extensions["shop"].close()
    goals = [
        cpu(times, "SQLite", 0.28),
        cpu(times, "PostgreSQL", 0.22),
        Goal("WAL of a charge, SQLite", f"{written:.0f} kB", "", written, 150, unit=" kB"),
    ]
    return show(goals + ([against_peer(times)] if times["peer"] else []))


def cpu(times, name, least):
    """The row of one database: the floor's time by that of the shop, round by round."""
    ratios = [bare / ours for bare, ours in zip(times["floor"], times[name], strict=True)]
    return Goal(
        f"CPU of `POST /charge`, in process, {name}",
        f"{statistics.median(times[name]) * MILLISECONDS:.1f} ms",
        f"bare route, pooled: {statistics.median(times['floor']) * MILLISECONDS:.1f} ms",
        statistics.median(ratios),
        least,
        is_least=True,
    )


def against_peer(times):
    """The row of the peer that keeps books too."""
    ours, theirs = statistics.median(times["SQLite"]), statistics.median(times["peer"])
    return Goal(
        "CPU of placing an order and paying, SQLite",
        f"{ours * MILLISECONDS:.1f} ms",
        f"django-oscar {oscar.VERSION}, which calls no provider: {theirs * MILLISECONDS:.1f} ms",
        ours / theirs,
        1,
    )


def wal_of_a_charge(account, shop, log, charges=100):
    """How many kB a charge adds to SQLite's log, which is emptied first."""
    connection = sqlite3.connect(log.with_name("shop.db"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    before = log.stat().st_size
    for _ in range(charges):
        charge(shop, account.token())
    return (log.stat().st_size - before) / charges / 1000


@contextlib.contextmanager
def quiet():
    """Keep the log of the shop off the terminal, while it is written all the same."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere):
        yield
