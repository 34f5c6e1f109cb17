"""The blueprint of /admin. Every page but the login requires a member of staff, and a role."""

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import RoleRequired, StaffOnly
from storefront.web.admin import (
    account,
    audit,
    dashboard,
    login,
    mails,
    notes,
    operations,
    orders,
    receipts,
    reconciliation,
    shipments,
    staff,
    stock,
    tasks,
    webhooks,
)
from storefront.web.admin.order_page import charge_url
from storefront.web.admin.permissions import PUBLIC_ENDPOINTS, SETUP_ENDPOINTS, may
from storefront.web.admin.session import current_staff

bp = Blueprint("admin", __name__, url_prefix="/admin")

for view in (
    account,
    audit,
    dashboard,
    login,
    mails,
    notes,
    operations,
    orders,
    receipts,
    reconciliation,
    shipments,
    staff,
    stock,
    tasks,
    webhooks,
):
    bp.register_blueprint(view.bp)


@bp.before_request
def require_role() -> ResponseReturnValue | None:
    """Reject requests that do not come from staff whose role allows them.

    With live keys staff set up a second factor before anything else.

    Raises:
        StaffOnly: for shoppers and guests.
        RoleRequired: for staff with a lesser role.
    """
    endpoint = request.endpoint or ""
    if endpoint in PUBLIC_ENDPOINTS:
        return None
    member = current_staff()
    is_set_up = member.has_second_factor or not services().settings.livemode
    if not is_set_up and endpoint not in SETUP_ENDPOINTS:
        return redirect(url_for("admin.account.show"), 303)
    if not may(member.role, endpoint):
        raise RoleRequired
    g.staff_role = member.role
    return None


@bp.context_processor
def permissions() -> dict[str, object]:
    """Let templates show only what the role allows, and lead to charges at Omise."""
    return {
        "may": lambda endpoint: "staff_role" in g and may(g.staff_role, endpoint),
        "charge_url": charge_url,
    }


@bp.errorhandler(StaffOnly)
def redirect_to_login(_: StaffOnly) -> ResponseReturnValue:
    """Redirect to the staff login."""
    return redirect(url_for("admin.login.show"), 303)
