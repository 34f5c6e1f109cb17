"""Renders the page of one order: its history, and the forms of the possible operations."""

from typing import NamedTuple

from flask import render_template, request

from storefront.container import services
from storefront.models import Order
from storefront.payments.statuses import AttemptKind


class Operation(NamedTuple):
    """An operation that staff can carry out on the money of an order."""

    kind: AttemptKind
    verb: str
    #: Completes "฿390.00 will be …".
    outcome: str


OPERATIONS = {
    "capture": Operation(AttemptKind.CAPTURE, "Capture", "captured from"),
    "void": Operation(AttemptKind.VOID, "Void", "released to"),
    "refund": Operation(AttemptKind.REFUND, "Refund", "refunded to"),
}


def render_order(order: Order, problems: dict[str, str] | None = None) -> str:
    """The page of an order, with the problem of an operation that was rejected."""
    return render_template(
        "admin/order.html",
        order=order,
        payment=order.decisive_charge,
        history=services().admin_queries.order_history(order),
        possible=[name for name, operation in OPERATIONS.items() if order.allows(operation.kind)],
        problems=problems or {},
        given=request.form,
        now=services().now(),
    )
