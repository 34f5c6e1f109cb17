"""Orders of a year, stored in a shop before it is measured."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from storefront.admin.models import AuditEntry
from storefront.ops.health import VERSION_TABLES
from storefront.payments.database import Database
from storefront.payments.tables import attempts, payments, transitions, webhook_events
from storefront.shop.models import Mail, Order, OrderLine

A_DAY = 274  #: orders; so 100,000 are those of a year
BATCH = 5_000
MUG = 39_000

#: Of a thousand orders of a large shop: how many have each status.
STATUSES = {
    "paid": 900,
    "payment_failed": 60,
    "expired": 20,
    "partially_refunded": 10,
    "refunded": 8,
    "confirming": 2,
}

#: In the order in which they refer to each other.
TABLES: dict[str, Any] = {
    "order": Order,
    "line": OrderLine,
    "payment": payments,
    "attempt": attempts,
    "transition": transitions,
    "event": webhook_events,
    "mail": Mail,
    "audit entry": AuditEntry,
}


def store(database_url, count, shares=STATUSES):
    """Create the tables of a shop and store `count` orders, with all rows that belong to them.

    Args:
        shares: how frequent each status is.
    """
    database = Database(database_url)
    database.migrate(*VERSION_TABLES)
    statuses = [status for status, share in shares.items() for _ in range(share)]
    now, numbers = datetime.now(UTC), iter(range(1, count + 1))
    with database.engine.begin() as connection:
        while batch := list(islice(numbers, BATCH)):
            orders = [
                rows(
                    i,
                    status=statuses[i * 7 % len(statuses)],
                    at=now - timedelta(days=(count - i) / A_DAY),
                    email=f"buyer{i % max(count // 5, 1)}@example.com",
                )
                for i in batch
            ]
            for name, table in TABLES.items():
                connection.execute(insert(table), [order[name] for order in orders])
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    database.dispose()


def rows(i, status, at, email):
    """The rows of order `i`, by the names of TABLES; the ids of the database count up with `i`."""
    number, charge = f"BENCH{i}", f"chrg_test_{i}"
    price = {"amount": MUG, "currency": "THB"}
    is_declined = status == "payment_failed"
    return {
        "order": {
            "number": number,
            "cart_key": f"bench-{i}",
            "email": email,
            "status": status,
            **price,
            "locale": "en",
            "stock_reserved": False,
            "created_at": at,
        },
        "line": {
            "order_id": i,
            "sku": "mug",
            "name": "Stoneware mug",
            "quantity": 1,
            **price,
            "reserved": False,
        },
        "payment": {
            "reference": number,
            **price,
            "livemode": False,
            "status": status,
            "email": email,
            "created_at": at,
            "paid_at": None if is_declined else at,
        },
        "attempt": {
            "payment_id": i,
            "key": f"bench{i}",
            "type": "charge",
            "method": "card",
            "status": "declined" if is_declined else "succeeded",
            **price,
            "token_digest": f"digest{i}",
            "charge_id": charge,
            "captured_amount": 0 if is_declined else MUG,
            "refunded_amount": 0,
            "disputed_amount": 0,
            "failure_code": "insufficient_fund" if is_declined else None,
            "created_at": at,
        },
        "transition": {
            "payment_id": i,
            "at": at,
            "old": "confirming",
            "new": status,
            "cause": charge,
        },
        "event": {
            "id": f"evnt_test_{i}",
            "key": "charge.complete",
            "charge_id": charge,
            "status": "applied",
            "received_at": at,
            "processed_at": at,
        },
        "mail": {
            "kind": "receipt",
            "order_number": number,
            "amount": 0,
            "message_id": f"<{i}@bench>",
            "recipient": email,
            "subject": f"Your receipt for order {number}",
            "sent_at": at,
        },
        "audit entry": {
            "at": at,
            "actor": "anong@example.com",
            "action": "refund",
            "order_number": number,
            "detail": "",
        },
    }
