"""Stock levels."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.admin.attention import LOW_STOCK
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


@bp.post("")
def update() -> ResponseReturnValue:
    """Set the levels that were changed; an empty field means that a product is not counted."""
    try:
        shown, entered = _levels("shown"), _levels("count")
        changed = {sku: level for sku, level in entered.items() if level != shown.get(sku)}
        services().inventory.set_levels(changed, shown=shown)
    except InvalidForm as error:
        return _page(error.problems), error_page(error).status
    for sku, level in changed.items():
        detail = f"{_name(sku)}: {'not counted' if level is None else level}"
        services().audit_log.record(current_staff().email, "set the stock", detail=detail)
    saved = ", ".join(map(_name, changed))
    flash(f"Stock saved: {saved}." if changed else "No level was changed.", "success")
    return redirect(url_for(".index"), 303)


def _levels(prefix: str) -> dict[str, int | None]:
    """The levels in the fields of a prefix, by product; None for an empty field.

    Raises:
        InvalidForm: with a message for each that is no whole number.
    """
    fields = {product.sku: f"{prefix}-{product.sku}" for product in services().catalogue}
    texts = {
        sku: get_text(request.form, name) for sku, name in fields.items() if name in request.form
    }
    problems = {
        sku: _("Enter a whole number, or leave the field empty.")
        for sku, text in texts.items()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 8)
    }
    if problems:
        raise InvalidForm(problems)
    return {sku: int(text) if text else None for sku, text in texts.items()}


def _name(sku: str) -> str:
    return services().catalogue.product(sku).name


def _page(problems: dict[str, str] | None = None) -> str:
    return render_template(
        "admin/stock.html",
        products=list(services().catalogue),
        left=services().inventory.available(),
        low=LOW_STOCK,
        problems=problems or {},
        given=request.form,
    )
