"""How fast the sandbox is, against a bare JSON echo and against localstripe, empty and full.

All is measured in one run, in turns, and what counts are ratios. They are taken of the processor
time that a call costs, since rates also tell what else the machine is doing. Nothing is kept on
disk: so is the sandbox run by tests, and localstripe's writing is switched off. That is asked only
where an answer comes within minutes.
"""

import base64
import contextlib
import json
import queue
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import requests

from bench import load
from sandbox import testing
from sandbox.testing import CARD, World
from tests.programs import free_port, wait_until

ROUNDS = 9
SECONDS = 0.15  #: that one round takes, about
MOST_REQUESTS = 1000  #: in a round
MOST_FOR_PEER = 0  #: charges stored, from which on lists of localstripe take minutes
STORED = (0, 1_000, 10_000, 50_000)
CONNECTIONS = (1, 8, 32)
COMPARED_AT = 8  #: connections
MILLISECONDS, MICROSECONDS, MEGABYTE = 1000, 1_000_000, 2**20
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
        """Whatever is asked, JSON like that of a new token comes back."""
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
        path = {"retrieve": f"/charges/{self.charge}", "list 10": "/charges?limit=10"}
        path = path.get(what, "/charges?limit=100")
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


COLUMNS = (
    *("what", "connections", "stored", "sandbox", "echo", "localstripe"),
    *("µs", "of the echo", "of 1,000 stored"),
)
WHAT = ("new token", "new charge", "retrieve", "list 10", "list 100")


def run(stack, module, *words, **options):
    """A program that runs until the stack unwinds."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=load.ROOT, stderr=subprocess.DEVNULL, **options
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def answers(port):
    """Whether somebody answers there."""
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(f"http://127.0.0.1:{port}", timeout=30).status_code
    return None


class Turns:
    """What each side reached, round by round; all sides took each round together."""

    def __init__(self, sides, what, connections):
        self.rates = {side: [] for side in sides}
        self.costs = {side: [] for side in sides}
        counts = dict.fromkeys(sides, 8)
        for number in range(ROUNDS + 1):  # the first only tells how much fits into a round
            for side in sides if number % 2 else reversed(sides):
                prepared = side.requests(what, counts[side], connections)
                if prepared is None:
                    continue
                before = worked(side)
                rate = load.send(side.port, connections, prepared)
                cost = (worked(side) - before) / len(prepared)
                counts[side] = min(MOST_REQUESTS, max(8, int(rate * SECONDS)))
                if number:
                    self.rates[side].append(rate)
                    self.costs[side].append(cost)

    def rate(self, side):
        """Calls a second, the median; nothing for a side that had nothing to answer."""
        return round(statistics.median(self.rates[side])) if self.rates[side] else ""

    def cost(self, side):
        """Seconds of processor time that a call costs, over all rounds."""
        return statistics.mean(self.costs[side])

    def ratio(self, side, other):
        """How many calls the one answers in the processor time of one call to the other."""
        return self.cost(other) / self.cost(side)


def worked(side):
    """Seconds of processor time that a side has used so far."""
    times = psutil.Process(side.process.pid).cpu_times()
    return times.user + times.system


def main():
    """Measure, print the tables, and give the targets that were missed."""
    print(f"Calls a second, medians of {ROUNDS} rounds in turns; nothing is written to disk.")
    print("µs of processor time that a call costs the sandbox, and ratios of such times.\n")
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    late = []
    with contextlib.ExitStack() as stack:
        echo = Echo(stack)
        ours = {stored: Sandbox(stack, stored) for stored in STORED}
        peers = {stored: Localstripe(stack, stored) for stored in STORED}
        for what in WHAT:
            for connections in CONNECTIONS:
                turns = Turns([echo, *ours.values(), *peers.values()], what, connections)
                for stored in STORED:
                    show(what, connections, stored, turns, echo, ours, peers)
                if connections == COMPARED_AT:
                    late += missed(what, turns, echo, ours, peers)
    print()
    return late + odds()


def show(what, connections, stored, turns, echo, ours, peers):
    """A row of the table."""
    sandbox, peer = ours[stored], peers[stored]
    cells = (
        what,
        connections,
        f"{stored:,}",
        *(turns.rate(side) for side in (sandbox, echo, peer)),
        f"{turns.cost(sandbox) * MICROSECONDS:.0f}",
        f"{turns.ratio(sandbox, echo):.2f}",
        f"{turns.ratio(sandbox, ours[1_000]):.2f}",
    )
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def missed(what, turns, echo, ours, peers):
    """The targets that these turns missed."""
    late = []
    if what in ("new token", "new charge"):
        for other, name, least in ((echo, "the echo", 0.5), (peers[0], "localstripe", 2)):
            if (found := turns.ratio(ours[0], other)) < least:
                late.append(f"{what}: {found:.2f} of {name}, not {least}")
    if (kept := turns.ratio(ours[50_000], ours[1_000])) < 0.9:
        late.append(f"{what}: {kept:.2f} of its rate with 1,000 stored, not 0.9")
    return late


def odds():
    """Times and sizes that are no rates."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        full = Path(folder) / "full.db"
        measured = {
            "memory with 50,000 stored, MB": ([memory(full)], 150),
            "first answer after start, ms": ([start_up()[0] for _ in range(ROUNDS)], 500),
            "ready for a test (process and world), ms": ([ready() for _ in range(ROUNDS)], 300),
            "webhook leaves after the answer, ms": ([webhook_delay() for _ in range(ROUNDS)], 20),
        }
        times = [start_up(shutil.copy(full, Path(folder) / "copy.db")) for _ in range(ROUNDS)]
        measured["first answer with 50,000 stored, ms"] = ([start for start, _ in times], 1500)
        measured["reset with 50,000 stored, ms"] = ([reset for _, reset in times], 5)
    late = []
    print("| what | median | at most |\n|---|---|---|")
    for name, (found, most) in measured.items():
        median = statistics.median(found)
        print(f"| {name} | {median:.1f} | {most} |", flush=True)
        if median > most:
            late.append(f"{name}: {median:.1f}, not {most}")
    return late


