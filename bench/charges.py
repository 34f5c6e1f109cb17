"""How fast `POST /charge` is, with order, ledger and transition, against routes without them.

Everything is measured in one run against one sandbox, in turns, and what counts are ratios.
"""

import contextlib
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests
from sqlalchemy import text

from bench import load
from omise_sandbox import testing
from omise_sandbox.testing.world import World
from storefront.payments.database import Database
from tests.support.postgresql import Postgresql
from tests.support.programs import ROOT, Shop, free_port, wait_until

ROUNDS = 5
CHARGES = 300  #: in a round
CONNECTIONS = 8
FEW, MANY = 1_000, 100_000

#: A shop that is in no hurry, so that nothing is given up while the machine is busy.
PATIENT = {
    "OMISE_CONNECT_TIMEOUT": "5",
    "OMISE_READ_TIMEOUT": "30",
    "OMISE_SETTLED_AFTER": "180",
}

ORDERS = """
INSERT INTO orders (number, cart_key, status, amount, currency, livemode, created_at, paid_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
SELECT 'OLD' || i, 'old-' || i, 'paid', 39000, 'THB', false, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
FROM n"""
LINES = """
INSERT INTO order_lines (order_id, sku, name, quantity, amount, currency)
SELECT id, 'mug', 'Stoneware mug', 1, 39000, 'THB' FROM orders"""
ATTEMPTS = """
INSERT INTO attempts (key, order_id, kind, state, amount, currency, token_digest, charge_id,
                      captured_amount, refunded_amount, created_at)
SELECT 'old' || id, id, 'charge', 'succeeded', 39000, 'THB', 'digest' || id, 'chrg_old_' || id,
       39000, 0, CURRENT_TIMESTAMP
FROM orders"""


