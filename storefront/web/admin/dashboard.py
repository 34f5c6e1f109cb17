"""The dashboard: the figures of a day, and what needs attention."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from storefront.admin.decline_reasons import decline_reason
from storefront.container import services
from storefront.web.admin.query_args import day_arg

bp = Blueprint("dashboard", __name__)

#: How many kinds of CSP report are shown.
CSP_REPORTS = 5


@bp.get("", strict_slashes=False)  # people type /admin/ too
def show() -> ResponseReturnValue:
    """Show totals, payments by hour and decline reasons of a day, and failed health checks."""
    parts = services()
    today = parts.now().astimezone(parts.settings.timezone).date()
    day = day_arg("day") or today
    previous_day = day - timedelta(days=1)
    return render_template(
        "admin/dashboard.html",
        day=day,
        previous_day=previous_day,
        next_day=day + timedelta(days=1),
        is_today=day == today,
        headline=parts.admin_queries.headline(day, parts.settings.store_currency),
        before=parts.admin_queries.headline(previous_day, parts.settings.store_currency),
        attention=parts.admin_queries.attention(parts.now()),
        totals=parts.admin_queries.daily_totals(day),
        hours=parts.admin_queries.hourly_counts(day),
        reasons=[
            (decline_reason(code), code, count)
            for code, count in parts.admin_queries.decline_reasons(day)
        ],
        checks=parts.health.checks(),
        csp_reports=parts.csp_reports.all()[:CSP_REPORTS],
    )
