"""What every answer carries and every request must pass: headers, CSRF, no card numbers.

The content policy has no `unsafe-…`; only pages with a card form may load anything of Omise's.
"""

from urllib.parse import unquote_plus, urlsplit

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from storefront.errors import CardNumberRefused
from storefront.luhn import looks_like_a_card

from . import shop

#: Endpoints whose page has a card form.
CARD_PAGES = frozenset({"checkout.show", "checkout.charge", "cards.index", "cards.add"})

#: Endpoints that others may call: the bank's way back only redirects, webhooks are signed.
NO_CSRF = frozenset({"orders.come_back", "webhooks.omise"})

#: Blueprints with nothing personal in their pages.
PUBLIC = frozenset({"shop"})

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Guard all requests and dress all answers of the app."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked below, with one exception
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a slow checkout is not an attack
    csrf.init_app(app)
    app.before_request(refuse_card_numbers)
    app.before_request(check_csrf)
    app.after_request(dress)


def check_csrf() -> None:
    """Let nobody else's page act for the shopper.

    A form carries our token. So may a program, in X-CSRFToken; a page of ours that sends JSON may
    also let the browser vouch for it: another site can neither send JSON without asking first nor
    forge Sec-Fetch-Site.
    """
    if request.endpoint in NO_CSRF or request.endpoint is None:
        return
    if request.is_json and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return
    csrf.protect()


def refuse_card_numbers() -> None:
    """Turn away, unlogged, whatever carries something like a card number.

    Raises:
        CardNumberRefused: when the path, the query or the body does.
    """
    seen = unquote_plus(request.full_path)
    if request.method != "GET":
        seen += "\n" + unquote_plus(request.get_data(cache=True).decode("utf-8", "replace"))
    if looks_like_a_card(seen):
        raise CardNumberRefused


def dress(response: Response) -> Response:
    """Give the answer its headers."""
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = policy(card_form=request.endpoint in CARD_PAGES)
    if shop().settings.over_tls:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if request.endpoint != "static":
        is_public = request.blueprint in PUBLIC and request.endpoint != "shop.cart"
        response.headers["Cache-Control"] = "no-cache, private" if is_public else "no-store"
    return response


def policy(*, card_form: bool) -> str:
    """The content policy; with a card form Omise's script and its vault's frame are let in."""
    rules = dict(POLICY)
    if card_form:
        settings = shop().settings
        rules["script-src"] += " " + _origin(settings.omise_js_url)
        rules["frame-src"] = _origin(settings.omise_vault_url)
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
