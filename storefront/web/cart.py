"""The cart."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storefront.container import services
from storefront.web import session
from storefront.web.catalogue import SUGGESTIONS
from storefront.web.checkout_check import short_of
from storefront.web.cookie_check import check_cookies, redirect_with_cookie
from storefront.web.forms import get_quantity, get_text
from storefront.web.payment_cart import bring_back_unpaid_cart

bp = Blueprint("cart", __name__, url_prefix="/cart")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show the cart."""
    if shown_without_mark := check_cookies():
        return shown_without_mark
    bring_back_unpaid_cart()
    cart = session.cart()
    available = services().inventory.available(cart.key)
    return render_template(
        "cart/show.html",
        cart=cart,
        left=available,
        is_short=bool(short_of(cart, available)),
        others=[*services().catalogue][:SUGGESTIONS] if cart.is_empty else [],
    )


@bp.post("")
def add() -> ResponseReturnValue:
    """Add a product to the cart."""
    cart = session.cart()
    cart.add(get_text(request.form, "sku"), get_quantity(request.form, default="1"))
    session.save_cart(cart)
    flash(gettext("Added to your cart."))
    return redirect_with_cookie("cart.show")


@bp.post("/<sku>")
def update(sku: str) -> ResponseReturnValue:
    """Set the quantity of a product in the cart; 0 removes it."""
    cart = session.cart()
    cart.change(sku, get_quantity(request.form))
    session.save_cart(cart)
    return redirect(url_for(".show"), 303)
