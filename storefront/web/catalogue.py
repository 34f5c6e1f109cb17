"""The catalogue: all products, and the page of each."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from storefront.container import services

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
    found = services().catalogue.product(sku)
    left = services().stock_levels.current(max_age=0).get(sku)
    return render_template("catalogue/product.html", product=found, left=left)
