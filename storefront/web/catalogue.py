"""The catalogue: all products, and the page of each."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from storefront.container import services

#: How many other products the page of a product shows, and the empty cart.
SUGGESTIONS = 4

bp = Blueprint("catalogue", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the products."""
    return render_template(
        "catalogue/index.html",
        products=list(services().catalogue),
        left=services().stock_levels.current(),
    )


@bp.get("/products/<sku>")
def product(sku: str) -> ResponseReturnValue:
    """Show one product."""
    catalogue = services().catalogue
    return render_template(
        "catalogue/product.html",
        product=catalogue.product(sku),
        others=catalogue.following(sku, SUGGESTIONS),
        left=services().stock_levels.current(max_age=0),
    )
