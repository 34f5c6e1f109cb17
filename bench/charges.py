"""The rate of `POST /charge`, which records order, attempts and transitions, compared with routes
that record nothing.

Measured in one run against one sandbox, in turns; the ratios count.
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

from bench import load
from bench.stored_orders import store
from omise_sandbox import testing
from omise_sandbox.testing.world import World
from storefront.factory import COOKIE_NAME
from tests.support.postgresql import Postgresql
from tests.support.programs import ROOT, Shop, free_port, wait_until

ROUNDS = 5
CHARGES = 300  #: in a round
CONNECTIONS = 8
FEW, MANY = 1_000, 100_000

#: Long time limits, so that no attempt is closed while the machine is busy.
PATIENT = {
    "OMISE_CONNECT_TIMEOUT": "5",
    "OMISE_READ_TIMEOUT": "30",
    "OMISE_SETTLED_AFTER": "180",
}


@dataclass
class Target:
    """A server that charges: its address and its requests."""

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
    """One sandbox, and the servers that charge at it."""

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
        """The shop, with `orders` stored orders."""
        store(database_url, orders)
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
        words = ["--config", str(nothing), "--workers", "2", "--threads", "64"]
        words += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "bench.floor:app"]
        self._start("-m", "gunicorn", *words, env=environment)
        wait_until(lambda: listens(port), "the bare route answers")
        return Target(name, port, path, list, [])

    def _start(self, *words, **options):
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, **options)
        self.programs.callback(process.wait)
        self.programs.callback(process.terminate)
        return process

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
    """Shoppers at the checkout, each with an own cart and a CSRF token."""

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
        """The headers of another shopper."""
        cart = {**self.kept["cart"], "key": secrets.token_urlsafe(12)}
        signer = self.app.session_interface.get_signing_serializer(self.app)
        session = {**self.kept, "cart": cart, "key": secrets.token_hex(8)}
        return [
            f"Cookie: {COOKIE_NAME}={signer.dumps(session)}",
            f"X-CSRFToken: {self.csrf}",
        ]


def listens(port):
    """Whether a server responds on the port."""
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(f"http://127.0.0.1:{port}", timeout=30).status_code
    return None


@contextlib.contextmanager
def stage():
    """A new stage, closed at the end."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        made = Stage(Path(folder))
        with made.programs:
            yield made


def row(target, against=None, least=None):
    """Print a row of the table; returns the target if it was missed."""
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
    """Measure and print the table; returns the missed targets."""
    machine = (
        f"{psutil.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    print(
        f"`POST /charge` through gunicorn, 2 workers of 64 threads, {CONNECTIONS} connections; "
        f"charges a second, medians of {ROUNDS} rounds of {CHARGES}; {machine}.\n"
    )
    print("| what | charges a second | ratio | target |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="bench") as folder, Postgresql(Path(folder)) as server:
        return [*against_bare_routes(server), *over_tls(), *with_many_orders(server)]


def against_bare_routes(server):
    """Compared with one pooled call."""
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
    """Over TLS, where a kept connection saves most."""
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
    """With a hundred times as many stored orders."""
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
