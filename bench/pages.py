"""The processor time of pages that are asked for often, and of the start of a process."""

import contextlib
import io
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.goals import Goal, show
from bench.in_process import Account, InProcess, quiet
from bench.load import ROOT

ROUNDS, TURN = 12, 20
STARTS = 5
MILLISECONDS = 1000

#: What a process costs that has built the shop and shown a page: seconds of CPU, MB of memory.
START = """
import json, os, sys, time, psutil
sys.modules["rich"] = None  # of a development tool; structlog would load it
from storefront import create_app
from storefront.settings import Settings
settings = json.loads(sys.argv[1])
app = create_app(Settings.from_env(_env_file=None, **settings))
times, memory = os.times(), psutil.Process().memory_info().rss
print(json.dumps([times.user + times.system, memory / 1e6]))
"""

#: Page → the most milliseconds that it may take.
MOST = {"order status, polled": 0.9, "home": 4.0, "cart": 4.0, "order": 8.0, "checkout": 9.0}


def main():
    """Measure and print the rows."""
    with contextlib.ExitStack() as stack, quiet():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        account = Account(stack)
        shop = InProcess("shop", account.world, f"sqlite:///{folder / 'shop.db'}", folder)
        paths, cookie = browsed(shop, account)
        times = {name: [] for name in MOST}
        for _ in range(ROUNDS):
            for name in MOST:
                turn = (load(shop.app, paths[name], cookie) for _ in range(TURN))
                times[name].append(statistics.median(turn) * MILLISECONDS)
        shop.app.extensions["shop"].close()
    rows = [page_row(name, statistics.median(times[name][1:])) for name in MOST]
    return show(rows + started())


def page_row(name, milliseconds):
    """The row of a page."""
    measured = f"{milliseconds:.2f} ms"
    return Goal(f"CPU of a page: {name}", measured, "", milliseconds, MOST[name], unit=" ms")


def browsed(shop, account):
    """The addresses of the pages, and the session of a guest who ordered and shops again."""
    client = shop.app.test_client()
    page = client.get("/login").get_data(as_text=True)
    form = {"csrf_token": re.search(r'name="csrf-token" content="([^"]+)"', page)[1]}
    client.post("/cart", data={**form, "sku": "mug"})
    headers = {"X-CSRFToken": form["csrf_token"]}
    paid = client.post("/charge", json={"token": account.token()}, headers=headers)
    order = f"/orders/{paid.get_json()['order']}"
    for sku in ("mug", "vase"):
        client.post("/cart", data={**form, "sku": sku})
    cookies = client._cookies.values()
    paths = {"home": "/", "cart": "/cart", "checkout": "/checkout", "order": order}
    paths["order status, polled"] = f"{order}/status"
    return paths, "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies)


def load(app, path, cookie):
    """Load a page: the seconds of processor time."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000",
        "HTTP_HOST": "127.0.0.1:5000",
        "HTTP_COOKIE": cookie,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.multithread": True,
    }
    statuses = []
    began = time.thread_time()
    answer = app(environ, lambda status, headers, error=None: statuses.append(status))
    b"".join(answer)
    took = time.thread_time() - began
    assert statuses[0].startswith("200"), (path, statuses)
    return took


def started():
    """The rows of a process that starts."""
    settings = {"omise_public_key": "pkey_test_1", "omise_secret_key": "skey_test_1"}
    settings |= {"secret_key": "s" * 32, "database_url": "sqlite:///nothing.db"}
    command = [sys.executable, "-c", START, json.dumps(settings)]
    runs = [
        json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
        for _ in range(STARTS)
    ]
    seconds, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    return [
        Goal("CPU of the start of a process", f"{seconds:.2f} s", "", seconds, 1.7, unit=" s"),
        Goal("memory of a process", f"{memory:.0f} MB", "", memory, 92, unit=" MB"),
    ]
