"""Orders: the page of each, what became of its payment, and the way back from the bank."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.errors import UnknownOrder
from storefront.orders import OrderStatus
from storefront.timeline import timeline

from . import shop
from .links import order_key_is_right
from .session import done_with_cart, member, own_order, remember_order

bp = Blueprint("orders", __name__, url_prefix="/orders")

#: Statuses that a waiting page goes on watching.
WATCHED = frozenset({OrderStatus.AWAITING_PAYMENT, OrderStatus.CONFIRMING})


@bp.get("")
def index() -> ResponseReturnValue:
    """The orders of a member, newest first."""
    who = member()
    return render_template("orders/index.html", orders=shop().ledger.orders_of(who.user_id or 0))


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """The order; its status picks the template. With ?to=bank it sends the shopper on."""
    order = own_order(number)
    if order.status in WATCHED:
        order = shop().payments.refresh(order)
    done_with_cart(order)
    attempt = order.newest_charge
    bank_url = attempt.authorize_uri if attempt and attempt.is_open else None
    return render_template(
        f"orders/{order.status}.html",
        order=order,
        payment=attempt,
        steps=timeline(order),
        bank_url=bank_url,
        go_to_bank=bool(bank_url) and request.args.get("to") == "bank",
    )


@bp.get("/<number>/status")
def status(number: str) -> ResponseReturnValue:
    """How the order stands, for a page that watches it; asks Omise when it is time to."""
    order = shop().payments.refresh(own_order(number))
    return jsonify({"status": order.status, "final": order.status not in WATCHED})


@bp.route("/<number>/return", methods=["GET", "POST"])
def come_back(number: str) -> ResponseReturnValue:
    """The way back from the bank. The key in the address lets in a browser that lost its session.

    A bank that returns by POST comes without our cookie, so it is sent here again by GET.
    """
    key = request.args.get("key", "")
    if not order_key_is_right(number, key):
        raise UnknownOrder(number)
    if request.method == "POST":
        return redirect(url_for(".come_back", number=number, key=key), 303)
    order = shop().payments.come_back(shop().ledger.order(number))
    remember_order(order.number)
    done_with_cart(order)
    return redirect(url_for(".show", number=order.number), 303)
