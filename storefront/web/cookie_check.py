"""Tells a browser that blocks cookies from one whose session has ended.

Both send a form without the cookie of the session. The response sets one; only a browser that
accepts it sends it with the next page.
"""

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from storefront.errors import CookiesBlocked

#: The argument of a page to which a form without a session led.
NEW_SESSION = {"session": "new"}


def redirect_with_cookie(endpoint: str) -> ResponseReturnValue:
    """Redirect a form to a page, which finds out whether the browser keeps the session.

    The form must have stored something in the session.
    """
    return redirect(url_for(endpoint, **({} if _has_cookie() else NEW_SESSION)), 303)


def check_cookies() -> None:
    """Check that the browser kept the session of the form that led here.

    Raises:
        CookiesBlocked: if it did not.
    """
    if request.args.get("session") == NEW_SESSION["session"] and not _has_cookie():
        raise CookiesBlocked


def _has_cookie() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies
