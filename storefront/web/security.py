"""What every answer carries and every request must pass: headers, CSRF, no card numbers.

Only pages with a card form may load anything of Omise's. The content policy has no `unsafe-…`, but
for style attributes on those pages of a shop that shows Omise's own form instead of ours.
"""

from urllib.parse import unquote_plus, urlsplit

from flask import Flask, Response, g, request, session
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from storefront.container import services
from storefront.errors import CardNumberRefused
from storefront.fraud.card_numbers import contains_card_number
from storefront.fraud.payer_identifiers import network_prefix
from storefront.settings import Settings
from storefront.web.admin.session import staff_or_none
from storefront.web.session import LOGIN, reset_session

#: Endpoints whose page has a card form.
CARD_PAGES = frozenset({"checkout.show", "checkout.charge", "cards.index", "cards.add"})

#: Endpoints that others may call: the bank's way back only redirects, webhooks are signed, and
#: browsers report by themselves.
NO_CSRF = frozenset({"orders.come_back", "webhooks.omise", "ops.csp_report"})

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
    "report-uri": "/csp-report",
    "report-to": "csp",
}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Reporting-Endpoints": 'csp="/csp-report"',
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

#: What a file that is part of a page needs; the page brings the rest, and weighs less for it.
FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'",
}

csrf = CSRFProtect()


def init_app(app: Flask, settings: Settings) -> None:
    """Guard all requests and dress all answers of the app."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked below, with one exception
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a slow checkout is not an attack
    app.before_request(answer_to_our_names_only)
    csrf.init_app(app)
    trust_proxies(app, settings)
    limit_posts(app, settings)
    app.before_request(look_over)
    app.before_request(check_csrf)
    app.before_request(leave_what_has_ended)
    app.after_request(dress)


def limit_posts(app: Flask, settings: Settings) -> None:
    """A coarse limit on what one network may send to one route; the velocity limits are finer."""
    Limiter(
        lambda: network_prefix(request.remote_addr) or "",
        app=app,
        default_limits=[f"{settings.posts_per_minute}/minute"],
        default_limits_exempt_when=is_unlimited,
        storage_uri=settings.ratelimit_storage_uri,
    )


def is_unlimited() -> bool:
    """Whether a request only looks, is Omise's, or comes from nobody in particular."""
    is_omise = request.endpoint == "webhooks.omise"
    return request.method == "GET" or is_omise or network_prefix(request.remote_addr) is None


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Believe our own proxies about who the visitor is, and answer to our own names only."""
    if hops := settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.config["TRUSTED_HOSTS"] = settings.hosts


def answer_to_our_names_only() -> Response | None:
    """Refuse a forged Host before anything else; no address of a page could be built with it."""
    if isinstance(request.routing_exception, SecurityError):
        return Response("There is no shop of that name here.\n", 400, mimetype="text/plain")
    return None


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


def leave_what_has_ended() -> None:
    """Take everything from a session whose log-in has ended, the orders that it remembers too."""
    if request.endpoint == "static" or LOGIN not in session:
        return
    if not (current_user.is_authenticated or staff_or_none()):
        reset_session(keep=("language",))


def look_over() -> None:
    """Turn away, unlogged, whatever carries something like a card number, or what no page sends.

    PostgreSQL keeps no NUL in a text, and nothing can be made of a value without a name.

    Raises:
        CardNumberRefused: when the path, the query or the body carries such a number.
        BadRequest: when one of them carries a NUL, or a form has a value without a name.
    """
    query = request.query_string.decode("utf-8", "replace")
    seen = f"{request.path}?{unquote_plus(query)}"
    if request.method != "GET":
        seen += "\n" + unquote_plus(request.get_data(cache=True).decode("utf-8", "replace"))
    if contains_card_number(seen):
        raise CardNumberRefused
    if "\0" in seen or None in request.form:  # a part of a form without a name
        raise BadRequest


def dress(response: Response) -> Response:
    """Give the answer its headers."""
    if services().settings.over_tls:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if request.endpoint == "static":
        response.headers.update(FILE_HEADERS)
        return response
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = policy(
        card_form=request.endpoint in CARD_PAGES, code_uri=g.get("code_uri")
    )
    is_public = request.blueprint in PUBLIC and request.endpoint != "shop.cart"
    response.headers["Cache-Control"] = "no-cache, private" if is_public else "no-store"
    return response


def policy(*, card_form: bool, code_uri: str | None = None) -> str:
    """The content policy of a page.

    With a card form Omise's script and one frame of Omise's are let in; with a code to scan, its
    picture. The frame of Omise's own form comes from where the script does, and the script lays it
    over the page by a style attribute: see docs/going-live.md.
    """
    rules, settings = dict(POLICY), services().settings
    if not settings.over_tls:  # there browsers send nothing to it, and leave out report-uri as well
        del rules["report-to"]
    if card_form:
        script = _origin(settings.omise_js_url)
        rules["script-src"] += " " + script
        if settings.card_form == "own":
            rules["frame-src"] = _origin(settings.omise_vault_url)
        else:
            rules["frame-src"] = script
            rules["style-src-attr"] = "'unsafe-inline'"
    if code_uri:
        rules["img-src"] += " " + _origin(code_uri)
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
