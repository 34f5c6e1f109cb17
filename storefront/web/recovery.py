"""Forgotten passwords: ask for a link by mail, and set a new password with it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storefront.container import services
from storefront.errors import CardNumberRefused, InvalidForm
from storefront.fraud.velocity_limits import MAIL_LINK
from storefront.web.accounts import (
    email_identifiers,
    rerender_with_errors,
    rerender_without_card,
    show_page,
)
from storefront.web.forms import get_text

bp = Blueprint("recovery", __name__, url_prefix="/password")


@bp.get("/forgot")
def forgot() -> ResponseReturnValue:
    """Ask for the email of the account."""
    return show_page("forgot")


@bp.post("/forgot")
def request_link() -> ResponseReturnValue:
    """Mail a link; the answer is the same whether or not there is an account."""
    email = get_text(request.form, "email")
    with services().velocity.limit(MAIL_LINK, email_identifiers(email)):
        services().recovery.request(email)
    flash(
        gettext(
            "If there is an account with this email address, we have sent it a link. It is valid "
            "for 1 hour."
        )
    )
    return redirect(url_for("accounts.login"), 303)


@bp.get("/reset/<token>")
def choose_password(token: str) -> ResponseReturnValue:
    """Ask for the new password."""
    services().recovery.check(token)
    return show_page("reset")


@bp.post("/reset/<token>")
def set_password(token: str) -> ResponseReturnValue:
    """Set the new password, and log out every session of the account."""
    services().recovery.reset(token, request.form.get("password", ""))
    flash(gettext("Your new password is set. Log in with it."))
    return redirect(url_for("accounts.login"), 303)


bp.register_error_handler(InvalidForm, rerender_with_errors)
bp.register_error_handler(CardNumberRefused, rerender_without_card)
