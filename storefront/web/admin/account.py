"""The second factor of the member of staff who is logged in."""

import pyotp
import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from storefront.accounts.models import Staff
from storefront.container import services
from storefront.errors import InvalidForm
from storefront.fraud.velocity_limits import STAFF_LOGIN
from storefront.web.admin.session import current_staff, staff_identifiers
from storefront.web.error_pages import error_page
from storefront.web.forms import get_text
from storefront.web.template_globals import SHOP_NAME

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show whether there is a second factor."""
    return render_template("admin/account.html", staff=current_staff(), problems={})


@bp.post("/second-factor")
def start() -> ResponseReturnValue:
    """Show a new secret, as a QR code and as text."""
    staff = current_staff()
    try:
        staff.totp_secret = services().second_factor.start(staff.id)
    except InvalidForm as error:
        return _rejected(staff, error)
    return _setup(staff)


@bp.post("/second-factor/confirm")
def confirm() -> ResponseReturnValue:
    """Turn the second factor on, and show the recovery codes once."""
    staff = current_staff()
    try:
        with services().velocity.limit(STAFF_LOGIN, staff_identifiers(staff.email)):
            codes = services().second_factor.confirm(staff.id, get_text(request.form, "code"))
    except InvalidForm as error:
        return _rejected(staff, error)
    services().audit_log.record(staff.email, "set up second factor")
    return render_template("admin/recovery_codes.html", codes=codes)


@bp.post("/second-factor/remove")
def remove() -> ResponseReturnValue:
    """Remove the second factor, at the proof of a code."""
    staff = current_staff()
    try:
        with services().velocity.limit(STAFF_LOGIN, staff_identifiers(staff.email)):
            services().second_factor.remove(staff.id, get_text(request.form, "code"))
    except InvalidForm as error:
        return _rejected(staff, error)
    services().audit_log.record(staff.email, "removed second factor")
    return redirect(url_for(".show"), 303)


def _rejected(staff: Staff, error: InvalidForm) -> ResponseReturnValue:
    if staff.totp_secret and not staff.has_second_factor:
        return _setup(staff, error.problems), error_page(error).status
    page = render_template("admin/account.html", staff=staff, problems=error.problems)
    return page, error_page(error).status


def _setup(staff: Staff, problems: dict[str, str] | None = None) -> str:
    address = pyotp.TOTP(staff.totp_secret or "").provisioning_uri(
        name=staff.email, issuer_name=SHOP_NAME
    )
    # The picture contains nothing but squares.
    picture = Markup(segno.make(address).svg_inline(scale=4))  # noqa: S704
    return render_template(
        "admin/second_factor.html",
        secret=staff.totp_secret,
        picture=picture,
        problems=problems or {},
    )
