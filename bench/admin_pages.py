"""How quick the back office stays: each of its pages with 100,000 orders, against fewer.

What is measured is the time from a request to its answer within the process, in turns. A page of
25 rows takes longer to write than an almost empty one, however quickly they are found; so what
counts is the ratio to a shop of which every list just fills a page.
"""

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from sqlalchemy import text

from storefront import create_app
from storefront.payments.database import Database
from storefront.settings import Settings
from tests.support.postgresql import Postgresql

ROUNDS = 25
EMPTY, FULL, MANY = 10, 1_000, 100_000
A_DAY = 274  #: orders; so 100,000 are those of a year

MOST_MS = 100
MOST_RATIO = 1.5

STAFF, PASSWORD = "bench@example.com", "a password for the bench"

#: Of a thousand orders of the large shop: how many stand so. In the others all are as frequent.
STATUSES = {
    "paid": 900,
    "payment_failed": 60,
    "expired": 20,
    "partially_refunded": 10,
    "refunded": 8,
    "confirming": 2,
}

#: Each statement makes the rows of one table from those of `numbers` (i, n of all, at, status).
ROWS = [
    """
    INSERT INTO orders (id, number, cart_key, email, status, amount, currency, livemode, locale,
                        holds_stock, created_at, paid_at)
    SELECT i, 'BENCH' || i, 'bench-' || i, 'buyer' || (i % :people) || '@example.com', status,
           39000, 'THB', false, 'en', false, at, at FROM numbers""",
    """
    INSERT INTO order_lines (order_id, sku, name, quantity, amount, currency, held)
    SELECT id, 'mug', 'Stoneware mug', 1, 39000, 'THB', false FROM orders""",
    """
    INSERT INTO attempts (key, order_id, kind, method, state, amount, currency, token_digest,
                          charge_id, captured_amount, refunded_amount, failure_code, created_at)
    SELECT 'bench' || id, id, 'charge', 'card',
           CASE WHEN status = 'payment_failed' THEN 'declined' ELSE 'succeeded' END,
           39000, 'THB', 'digest' || id, 'chrg_test_' || id, 39000, 0,
           CASE WHEN status = 'payment_failed' THEN 'insufficient_fund' END, created_at
    FROM orders""",
    """
    INSERT INTO order_moves (order_id, at, old, new, cause)
    SELECT id, created_at, 'awaiting_payment', 'confirming', '' FROM orders
    UNION ALL SELECT id, created_at, 'confirming', status, 'chrg_test_' || id FROM orders""",
    """
    INSERT INTO webhook_events (id, key, charge_id, state, received_at, handled_at)
    SELECT 'evnt_test_' || id, 'charge.complete', 'chrg_test_' || id, 'applied', created_at,
           created_at FROM orders""",
    """
    INSERT INTO mails (key, order_number, recipient, subject, sent_at)
    SELECT 'paid:' || number, number, email, 'Your receipt for order ' || number, created_at
    FROM orders""",
    """
    INSERT INTO audit_entries (at, actor, action, order_number, detail)
    SELECT created_at, 'anong@example.com', 'refund', number, '' FROM orders""",
]

NUMBERS = {
    "sqlite": """
        CREATE TEMP TABLE numbers AS
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
        SELECT i, {status} AS status,
               strftime('%Y-%m-%d %H:%M:%f000',
                        julianday(:now) - (:count - i) / {a_day}) AS at FROM n""",
    "postgresql": """
        CREATE TEMP TABLE numbers AS
        SELECT i, {status} AS status,
               CAST(:now AS timestamptz) - (:count - i) / {a_day} * interval '1 day' AS at
        FROM generate_series(1, :count) AS i""",
}


def pages(count):
    """Every page that staff look at, of a shop with so many orders: what it shows, and where."""
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


def fill(database_url, count):
    """Store orders of a year, with everything that belongs to them."""
    database = Database(database_url)
    database.migrate()
    kind = database.engine.dialect.name
    numbers = NUMBERS[kind].format(status=status_of(count), a_day=f"{A_DAY}.0")
    known = {"count": count, "now": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")}
    with database.write_session() as session:
        session.execute(text(numbers), known)
        for rows in ROWS:
            session.execute(text(rows), {"people": max(count // 5, 1)} if ":people" in rows else {})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as now:
        now.execute(text("ANALYZE"))
    database.dispose()


def status_of(count):
    """How order number i stands, as SQL."""
    shares = STATUSES if count == MANY else dict.fromkeys(STATUSES, 1)
    upto = list(accumulate(shares.values()))
    place = f"i * 7 % {upto[-1]}"
    cases = [
        f"WHEN {place} < {end} THEN '{status}'" for status, end in zip(shares, upto, strict=True)
    ]
    return f"CASE {' '.join(cases)} END"


class Office:
    """A back office over so many orders, with somebody of the staff in it."""

    def __init__(self, database_url, count):
        fill(database_url, count)
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

    def look(self, name):
        """Look at a page, and note how many milliseconds it took."""
        began = time.perf_counter()
        answer = self.client.get(self.pages[name])
        self.times[name].append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (name, answer.status_code)

    def time_of(self, name):
        """Milliseconds that a page takes; the first look only warms it up.

        The lower quartile: whatever else the machine does only ever adds to it.
        """
        return statistics.quantiles(self.times[name][1:], n=4)[0]

    def close(self):
        """Let go of the database."""
        self.app.extensions["shop"].close()


def main():
    """Measure, print the table, and give the targets that were missed."""
    print(
        "Pages of the back office: milliseconds of server time, lower quartiles of "
        f"{ROUNDS} rounds, by how many orders there are, {A_DAY} a day.\n"
    )
    sizes = (EMPTY, FULL, MANY)
    print(f"| page | database | {' | '.join(f'{size:,}' for size in sizes)} | ratio |")
    print(f"|---{'|---' * (len(sizes) + 2)}|")
    with tempfile.TemporaryDirectory(prefix="bench") as folder, Postgresql(Path(folder)) as server:
        files = [f"sqlite:///{Path(folder) / f'{size}.db'}" for size in sizes]
        missed = measure("SQLite", [Office(*shop) for shop in zip(files, sizes, strict=True)])
        offices = [Office(server.new(), size) for size in sizes]
        return missed + measure("PostgreSQL", offices)


def measure(kind, offices):
    """Let the shops take turns, page by page, and print a row for each."""
    missed = []
    for name in offices[0].pages:
        for number in range(ROUNDS + 1):
            for office in offices if number % 2 else reversed(offices):
                office.look(name)
        missed += row(name, kind, [office.time_of(name) for office in offices])
    for office in offices:
        office.close()
    return missed


def row(name, kind, times):
    """A row of the table; with it what was missed."""
    *_, full, many = times
    ratio = many / full
    shown = " | ".join(f"{time:.1f}" for time in times)
    print(f"| {name} | {kind} | {shown} | {ratio:.2f} |", flush=True)
    is_quick = many < MOST_MS and ratio <= MOST_RATIO
    return [] if is_quick else [f"{name}, {kind}: {many:.0f} ms, {ratio:.2f} times as long"]
