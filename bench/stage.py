"""A sandbox, and servers that charge at it: the shop and bare routes, under gunicorn."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import requests

from bench import load
from bench.sessions import Sessions
from bench.stored_orders import store
from omise_sandbox import testing
from omise_sandbox.testing.world import World
from tests.support.programs import ROOT, Shop, free_port, wait_until

ROUNDS = 5
CHARGES = 150  #: in a round
CONNECTIONS = 8

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

    def ratio(self, other):
        """The rate by that of another, round by round."""
        return statistics.median(a / b for a, b in zip(self.rates, other.rates, strict=True))


class Stage:
    """One sandbox, and the servers that charge at it."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = contextlib.ExitStack()
        process, url = testing.start()
        self.programs.callback(testing.stop, process)
        self.world = World.new(url)
        self.http = requests.Session()

    def close(self):
        """Stop everything."""
        self.http.close()
        self.programs.close()

    def shop(self, name, database_url, orders, **more):
        """The shop, with `orders` stored orders."""
        store(database_url, orders)
        calm = {"VELOCITY_SCALE": "1000000"}  # thousands pay with one card here
        shop = Shop(self.world, database_url, self.folder, **PATIENT, **calm, **more)
        shop.start()
        self.programs.callback(shop.stop)
        return Target(name, shop.port, "/charge", shoppers(shop), [])

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
        words += [
            "--bind",
            f"127.0.0.1:{port}",
            "--log-level",
            "warning",
            "bench.floor:from_environment()",
        ]
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

    def requests(self, target, count):
        """The bytes of so many charges."""
        return [target.request(self._token()) for _ in range(count)]

    def _one_round(self, target, charges):
        return load.send(target.port, CONNECTIONS, self.requests(target, charges))

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


def shoppers(shop):
    """The headers of another shopper of a shop, each time they are asked for."""
    app = shop.within()
    sessions = Sessions(app)
    app.extensions["shop"].close()
    return lambda: [f"Cookie: {sessions.cookie()}", f"X-CSRFToken: {sessions.csrf}"]


def listens(port):
    """Whether a server responds on the port."""
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(f"http://127.0.0.1:{port}", timeout=30).status_code
    return None
