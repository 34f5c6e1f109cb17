"""Reconciliation of the recorded payments with Omise's charges."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.payments.money import Money
from storefront.payments.omise import OmiseError
from storefront.web.admin.session import current_staff

bp = Blueprint("reconciliation", __name__, url_prefix="/reconcile")

#: The periods to choose from: hours → label.
PERIODS = {1: "Last hour", 24: "Last 24 hours", 24 * 7: "Last 7 days"}


@bp.get("")
def show() -> ResponseReturnValue:
    """Show the form."""
    return _page()


@bp.post("")
def run() -> ResponseReturnValue:
    """Compare, repair what can be repaired, and show the rest."""
    hours = request.form.get("hours", type=int)
    if hours not in PERIODS:
        return _page(problem="Choose a period."), 422
    services().audit_log.record(current_staff().email, "reconciled", detail=PERIODS[hours])
    now = services().now()
    try:
        report = services().engine.reconciler.run(now - timedelta(hours=hours), now)
    except OmiseError as error:
        return _page(problem=f"Omise cannot be reached ({error}). Try again."), 503
    return _page(report=report, period=PERIODS[hours])


def _page(**more: object) -> str:
    context = {"report": None, "period": None, "problem": None, "periods": PERIODS, **more}
    zero = Money(0, services().settings.store_currency)
    return render_template("admin/reconciliation.html", zero=zero, **context)
