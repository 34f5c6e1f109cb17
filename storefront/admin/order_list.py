"""The list of orders with what was bought and how it was paid, as rows and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from storefront.payments import tables
from storefront.payments.statuses import FUNDED, OperationType
from storefront.shop.addresses import Address
from storefront.shop.models import Order, OrderLine, Shipment

_ATTEMPTS, _PAYMENTS = tables.attempts.c, tables.payments.c

#: The parts of the delivery address.
ADDRESS_COLUMNS = tuple(Address.model_fields)

#: The header of the CSV.
CSV_HEADER = (
    "order",
    "placed",
    "status",
    "fulfilment",
    "email",
    "items",
    "method",
    "card",
    "total",
    "currency",
    *ADDRESS_COLUMNS,
)

#: What a spreadsheet would take for a formula begins so.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order of the list."""

    order: Order
    #: Names and quantities.
    items: str
    method: str
    #: Such as "Visa •••• 4242"; empty for other methods.
    card: str
    #: "Packed", "Shipped" or empty.
    fulfilment: str


def order_rows(session: Session, orders: list[Order]) -> list[OrderRow]:
    """The rows of some orders, in the same order."""
    items: dict[int, list[str]] = {order.id: [] for order in orders}
    lines = select(OrderLine).where(OrderLine.order_id.in_(items)).order_by(OrderLine.id)
    for line in session.scalars(lines):
        items[line.order_id].append(f"{line.name} \N{MULTIPLICATION SIGN} {line.quantity}")
    numbers = [order.number for order in orders]
    paid_by, shipments = _payment_methods(session, numbers), _shipments(session, numbers)
    return [
        OrderRow(
            order,
            ", ".join(items[order.id]),
            *paid_by.get(order.number, ("", "")),
            fulfilment=shipments.get(order.number, ""),
        )
        for order in orders
    ]


def _shipments(session: Session, numbers: list[str]) -> dict[str, str]:
    """How far the fulfilment of each order is."""
    found = select(Shipment).where(Shipment.order_number.in_(numbers))
    return {
        row.order_number: "Shipped" if row.shipped_at else "Packed"
        for row in session.scalars(found)
    }


def _payment_methods(session: Session, numbers: list[str]) -> dict[str, tuple[str, str]]:
    """The method and the card of the attempt that funded each order, else of the latest."""
    charges = (
        select(
            _PAYMENTS.reference,
            _ATTEMPTS.method,
            _ATTEMPTS.card_brand,
            _ATTEMPTS.card_last_digits,
            _ATTEMPTS.status,
        )
        .join(tables.attempts, _ATTEMPTS.payment_id == _PAYMENTS.id)
        .where(_PAYMENTS.reference.in_(numbers), _ATTEMPTS.type == OperationType.CHARGE)
        .order_by(_ATTEMPTS.id)
    )
    rows = sorted(session.execute(charges), key=lambda row: row.status in FUNDED)
    return {
        row.reference: (
            row.method,
            f"{row.card_brand} •••• {row.card_last_digits}" if row.card_brand else "",
        )
        for row in rows
    }


def csv_lines(rows: Iterable[OrderRow]) -> Iterator[str]:
    """The lines of a CSV file, for a spreadsheet; times are in UTC."""
    yield _csv_line(CSV_HEADER)
    for row in rows:
        order = row.order
        yield _csv_line(
            (
                order.number,
                order.created_at.isoformat(timespec="seconds"),
                order.status,
                row.fulfilment,
                order.email or "",
                row.items,
                row.method,
                row.card,
                order.total.plain,
                order.currency,
                *_address(order),
            )
        )


def _address(order: Order) -> list[str]:
    address = order.address
    return [getattr(address, name) if address else "" for name in ADDRESS_COLUMNS]


def _csv_line(values: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(_without_formula(value) for value in values)
    return line.getvalue()


def _without_formula(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
