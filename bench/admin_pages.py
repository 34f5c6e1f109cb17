"""Times of the admin pages with 100,000 orders, compared with 1,000.

Measures the time from a request to its response within the process, in turns. A page of 25 rows
takes longer to render than an almost empty one; so the ratio is to a shop whose lists just fill a
page.
"""

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.stored_orders import A_DAY, STATUSES, store
from storefront import create_app
from storefront.settings import Settings
from tests.support.postgresql import Postgresql

ROUNDS = 25
EMPTY, FULL, MANY = 10, 1_000, 100_000

MOST_MS = 100
MOST_RATIO = 1.5

STAFF, PASSWORD = "bench@example.com", "a password for the bench"


def pages(count):
    """Every admin page of a shop with `count` orders: its name and address."""
    middle = count // 2
    past = datetime.now(UTC) - timedelta(days=middle / A_DAY)
    day = past.date().isoformat()
    return {
        "the day": "/admin",
        "a day of the past": f"/admin?day={day}",
        "orders": "/admin/orders",
        "orders, from the middle": f"/admin/orders?before={middle}",
        "orders that are paid": "/admin/orders?status=paid",
        "orders that failed": "/admin/orders?status=payment_failed",
        "orders in a rare status": "/admin/orders?status=confirming",
        "orders in no status": "/admin/orders?status=cancelled",
        "orders of a day": f"/admin/orders?since={day}&until={day}",
        "orders until a day": f"/admin/orders?until={day}",
        "orders until a day that failed": f"/admin/orders?status=payment_failed&until={day}",
        "orders of a buyer": "/admin/orders?q=buyer1@example.com",
        "an order by its number": f"/admin/orders?q=BENCH{middle}",
        "an order by its charge": f"/admin/orders?q=chrg_test_{middle}",
        "an order": f"/admin/orders/BENCH{middle}",
        "webhooks": "/admin/events",
        "webhooks, from the middle": f"/admin/events?before=evnt_test_{middle}",
        "stock": "/admin/stock",
        "mails": "/admin/mails",
        "mails, from the middle": f"/admin/mails?before={middle}",
        "a mail": f"/admin/mails/{middle}",
        "audit log": "/admin/audit",
        "audit log, from the middle": f"/admin/audit?before={middle}",
        "reconcile": "/admin/reconcile",
    }


class Admin:
    """The admin of a shop with `count` orders, with a member of staff logged in."""

    def __init__(self, database_url, count):
        store(database_url, count, STATUSES if count == MANY else dict.fromkeys(STATUSES, 1))
        self.app = create_app(
            Settings.from_env(
                _env_file=None,
                omise_public_key="pkey_test_bench",
                omise_secret_key="skey_test_bench",
                secret_key="s" * 32,
                database_url=database_url,
            )
        )
        self.app.extensions["shop"].staff_accounts.create_or_reset(STAFF, PASSWORD)
        self.client = self.app.test_client()
        self._log_in()
        self.pages = pages(count)
        self.times = {name: [] for name in self.pages}

    def _log_in(self):
        page = self.client.get("/admin/login").get_data(as_text=True)
        csrf = page.split('name="csrf-token" content="')[1].split('"')[0]
        form = {"csrf_token": csrf, "email": STAFF, "password": PASSWORD}
        assert self.client.post("/admin/login", data=form).status_code == 303

    def load(self, name):
        """Load a page and record the milliseconds."""
        began = time.perf_counter()
        answer = self.client.get(self.pages[name])
        self.times[name].append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (name, answer.status_code)

    def time_of(self, name):
        """Milliseconds of a page, without the first load, which warms it up.

        The lower quartile: other work of the machine only adds to it.
        """
        return statistics.quantiles(self.times[name][1:], n=4)[0]

    def close(self):
        """Close the database."""
        self.app.extensions["shop"].close()


def main():
    """Measure and print the table; returns the missed targets."""
    print(
        "Admin pages: milliseconds of server time, lower quartiles of "
        f"{ROUNDS} rounds, by number of orders, {A_DAY} a day.\n"
    )
    sizes = (EMPTY, FULL, MANY)
    print(f"| page | database | {' | '.join(f'{size:,}' for size in sizes)} | ratio |")
    print(f"|---{'|---' * (len(sizes) + 2)}|")
    with tempfile.TemporaryDirectory(prefix="bench") as folder, Postgresql(Path(folder)) as server:
        files = [f"sqlite:///{Path(folder) / f'{size}.db'}" for size in sizes]
        missed = measure("SQLite", [Admin(*shop) for shop in zip(files, sizes, strict=True)])
        admins = [Admin(server.new(), size) for size in sizes]
        return missed + measure("PostgreSQL", admins)


def measure(kind, admins):
    """Load each page in turns and print its row."""
    missed = []
    for name in admins[0].pages:
        for number in range(ROUNDS + 1):
            for admin in admins if number % 2 else reversed(admins):
                admin.load(name)
        missed += row(name, kind, [admin.time_of(name) for admin in admins])
    for admin in admins:
        admin.close()
    return missed


def row(name, kind, times):
    """Print a row of the table; returns what was missed."""
    *_, full, many = times
    ratio = many / full
    shown = " | ".join(f"{time:.1f}" for time in times)
    print(f"| {name} | {kind} | {shown} | {ratio:.2f} |", flush=True)
    is_quick = many < MOST_MS and ratio <= MOST_RATIO
    return [] if is_quick else [f"{name}, {kind}: {many:.0f} ms, {ratio:.2f} times as long"]
