"""Login and logout of staff."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import InvalidForm
from storefront.fraud.velocity_limits import STAFF_LOGIN
from storefront.web.admin.session import current_staff, log_in_staff, log_out_staff
from storefront.web.device import login_identifiers, remember_login
from storefront.web.error_pages import error_page
from storefront.web.forms import get_text
from storefront.web.session import shopper

bp = Blueprint("login", __name__)


@bp.get("/login")
def show() -> ResponseReturnValue:
    """Show the login form."""
    return render_template("admin/login.html", email="", problems={})


@bp.post("/login")
def submit() -> ResponseReturnValue:
    """Log in."""
    email, password = get_text(request.form, "email"), request.form.get("password", "")
    payer = login_identifiers(STAFF_LOGIN, email, shopper().payer_identifiers(email))
    try:
        with services().velocity.limit(STAFF_LOGIN, payer):
            staff = services().staff_accounts.authenticate(email, password)
    except InvalidForm as error:
        page = render_template("admin/login.html", email=email, problems=error.problems)
        return page, error_page(error).status
    log_in_staff(staff)
    remember_login(STAFF_LOGIN, email)
    services().audit_log.record(staff.email, "logged in")
    return redirect(url_for("admin.dashboard.show"), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out."""
    services().audit_log.record(current_staff().email, "logged out")
    log_out_staff()
    return redirect(url_for(".show"), 303)