def memory(file):
    """What the process holds with 50,000 charges, which it leaves in the file."""
    with contextlib.ExitStack() as stack:
        full = Sandbox(stack, 50_000, "--db", str(file))
        return psutil.Process(full.process.pid).memory_info().rss / MEGABYTE


def ready():
    """Until a test has a world to work in."""
    started = time.perf_counter()
    process, url = testing.start()
    World.new(url)
    took = time.perf_counter() - started
    testing.stop(process)
    return took * MILLISECONDS


def start_up(file=None):
    """From the start of a process to its first answer, and how long a reset then takes."""
    started = time.perf_counter()
    process, url = testing.start(*(["--db", str(file)] if file else []))
    with requests.Session() as http:
        http.get(f"{url}/_sandbox/health", timeout=10).raise_for_status()
        answered = time.perf_counter()
        http.get(f"{url}/charges?limit=1", auth=(KEYS[1], ""), timeout=10).raise_for_status()
        before = time.perf_counter()
        http.post(f"{url}/_sandbox/reset", timeout=10).raise_for_status()
        after = time.perf_counter()
    testing.stop(process)
    return (answered - started) * MILLISECONDS, (after - before) * MILLISECONDS


def webhook_delay():
    """From the answer's arrival to the webhook's, both seen here."""
    arrived = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):  # the name that http.server asks for
            arrived.put(time.perf_counter())
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with contextlib.ExitStack() as stack:
        sandbox = Sandbox(stack, 0)
        address = f"http://127.0.0.1:{server.server_port}/"
        sandbox.world.control("POST", "settings", {"webhook_url": address})
        sandbox.pay()
        arrived.get(timeout=5)
        sandbox.pay()
        answered = time.perf_counter()
        took = arrived.get(timeout=5) - answered
    server.shutdown()
    server.server_close()
    return max(0.0, took * MILLISECONDS)
