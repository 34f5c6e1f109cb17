"""Orders: search, export, and the page of one order."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from storefront.admin.order_list import csv_lines
from storefront.admin.queries import MAX_COUNTED, OrderSearch
from storefront.container import services
from storefront.payments.statuses import PaymentStatus
from storefront.web.admin.order_page import render_order
from storefront.web.admin.query_args import before_id, day_arg
from storefront.web.forms import get_text

bp = Blueprint("orders", __name__, url_prefix="/orders")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the orders that match the search, newest first."""
    search = _search()
    return render_template(
        "admin/orders.html",
        page=services().admin_queries.orders(search),
        count=services().admin_queries.count_orders(search),
        most=MAX_COUNTED,
        search=search,
        filters={
            "q": search.query,
            "status": search.status or "",
            "since": search.since or "",
            "until": search.until or "",
        },
        statuses=list(PaymentStatus),
    )


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    """The orders that match the search as a CSV file."""
    lines = csv_lines(services().admin_queries.all_orders(_search()))
    headers = {"Content-Disposition": "attachment; filename=orders.csv"}
    return Response("".join(lines), mimetype="text/csv", headers=headers)


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show one order, its history, and the operations that are possible."""
    return render_order(services().orders.get(number))


def _search() -> OrderSearch:
    status = request.args.get("status", "")
    return OrderSearch(
        status=PaymentStatus(status) if status in list(PaymentStatus) else None,
        query=get_text(request.args, "q"),
        since=day_arg("since"),
        until=day_arg("until"),
        before=before_id(),
    )
