"""Orders: the page of each, what became of its payment, and the way back from the bank."""

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import UnknownOrder
from storefront.payments.methods import METHODS
from storefront.payments.statuses import WAITING
from storefront.shop.order_history import timeline
from storefront.web.order_links import order_key_is_right
from storefront.web.responses import order_address
from storefront.web.session import cart, clear_paid_cart, get_own_order, grant_order_access, member

bp = Blueprint("orders", __name__, url_prefix="/orders")


@bp.get("")
def index() -> ResponseReturnValue:
    """The orders of a member, newest first."""
    who = member()
    return render_template(
        "orders/index.html", orders=services().ledger.orders_of(who.user_id or 0)
    )


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """The order; its status picks the template. With ?to=bank it sends the shopper on."""
    if key := request.args.get("key"):
        return _let_in(number, key)
    order = get_own_order(number)
    if order.status in WAITING:
        order = services().payments.refresh(order)
    clear_paid_cart(order)
    attempt = order.decisive_charge
    waiting = attempt if attempt and attempt.is_open else None
    bank_url = waiting.authorize_uri if waiting and not waiting.code_uri else None
    g.code_uri = waiting.code_uri if waiting else None
    return render_template(
        f"orders/{order.status}.html",
        order=order,
        payment=attempt,
        steps=timeline(order),
        bank_url=bank_url,
        code_uri=g.code_uri,
        method=attempt and METHODS.get(attempt.method),
        cart=cart(),
        go_to_bank=bool(bank_url) and request.args.get("to") == "bank",
    )


def _let_in(number: str, key: str) -> ResponseReturnValue:
    """Open an order to whoever holds its link, and take the key out of the address."""
    if not order_key_is_right(number, key):
        raise UnknownOrder(number)
    grant_order_access(services().ledger.order(number).number)
    return redirect(url_for(".show", number=number), 303)


@bp.post("/<number>/give-up")
def give_up(number: str) -> ResponseReturnValue:
    """Close a payment that waits for the shopper, so that they can pay in another way."""
    order = services().payments.give_up(get_own_order(number))
    address = url_for("checkout.show") if order.is_payable else order_address(order)
    return redirect(address, 303)


@bp.get("/<number>/status")
def status(number: str) -> ResponseReturnValue:
    """How the order stands, for a page that watches it; asks Omise when it is time to."""
    order = services().payments.refresh(get_own_order(number))
    return jsonify({"status": order.status, "final": order.status not in WAITING})


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
    order = services().payments.come_back(services().ledger.order(number))
    grant_order_access(order.number)
    clear_paid_cart(order)
    return redirect(url_for(".show", number=order.number), 303)
