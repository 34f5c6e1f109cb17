"""The audit log."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.web.admin.query_args import before_id

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the actions of staff, newest first."""
    page = services().audit_log.entries(before_id())
    return render_template("admin/audit.html", page=page)
