"""The blueprint of /admin. Every page but the login requires a member of staff."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from storefront.errors import StaffOnly
from storefront.web.admin import (
    audit,
    dashboard,
    login,
    mails,
    operations,
    orders,
    reconciliation,
    shipments,
    stock,
    tasks,
    webhooks,
)
from storefront.web.admin.session import current_staff

bp = Blueprint("admin", __name__, url_prefix="/admin")

for view in (
    audit,
    dashboard,
    login,
    mails,
    operations,
    orders,
    reconciliation,
    shipments,
    stock,
    tasks,
    webhooks,
):
    bp.register_blueprint(view.bp)

PUBLIC_ENDPOINTS = frozenset({"admin.login.show", "admin.login.submit"})


@bp.before_request
def require_staff() -> None:
    """Reject requests that do not come from staff.

    Raises:
        StaffOnly: for shoppers and guests.
    """
    if request.endpoint not in PUBLIC_ENDPOINTS:
        current_staff()


@bp.errorhandler(StaffOnly)
def redirect_to_login(_: StaffOnly) -> ResponseReturnValue:
    """Redirect to the staff login."""
    return redirect(url_for("admin.login.show"), 303)