@dataclass
class Target:
    """Something that charges: where, and with which requests."""

    name: str
    port: int
    path: str
    headers: Callable[[], list[str]]  #: gives the headers of the next request
    rates: list

    def request(self, token):
        """The bytes of one charge."""
        body = json.dumps({"token": token})
        lines = [
            f"POST {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *self.headers(),
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    @property
    def rate(self):
        """Charges a second, the median of the rounds."""
        return statistics.median(self.rates)


class Stage:
    """One sandbox, and whatever is measured against it."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = contextlib.ExitStack()
        process, url = testing.start()
        self.programs.callback(testing.stop, process)
        self.world = World.new(url)
        self.http = requests.Session()

    def tls(self):
        """The address of the sandbox behind TLS."""
        port = self.world.url.rpartition(":")[2]
        process = self._start("-m", "bench.tls", port, str(self.folder), stdout=subprocess.PIPE)
        self.programs.callback(process.stdout.close)
        return process.stdout.readline().decode().strip()

    def shop(self, name, database_url, orders, **more):
        """The shop, with so many orders of former days."""
        self.fill(database_url, orders)
        module = more.pop("module", "app:app")
        calm = {"VELOCITY_SCALE": "1000000"}  # thousands pay with one card here
        shop = Shop(self.world, database_url, self.folder, **PATIENT, **calm, **more)
        shop.start(module)
        self.programs.callback(shop.stop)
        return Target(name, shop.port, "/charge", Sessions(shop).headers, [])

    def bare(self, name, path, url, **more):
        """A bare Flask route, under a gunicorn like the shop's."""
        port, nothing = free_port(), self.folder / "no.conf.py"
        nothing.write_text("")
        environment = {
            **os.environ,
            "OMISE_API_URL": url,
            "OMISE_SECRET_KEY": self.world.secret_key,
            **more,
        }
        words = ["--config", str(nothing), "--workers", "2", "--threads", "4"]
        words += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "bench.floor:app"]
        self._start("-m", "gunicorn", *words, env=environment)
        wait_until(lambda: listens(port), "the bare route answers")
        return Target(name, port, path, list, [])

    def _start(self, *words, **options):
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, **options)
        self.programs.callback(process.wait)
        self.programs.callback(process.terminate)
        return process

    @staticmethod
    def fill(database_url, orders):
        """Store orders that are paid."""
        database = Database(database_url)
        database.migrate()
        with database.write_session() as session:
            session.execute(text(ORDERS), {"count": orders})
            session.execute(text(LINES))
            session.execute(text(ATTEMPTS))
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as now:
            now.execute(text("ANALYZE"))
        database.dispose()

    def measure(self, *targets):
        """Let them take turns; the first turn of each only warms it up."""
        for number in range(ROUNDS + 1):
            for target in targets if number % 2 else reversed(targets):
                rate = self._one_round(target, CHARGES if number else CHARGES // 3)
                if number:
                    target.rates.append(rate)

    def _one_round(self, target, charges):
        requests = [target.request(self._token()) for _ in range(charges)]
        return load.send(target.port, CONNECTIONS, requests)

    def _token(self):
        card = {
            "name": "SOMCHAI PRASERT",
            "number": "4242424242424242",
            "expiration_month": 12,
            "expiration_year": 2040,
            "security_code": "123",
        }
        answer = self.http.post(
            f"{self.world.url}/tokens", json={"card": card}, auth=(self.world.public_key, "")
        )
        return answer.json()["id"]


class Sessions:
    """Shoppers at the checkout: each with a cart of their own and a CSRF token."""

    def __init__(self, shop):
        self.app = shop.within()
        client = self.app.test_client()
        page = client.get("/login").get_data(as_text=True)
        self.csrf = page.split('name="csrf-token" content="')[1].split('"')[0]
        client.post("/cart", data={"csrf_token": self.csrf, "sku": "mug"})
        with client.session_transaction() as session:
            self.kept = dict(session)
        self.app.extensions["shop"].close()

    def headers(self):
        """Those of another shopper."""
        cart = {**self.kept["cart"], "key": secrets.token_urlsafe(12)}
        signer = self.app.session_interface.get_signing_serializer(self.app)
        session = {**self.kept, "cart": cart, "key": secrets.token_hex(8)}
        return [
            f"Cookie: session={signer.dumps(session)}",
            f"X-CSRFToken: {self.csrf}",
        ]


def listens(port):
    """Whether somebody listens there."""
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(f"http://127.0.0.1:{port}", timeout=30).status_code
    return None


@contextlib.contextmanager
def stage():
    """A fresh stage, struck afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        made = Stage(Path(folder))
        with made.programs:
            yield made


def row(target, against=None, least=None):
    """A row of the table; with it the target if it was missed."""
    cells = [target.name, f"{target.rate:.0f}", "", ""]
    missed = []
    if against:
        ratio = target.rate / against.rate
        cells[2:] = [f"{ratio:.2f} of {against.name}", f"at least {least}" if least else ""]
        if least and ratio < least:
            missed = [f"{target.name}: {ratio:.2f} of {against.name}, not {least}"]
    print(f"| {' | '.join(cells)} |", flush=True)
    return missed


def main():
    """Measure, print the table, and give the targets that were missed."""
    machine = (
        f"{psutil.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    print(
        f"`POST /charge` through gunicorn, 2 workers of 4 threads, {CONNECTIONS} connections; "
        f"charges a second, medians of {ROUNDS} rounds of {CHARGES}; {machine}.\n"
    )
    print("| what | charges a second | ratio | target |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="bench") as folder, Postgresql(Path(folder)) as server:
        return [*against_bare_routes(server), *over_tls(), *with_many_orders(server)]


def against_bare_routes(server):
    """Against one pooled call and nothing else."""
    with stage() as here:
        floor = here.bare("a bare route, pooled", "/pooled", here.world.url)
        official = Target("a bare route, official package", floor.port, "/official", list, [])
        sqlite = here.shop("the shop, SQLite", f"sqlite:///{here.folder / 'shop.db'}", FEW)
        postgresql = here.shop("the shop, PostgreSQL", server.new(), FEW)
        here.measure(floor, official, sqlite, postgresql)
    return [
        *row(floor),
        *row(official, floor),
        *row(sqlite, floor, 0.5),
        *row(postgresql, floor, 0.4),
    ]


def over_tls():
    """Over TLS, where a connection that is kept saves most."""
    with stage() as here:
        url = here.tls()
        trusts = {"REQUESTS_CA_BUNDLE": str(here.folder / "authority.pem")}
        official = here.bare("a bare route, official package, TLS", "/official", url, **trusts)
        shop = here.shop(
            "the shop, SQLite, TLS",
            f"sqlite:///{here.folder / 'shop.db'}",
            FEW,
            module="bench.shop_over_tls:app",
            OMISE_API_URL=url,
            **trusts,
        )
        here.measure(official, shop)
    return [*row(official), *row(shop, official, 1.3)]


def with_many_orders(server):
    """With a hundred times as many orders stored."""
    missed = []
    for kind in ("SQLite", "PostgreSQL"):
        with stage() as here:
            targets = []
            for orders in (FEW, MANY):
                file = f"sqlite:///{here.folder / f'shop{orders}.db'}"
                url = file if kind == "SQLite" else server.new()
                name = f"the shop, {kind}, {orders:,} orders stored"
                targets.append(here.shop(name, url, orders))
            here.measure(*targets)
        few, many = targets
        missed += [*row(few), *row(many, few, 0.9)]
    return missed
