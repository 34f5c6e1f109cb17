"""The shelf and the cart."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.web.forms import quantity, text
from storefront.web.session import cart as shopper_cart
from storefront.web.session import save_cart

bp = Blueprint("shop", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Everything there is to buy."""
    return render_template("shop/index.html", products=list(services().catalogue))


@bp.get("/products/<sku>")
def product(sku: str) -> ResponseReturnValue:
    """One product."""
    found = services().catalogue.product(sku)
    return render_template(
        "shop/product.html", product=found, left=services().inventory.available().get(sku)
    )


@bp.get("/cart")
def cart() -> ResponseReturnValue:
    """What the shopper means to buy."""
    basket = shopper_cart()
    left = services().inventory.available(services().orders.find_by_cart(basket.key))
    return render_template("shop/cart.html", cart=basket, left=left)


@bp.post("/cart")
def add_to_cart() -> ResponseReturnValue:
    """Put something in the cart."""
    basket = shopper_cart()
    basket.add(text(request.form, "sku"), quantity(request.form, otherwise="1"))
    save_cart(basket)
    return redirect(url_for(".cart"), 303)


@bp.post("/cart/<sku>")
def change_cart(sku: str) -> ResponseReturnValue:
    """Change how many of something are in the cart; none removes it."""
    basket = shopper_cart()
    basket.change(sku, quantity(request.form))
    save_cart(basket)
    return redirect(url_for(".cart"), 303)
