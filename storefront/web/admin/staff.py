"""The accounts of staff: their role, their second factor, their last login."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from storefront.container import services

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.get("")
def index() -> ResponseReturnValue:
    """List them; they are created, and get another role, by `create-staff` on the server."""
    return render_template("admin/staff.html", staff=services().staff_accounts.all())
