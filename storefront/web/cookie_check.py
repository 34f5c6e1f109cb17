"""Tells a browser that blocks cookies from one whose session has ended.

Both send a form without the cookie of the session. The response sets one; only a browser that
accepts it sends it with the next page.
"""

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from storefront.errors import CookiesBlocked

#: The value of `session` in the URL of a page to which a form without a session led.
NEW = "new"


def redirect_with_cookie(endpoint: str) -> ResponseReturnValue:
    """Redirect a form to a page, which finds out whether the browser keeps the session.

    The form must have stored something in the session.
    """
    return redirect(url_for(endpoint, session=None if has_session_cookie() else NEW), 303)


def check_cookies() -> ResponseReturnValue | None:
    """Check that the browser kept the session of the form that led here.

    Returns:
        A redirect to the same page without the mark in its URL; None if there is no mark.

    Raises:
        CookiesBlocked: if it did not.
    """
    if request.args.get("session") != NEW:
        return None
    if not has_session_cookie():
        raise CookiesBlocked
    return redirect(request.path, 303)


def has_session_cookie() -> bool:
    """Whether the browser sent the cookie of a session."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies
