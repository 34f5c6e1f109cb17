"""Accounts: sign up, log in, log out."""

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storefront.container import services
from storefront.errors import EmailTaken, InvalidForm
from storefront.fraud.velocity import A_TAKEN_ADDRESS, LOGGING_IN, SIGNING_UP
from storefront.settings import LANGUAGES
from storefront.web.forms import text
from storefront.web.language import words_of
from storefront.web.responses import error_json, wants_json
from storefront.web.session import log_in, log_out, member, shopper

bp = Blueprint("accounts", __name__)

#: A path that a browser keeps on this host: it reads a backslash as a slash, and skips tabs.
OUR_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")


@bp.get("/signup")
def signup_form() -> ResponseReturnValue:
    """Where to make an account."""
    return _form("signup")


@bp.post("/signup")
def signup() -> ResponseReturnValue:
    """Make an account and log in."""
    email, password = text(request.form, "email"), request.form.get("password", "")
    traces = shopper().traces()
    try:
        with services().shield.watching(SIGNING_UP, traces):
            user = services().accounts.sign_up(email, password)
    except EmailTaken:
        services().shield.count_more(SIGNING_UP, traces, A_TAKEN_ADDRESS - 1)
        raise
    log_in(user)
    return redirect(_next(), 303)


@bp.get("/login")
def login_form() -> ResponseReturnValue:
    """Where to log in."""
    return _form("login")


@bp.post("/login")
def login() -> ResponseReturnValue:
    """Log in."""
    email, password = text(request.form, "email"), request.form.get("password", "")
    with services().shield.watching(LOGGING_IN, shopper().traces(email)):
        log_in(services().accounts.log_in(email, password))
    return redirect(_next(), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out and forget the cart."""
    log_out()
    return redirect(url_for("shop.index"), 303)


@bp.get("/account")
def account() -> ResponseReturnValue:
    """What a member can change about their account."""
    member()
    return _form("account")


@bp.post("/account/password")
def change_password() -> ResponseReturnValue:
    """A new password; every other session of the member ends."""
    form, who = request.form, member()
    with services().shield.watching(LOGGING_IN, who.traces()):
        user = services().accounts.change_password(
            who.user_id or 0, old=form.get("old_password", ""), new=form.get("password", "")
        )
    log_in(user)
    flash(gettext("Password changed. You have been logged out of all other devices."))
    return redirect(url_for(".account"), 303)


@bp.post("/account/log-out-everywhere")
def log_out_everywhere() -> ResponseReturnValue:
    """End every session of the member but this one."""
    log_in(services().accounts.end_sessions(member().user_id or 0))
    flash(gettext("You have been logged out of all other devices."))
    return redirect(url_for(".account"), 303)


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    """Speak another language from now on."""
    chosen = text(request.form, "language")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(_next(), 303)


@bp.errorhandler(InvalidForm)
def explain(error: InvalidForm) -> ResponseReturnValue:
    """The form again with what was wrong."""
    if wants_json():
        return error_json(words_of(error), error.code, error.status)
    page = PAGES.get(str(request.endpoint), "account")
    return _form(page, error.problems), error.status


#: Which page shows again what was wrong with a form; the others belong to the account.
PAGES = {"accounts.signup": "signup", "accounts.login": "login"}


def _form(name: str, problems: dict[str, str] | None = None) -> str:
    return render_template(
        f"accounts/{name}.html",
        email=text(request.form, "email"),
        next=_next(),
        problems=problems or {},
    )


def _next() -> str:
    """Where to go afterwards: a path of ours, never another host."""
    path = request.values.get("next", "")
    return path if OUR_PATH.fullmatch(path) else url_for("shop.index")
