"""Latency, memory and start of the sandbox, with a database on disk."""

import contextlib
import queue
import shutil
import statistics
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import requests

from bench.targets import KEYS, Sandbox
from omise_sandbox import testing
from omise_sandbox.testing.world import World

ROUNDS = 9
MILLISECONDS, MEGABYTE = 1000, 2**20


def main():
    """Measure and print the table; returns the missed targets."""
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
