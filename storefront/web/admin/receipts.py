"""Sending the receipt of an order again."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.web.admin.session import current_staff

bp = Blueprint("receipts", __name__, url_prefix="/orders/<number>")


@bp.post("/receipt")
def resend(number: str) -> ResponseReturnValue:
    """Have the worker send the receipt once more."""
    order = services().orders.get(number)
    if services().receipts.resend(number):
        detail = f"receipt to {order.email}"
        services().audit_log.record(
            current_staff().email, "send again", order_number=number, detail=detail
        )
        flash(f"The receipt is on its way to {order.email}.", "success")
    else:
        flash("No receipt was sent for this order yet.", "warning")
    return redirect(url_for("admin.orders.show", number=number), 303)
