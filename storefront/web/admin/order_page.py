"""Renders the page of one order: its history, and the forms of the possible operations."""

from typing import NamedTuple

from flask import render_template, request

from storefront.container import services
from storefront.payments.merchant_advice import forbids_retry
from storefront.payments.money import Money
from storefront.payments.operations import new_idempotency_key
from storefront.payments.statuses import OperationType
from storefront.shop.models import Order
from storefront.shop.shipments import PAID

OMISE_DASHBOARD_URL = "https://dashboard.omise.co"


class Operation(NamedTuple):
    """An operation that staff can carry out on the money of an order."""

    type: OperationType
    verb: str
    #: Completes "฿390.00 will be …".
    outcome: str


OPERATIONS = {
    "capture": Operation(OperationType.CAPTURE, "Capture", "captured from"),
    "void": Operation(OperationType.VOID, "Void", "released to"),
    "refund": Operation(OperationType.REFUND, "Refund", "refunded to"),
}


def charge_url(charge_id: str) -> str:
    """A charge in Omise's dashboard, or the inspector of the API that takes Omise's place."""
    settings = services().settings
    if settings.inspector_url:
        return f"{settings.inspector_url}#payments/{charge_id}"
    mode = "test" if charge_id.startswith("chrg_test_") else "live"
    return f"{OMISE_DASHBOARD_URL}/{mode}/charges/{charge_id}"


def render_order(order: Order, problems: dict[str, str] | None = None) -> str:
    """The page of an order, with the problem of an operation that was rejected."""
    payment = services().engine.repository.get(order.number)
    overdue = services().admin_queries.overdue_charges(services().now(), order.number)
    return render_template(
        "admin/order.html",
        order=order,
        payment=payment,
        history=services().admin_queries.order_history(order, payment),
        card_is_refused=forbids_retry(payment.current_attempt),
        disputes=services().engine.disputes.of(order.number),
        possible=[name for name, operation in OPERATIONS.items() if payment.can(operation.type)],
        problems=problems or {},
        given=request.form,
        overdue=overdue,
        shipment=services().shipments.find(order.number),
        notes=services().audit_log.notes(order.number),
        receipt_is_sent=services().receipts.is_sent(order.number),
        can_ship=payment.status in PAID or payment.can(OperationType.CAPTURE),
        shipping_key=new_idempotency_key(),
        now=services().now(),
        Money=Money,
    )
