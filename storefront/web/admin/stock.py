"""Stock levels."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import InvalidForm
from storefront.payments.i18n import gettext_noop as _
from storefront.web.admin.session import current_staff
from storefront.web.error_pages import error_page
from storefront.web.forms import get_text

bp = Blueprint("stock", __name__, url_prefix="/stock")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show how many of each product are left."""
    return _page()


@bp.post("/<sku>")
def update(sku: str) -> ResponseReturnValue:
    """Set how many of a product are left; an empty field means that it is not counted."""
    product = services().catalogue.product(sku)
    entered = get_text(request.form, "count")
    try:
        level = _level(sku, entered)
        services().inventory.set_level(sku, level)
    except InvalidForm as error:
        return _page(error.problems, entered), error_page(error).status
    detail = f"{product.name}: {'not counted' if level is None else level}"
    services().audit_log.record(current_staff().email, "set the stock", detail=detail)
    flash(f"Stock saved. {detail}", "success")
    return redirect(url_for(".index"), 303)


def _level(sku: str, entered: str) -> int | None:
    if not entered:
        return None
    if not (entered.isascii() and entered.isdecimal() and len(entered) < 8):
        raise InvalidForm({sku: _("Enter a whole number, or leave the field empty.")})
    return int(entered)


def _page(problems: dict[str, str] | None = None, entered: str = "") -> str:
    return render_template(
        "admin/stock.html",
        products=list(services().catalogue),
        left=services().inventory.available(),
        problems=problems or {},
        given=entered,
    )
