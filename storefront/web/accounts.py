"""Accounts: sign up, log in, log out."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.errors import InvalidForm

from . import shop
from .answers import error_json, wants_json
from .forms import text
from .session import log_in, log_out

bp = Blueprint("accounts", __name__)


@bp.get("/signup")
def signup_form() -> ResponseReturnValue:
    """Where to make an account."""
    return _form("signup")


@bp.post("/signup")
def signup() -> ResponseReturnValue:
    """Make an account and log in."""
    password = request.form.get("password", "")
    log_in(shop().accounts.sign_up(text(request.form, "email"), password))
    return redirect(_next(), 303)


@bp.get("/login")
def login_form() -> ResponseReturnValue:
    """Where to log in."""
    return _form("login")


@bp.post("/login")
def login() -> ResponseReturnValue:
    """Log in."""
    password = request.form.get("password", "")
    log_in(shop().accounts.log_in(text(request.form, "email"), password))
    return redirect(_next(), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out and forget the cart."""
    log_out()
    return redirect(url_for("shop.index"), 303)


@bp.errorhandler(InvalidForm)
def explain(error: InvalidForm) -> ResponseReturnValue:
    """The form again with what was wrong."""
    if wants_json():
        return error_json(error.message, error.code, error.status)
    return _form(str(request.endpoint).removeprefix("accounts."), error.problems), error.status


def _form(name: str, problems: dict[str, str] | None = None) -> str:
    return render_template(
        f"accounts/{name.removesuffix('_form')}.html",
        email=text(request.form, "email"),
        next=_next(),
        problems=problems or {},
    )


def _next() -> str:
    """Where to go afterwards: a path of ours, never another host."""
    path = request.values.get("next", "")
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and not parts.netloc and "\n" not in path else url_for("shop.index")
