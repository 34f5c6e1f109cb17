"""Accounts of shoppers: sign up, log in, log out, change the password.

recovery.py sets a forgotten password, account_changes.py changes the email and deletes the account.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storefront.container import services
from storefront.errors import CardNumberRefused, EmailTaken, InvalidForm
from storefront.fraud.payer_identifiers import PayerIdentifiers
from storefront.fraud.velocity_limits import LOGIN, SIGNUP, TAKEN_EMAIL_PENALTY
from storefront.shop.shopper import Shopper
from storefront.web.card_form import saved_cards
from storefront.web.device import login_identifiers, remember_login
from storefront.web.error_handlers import handle_storefront_error
from storefront.web.error_pages import error_message, error_page, error_response
from storefront.web.forms import get_text, get_typed
from storefront.web.language import language
from storefront.web.redirects import next_path
from storefront.web.responses import wants_json
from storefront.web.session import log_in, log_out, member, shopper

bp = Blueprint("accounts", __name__)

#: How many orders the account page shows.
RECENT_ORDERS = 3

#: The page that shows the errors of a form; the others are forms of the account page.
PAGES = {
    "accounts.signup": "signup",
    "accounts.login": "login",
    "recovery.request_link": "forgot",
    "recovery.set_password": "reset",
}


@bp.get("/signup")
def signup_form() -> ResponseReturnValue:
    """Show the sign-up form."""
    return show_page("signup")


@bp.post("/signup")
def signup() -> ResponseReturnValue:
    """Create an account and log in."""
    email, password = get_text(request.form, "email"), request.form.get("password", "")
    payer = shopper().payer_identifiers()
    try:
        with services().velocity.limit(SIGNUP, payer):
            user = services().accounts.sign_up(email, password, locale=language())
    except EmailTaken:
        services().velocity.penalize(SIGNUP, payer, TAKEN_EMAIL_PENALTY - 1)
        raise
    log_in(user)
    remember_login(LOGIN, email)
    return redirect(next_path(), 303)


@bp.get("/login")
def login_form() -> ResponseReturnValue:
    """Show the login form."""
    return show_page("login")


@bp.post("/login")
def login() -> ResponseReturnValue:
    """Log in."""
    email, password = get_text(request.form, "email"), request.form.get("password", "")
    with services().velocity.limit(LOGIN, email_identifiers(email)):
        log_in(services().accounts.authenticate(email, password))
    remember_login(LOGIN, email)
    return redirect(next_path(), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out, and empty the cart."""
    log_out()
    return redirect(url_for("catalogue.index"), 303)


@bp.get("/account")
def account() -> ResponseReturnValue:
    """Show the account page."""
    member()
    return show_page("account")


@bp.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Set a new password, and revoke every other session of the member."""
    form, who = request.form, member()
    with services().velocity.limit(LOGIN, password_identifiers(who)):
        user = services().accounts.change_password(
            who.user_id or 0, old=form.get("old_password", ""), new=form.get("password", "")
        )
    log_in(user)
    flash(gettext("Password changed. You have been logged out of all other devices."))
    return redirect(url_for(".account"), 303)


@bp.post("/account/log-out-everywhere")
def log_out_everywhere() -> ResponseReturnValue:
    """Revoke every other session of the member."""
    log_in(services().accounts.revoke_sessions(member().user_id or 0))
    flash(gettext("You have been logged out of all other devices."))
    return redirect(url_for(".account"), 303)


@bp.errorhandler(CardNumberRefused)
def rerender_without_card(error: CardNumberRefused) -> ResponseReturnValue:
    """Show the form again with what was typed, but for the card number."""
    if wants_json() or str(request.endpoint) not in PAGES:
        return handle_storefront_error(error)
    problems = {error.field or "email": error_message(error)}
    return show_page(PAGES[str(request.endpoint)], problems), error_page(error).status


@bp.errorhandler(InvalidForm)
def rerender_with_errors(error: InvalidForm) -> ResponseReturnValue:
    """Show the form again with its errors, or send them as JSON."""
    if wants_json():
        return error_response(error)
    page = PAGES.get(str(request.endpoint), "account")
    return show_page(page, error.problems), error_page(error).status


def email_identifiers(email: str) -> PayerIdentifiers:
    """What the attempts are counted by that name the email of an account."""
    return login_identifiers(LOGIN, email, shopper().payer_identifiers(email))


def password_identifiers(who: Shopper) -> PayerIdentifiers:
    """What the attempts of a member to prove the password are counted by."""
    return login_identifiers(LOGIN, who.email or "", who.payer_identifiers())


def show_page(name: str, problems: dict[str, str] | None = None) -> str:
    """A page with forms, with what was typed and the problems of it."""
    return render_template(
        f"accounts/{name}.html",
        email=get_typed("email"),
        next=next_path(),
        problems=problems or {},
        **(_account_values(shopper()) if name == "account" else {}),
    )


def _account_values(who: Shopper) -> dict[str, object]:
    """What the account page shows beside its forms."""
    cards, unavailable = saved_cards(who)
    return {
        "saved_cards": cards,
        "saved_cards_unavailable": unavailable,
        "address": services().address_book.find(who.user_id),
        "orders": services().orders.of_member(who, most=RECENT_ORDERS),
    }
