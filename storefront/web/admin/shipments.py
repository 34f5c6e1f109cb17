"""Packing and shipping an order."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import InvalidForm
from storefront.payments.errors import PaymentError
from storefront.payments.i18n import gettext_noop as _
from storefront.web.admin.order_page import render_order
from storefront.web.admin.session import current_staff
from storefront.web.error_pages import error_message, error_page
from storefront.web.forms import get_text

bp = Blueprint("shipments", __name__, url_prefix="/orders/<number>")


@bp.post("/pack")
def pack(number: str) -> ResponseReturnValue:
    """Record that an order is packed."""
    order = services().orders.get(number)
    try:
        services().audit_log.record(current_staff().email, "pack", order_number=number)
        services().shipments.pack(number)
    except PaymentError as error:
        return render_order(order, {"pack": error_message(error)}), error_page(error).status
    flash("Order packed.", "success")
    return redirect(url_for("admin.orders.show", number=number), 303)


@bp.post("/ship")
def create(number: str) -> ResponseReturnValue:
    """Ship an order: captures what is authorized, and mails the shopper."""
    order = services().orders.get(number)
    tracking_number = get_text(request.form, "tracking_number")[:100]
    key = get_text(request.form, "idempotency_key")[:64]
    try:
        if not key:
            raise InvalidForm({"idempotency_key": _("Go back to the order and try again.")})
        services().audit_log.record(
            current_staff().email, "ship", order_number=number, detail=tracking_number
        )
        services().shipments.ship(number, tracking_number, idempotency_key=key)
    except (InvalidForm, PaymentError) as error:
        return render_order(order, {"ship": error_message(error)}), error_page(error).status
    flash("Order shipped.", "success")
    return redirect(url_for("admin.orders.show", number=number), 303)
