"""The compared servers: the sandbox, a bare JSON echo as the floor, localstripe as the peer.

All of them keep their data in memory, as tests run the sandbox.
"""

import base64
import contextlib
import json
import subprocess
import sys

import requests

from bench import load
from omise_sandbox import testing
from omise_sandbox.testing.world import CARD, World
from tests.support.programs import free_port, wait_until

COMPARED_AT = 8  #: connections
MOST_FOR_PEER = 0  #: charges stored, from which on lists of localstripe take minutes
KEYS = ("pkey_test_sandbox000000000000", "skey_test_sandbox000000000000")


def request(port, method, path, key, body=None):
    """The text of one request."""
    data = json.dumps(body) if body is not None else ""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Authorization: Basic {base64.b64encode(f'{key}:'.encode()).decode()}",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + data


class Echo:
    """The floor."""

    name = "echo"

    def __init__(self, stack):
        self.port = free_port()
        self.process = run(stack, "bench.echo", str(self.port))
        wait_until(lambda: answers(self.port), "the echo answers")

    def requests(self, _, count, __):
        """Requests that are answered with JSON like that of a new token."""
        return [request(self.port, "POST", "/echo", "key", {"card": CARD})] * count


class Sandbox:
    """The sandbox, with so many charges stored."""

    name = "sandbox"

    def __init__(self, stack, stored, *options):
        self.process, self.url = testing.start(*options)
        stack.callback(testing.stop, self.process)
        self.port = int(self.url.rpartition(":")[2])
        self.world = World(self.url, *KEYS)
        seeded = requests.post(
            f"{self.url}/_sandbox/seed",
            json={"charges": stored, "customers": 10},
            auth=(self.world.secret_key, ""),
            timeout=120,
        )
        seeded.raise_for_status()
        self.charge = self.pay()

    def pay(self):
        """A charge made by hand: its id."""
        wishes = {"amount": 39000, "currency": "thb", "card": self.world.token()}
        return self.world.api("POST", "/charges", wishes)["id"]

    def requests(self, what, count, _):
        """Requests for what is measured."""
        public, secret = self.world.public_key, self.world.secret_key
        if what == "new token":
            return [request(self.port, "POST", "/tokens", public, {"card": CARD})] * count
        if what == "new charge":
            wishes = {"amount": 39000, "currency": "THB"}
            return [
                request(self.port, "POST", "/charges", secret, wishes | {"card": token})
                for token in self.tokens(count)
            ]
        paths = {"retrieve": f"/charges/{self.charge}", "list 10": "/charges?limit=10"}
        path = paths.get(what, "/charges?limit=100")
        return [request(self.port, "GET", path, secret)] * count

    def tokens(self, count):
        """Fresh tokens."""
        with requests.Session() as http:
            http.auth = (self.world.public_key, "")
            card = {"card": CARD}
            return [http.post(f"{self.url}/tokens", json=card).json()["id"] for _ in range(count)]


class Localstripe:
    """The peer, with so many charges stored."""

    name = "localstripe"

    def __init__(self, stack, stored):
        self.port, self.stored = free_port(), stored
        words = ("bench.peer", str(self.port), str(stored))
        self.process = run(stack, *words, stdout=subprocess.PIPE)
        stack.callback(self.process.stdout.close)
        self.customer = self.process.stdout.readline().decode().strip()
        wait_until(lambda: answers(self.port), "localstripe answers")
        charges = requests.get(
            f"http://127.0.0.1:{self.port}/v1/charges", auth=("sk_test_x", ""), timeout=60
        ).json()["data"]
        self.charge = charges[0]["id"] if charges else None

    def requests(self, what, count, connections):
        """Requests for what is measured; None when there is nothing to ask for, or no end."""
        card = {"number": CARD["number"], "exp_month": "12", "exp_year": "2040", "cvc": "123"}
        charge = {"amount": 39000, "currency": "thb", "customer": self.customer}
        calls = {
            "new token": ("POST", "/v1/tokens", {"card": card}),
            "new charge": ("POST", "/v1/charges", charge),
            "retrieve": ("GET", f"/v1/charges/{self.charge}", None),
            "list 10": ("GET", "/v1/charges?limit=10", None),
            "list 100": ("GET", "/v1/charges?limit=100", None),
        }
        is_endless = what.startswith("list") and self.stored > MOST_FOR_PEER
        if connections != COMPARED_AT or is_endless or (what == "retrieve" and self.charge is None):
            return None
        method, path, body = calls[what]
        return [request(self.port, method, path, "sk_test_x", body)] * count


def run(stack, module, *words, **options):
    """A program that runs until the stack unwinds."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=load.ROOT, stderr=subprocess.DEVNULL, **options
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def answers(port):
    """Whether a server responds on the port."""
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(f"http://127.0.0.1:{port}", timeout=30).status_code
    return None
