"""Login and logout of staff: the password, then a code if they set up a second factor."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.accounts.models import Staff
from storefront.container import services
from storefront.errors import InvalidForm
from storefront.fraud.velocity_limits import STAFF_LOGIN
from storefront.web.admin.session import (
    await_code,
    current_staff,
    log_in_staff,
    log_out_staff,
    staff_awaiting_code,
    staff_identifiers,
)
from storefront.web.device import remember_login
from storefront.web.error_pages import error_page
from storefront.web.forms import get_text

bp = Blueprint("login", __name__)


@bp.get("/login")
def show() -> ResponseReturnValue:
    """Show the login form."""
    return render_template("admin/login.html", email="", problems={})


@bp.post("/login")
def submit() -> ResponseReturnValue:
    """Log in, or ask for the code of the second factor."""
    email, password = get_text(request.form, "email"), request.form.get("password", "")
    try:
        with services().velocity.limit(STAFF_LOGIN, staff_identifiers(email)):
            staff = services().staff_accounts.authenticate(email, password)
    except InvalidForm as error:
        page = render_template("admin/login.html", email=email, problems=error.problems)
        return page, error_page(error).status
    if staff.has_second_factor:
        await_code(staff)
        return redirect(url_for(".ask_code"), 303)
    return _enter(staff)


@bp.get("/login/code")
def ask_code() -> ResponseReturnValue:
    """Ask for the code, once the password was right."""
    if staff_awaiting_code() is None:
        return redirect(url_for(".show"), 303)
    return render_template("admin/login_code.html", problems={})


@bp.post("/login/code")
def check_code() -> ResponseReturnValue:
    """Log in with a code of the app, or a recovery code."""
    staff = staff_awaiting_code()
    if staff is None:
        return redirect(url_for(".show"), 303)
    try:
        with services().velocity.limit(STAFF_LOGIN, staff_identifiers(staff.email)):
            is_of_app = services().second_factor.check(staff.id, get_text(request.form, "code"))
    except InvalidForm as error:
        page = render_template("admin/login_code.html", problems=error.problems)
        return page, error_page(error).status
    if not is_of_app:
        services().audit_log.record(staff.email, "used a recovery code")
    return _enter(staff)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out."""
    services().audit_log.record(current_staff().email, "logged out")
    log_out_staff()
    return redirect(url_for(".show"), 303)


def _enter(staff: Staff) -> ResponseReturnValue:
    log_in_staff(staff)
    remember_login(STAFF_LOGIN, staff.email)
    services().staff_accounts.record_login(staff.id)
    services().audit_log.record(staff.email, "logged in")
    return redirect(url_for("admin.dashboard.show"), 303)
