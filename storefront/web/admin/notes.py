"""Notes of staff about an order; shoppers do not see them."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.payments.i18n import gettext_noop as _
from storefront.web.admin.order_page import render_order
from storefront.web.admin.session import current_staff
from storefront.web.forms import get_typed

bp = Blueprint("notes", __name__, url_prefix="/orders/<number>")

MAX_LENGTH = 1000


@bp.post("/notes")
def create(number: str) -> ResponseReturnValue:
    """Add a note to an order."""
    order = services().orders.get(number)
    note = get_typed("note")[:MAX_LENGTH]
    if not note:
        return render_order(order, {"note": _("Enter a note.")}), 422
    services().audit_log.add_note(current_staff().email, number, note)
    flash("Note added.", "success")
    return redirect(url_for("admin.orders.show", number=number), 303)
