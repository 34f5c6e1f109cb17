"""Webhooks: the inbox, and replay."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.admin.labels import REPLAY_WEBHOOK, webhook_label
from storefront.container import services
from storefront.payments.omise import OmiseError
from storefront.web.admin.session import current_staff

bp = Blueprint("webhooks", __name__, url_prefix="/events")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the webhooks received, newest first."""
    return _page(request.args.get("before"))


@bp.post("/<event_id>/replay")
def replay(event_id: str) -> ResponseReturnValue:
    """Process a webhook again."""
    services().audit_log.record(
        current_staff().email,
        REPLAY_WEBHOOK,
        order_number=services().admin_queries.order_number_of(event_id),
        detail=event_id,
    )
    try:
        services().engine.inbox.process(event_id)
    except OmiseError as error:
        problem = f"Omise cannot be reached ({error}). The event is stored; try again."
        return _page(problem=problem), 503
    flash("Webhook processed again.", "success")
    return redirect(url_for(".index"), 303)


def _page(before: str | None = None, problem: str | None = None) -> str:
    page = services().admin_queries.webhook_events(before)
    return render_template(
        "admin/webhooks.html",
        page=page,
        subjects=services().admin_queries.subjects({event.id for event in page.rows}),
        webhook_label=webhook_label,
        problem=problem,
    )
