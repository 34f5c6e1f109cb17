"""Orders: list, page, status, and cancellation of a pending payment."""

from math import ceil

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storefront.container import services
from storefront.errors import UnknownOrder
from storefront.fraud.velocity_limits import MAIL_LINK
from storefront.payments.methods import METHODS
from storefront.payments.models import Payment
from storefront.payments.money import Money
from storefront.payments.statuses import IN_PROGRESS
from storefront.web.forms import get_text
from storefront.web.order_links import KeyState, key_state
from storefront.web.payment_cart import follow_payment
from storefront.web.responses import order_address
from storefront.web.session import (
    cart,
    check_own_order,
    get_own_order,
    grant_order_access,
    member,
    shopper,
)

#: The status of a link that has expired.
EXPIRED_STATUS = 410

bp = Blueprint("orders", __name__, url_prefix="/orders")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the orders of the member, newest first."""
    orders = services().orders.of_member(member())
    return render_template("orders/index.html", orders=orders)


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show the order with the template of its status; with ?to=bank redirect to the bank."""
    if key := request.args.get("key"):
        return _grant_access(number, key)
    order = get_own_order(number)
    payment = _current_payment(number)
    if order.cart_key:
        follow_payment(order.cart_key, payment)
    attempt = payment.unresolved_payment
    bank_url = attempt.authorize_uri if attempt and not attempt.qr_uri else None
    g.qr_uri = payment.qr_uri
    return render_template(
        f"orders/{payment.status}.html",
        order=order,
        payment=payment,
        refunded=Money(payment.refunded_amount, order.currency),
        shipment=services().shipments.find(number) if payment.is_settled else None,
        bank_url=bank_url,
        qr_uri=payment.qr_uri,
        method=METHODS.get(payment.method),
        cart=cart(),
        longest_wait=_longest_wait(payment),
        go_to_bank=bool(bank_url) and request.args.get("to") == "bank",
    )


def _longest_wait(payment: Payment) -> int | None:
    """In how many minutes at most a lost result is known; None when nothing was lost."""
    attempt = payment.unresolved_payment
    if attempt is None or attempt.charge_id:
        return None
    return ceil(services().engine.settled_after.total_seconds() / 60)


def _current_payment(number: str) -> Payment:
    """The payment of an order; its charge is read from Omise while the result is unknown.

    Raises:
        UnknownOrder: if there is no payment.
    """
    payment = services().engine.resolver.payment(number)
    if payment is None:
        raise UnknownOrder(number)
    return payment


def _grant_access(number: str, key: str) -> ResponseReturnValue:
    """Open an order by its signed link, and remove the key from the URL."""
    state = key_state(number, key)
    if state == KeyState.FORGED:
        raise UnknownOrder(number)
    if state == KeyState.EXPIRED:
        page = render_template("orders/link_expired.html", number=number, key=key)
        return page, EXPIRED_STATUS
    grant_order_access(services().orders.get(number).number)
    return redirect(url_for(".show", number=number), 303)


@bp.post("/<number>/link")
def send_link(number: str) -> ResponseReturnValue:
    """Mail a new link to the address of the order, for who has an old one."""
    if key_state(number, get_text(request.form, "key")) == KeyState.FORGED:
        raise UnknownOrder(number)
    order = services().orders.get(number)
    with services().velocity.limit(MAIL_LINK, shopper().payer_identifiers(order.email)):
        services().order_link_mails.request(number)
    flash(gettext("We have sent a new link to the email address of the order."))
    return redirect(url_for("catalogue.index"), 303)


@bp.post("/<number>/cancel-payment")
def cancel_payment(number: str) -> ResponseReturnValue:
    """Cancel a pending payment, so that the shopper can pay another way."""
    payment = services().engine.resolver.cancel_pending(get_own_order(number).number)
    address = url_for("checkout.show") if payment.is_payable else order_address(payment)
    return redirect(address, 303)


@bp.get("/<number>/status")
def status(number: str) -> ResponseReturnValue:
    """The status of the order, for a page that polls it."""
    check_own_order(number)
    payment = _current_payment(number)
    return jsonify({"status": payment.status, "final": payment.status not in IN_PROGRESS})
