"""Orders: search, and the page of one order."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from storefront.admin.queries import OrderSearch
from storefront.container import services
from storefront.payments.statuses import PaymentStatus
from storefront.web.admin.order_page import render_order
from storefront.web.admin.query_args import before_id, day_arg
from storefront.web.forms import get_text

bp = Blueprint("orders", __name__, url_prefix="/orders")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the orders that match the search, newest first."""
    status = request.args.get("status", "")
    search = OrderSearch(
        status=PaymentStatus(status) if status in list(PaymentStatus) else None,
        query=get_text(request.args, "q"),
        since=day_arg("since"),
        until=day_arg("until"),
        before=before_id(),
    )
    page = services().admin_queries.orders(search)
    return render_template(
        "admin/orders.html", page=page, search=search, statuses=list(PaymentStatus)
    )


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show one order, its history, and the operations that are possible."""
    return render_order(services().orders.get(number))
