"""Webhooks: the inbox, and replay."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.payments.omise import OmiseError
from storefront.web.admin.session import current_staff

bp = Blueprint("webhooks", __name__, url_prefix="/events")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the webhooks received, newest first."""
    page = services().admin_queries.webhook_events(request.args.get("before"))
    return render_template("admin/webhooks.html", page=page)


@bp.post("/<event_id>/replay")
def replay(event_id: str) -> ResponseReturnValue:
    """Process a webhook again."""
    services().audit_log.record(current_staff().email, "replayed a webhook", detail=event_id)
    try:
        services().engine.inbox.process(event_id)
    except OmiseError as error:
        page = services().admin_queries.webhook_events()
        problem = f"Omise cannot be reached ({error}). The event is stored; try again."
        return render_template("admin/webhooks.html", page=page, problem=problem), 503
    flash("Webhook processed again.", "success")
    return redirect(url_for(".index"), 303)
