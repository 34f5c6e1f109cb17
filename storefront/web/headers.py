"""Security headers of every response: the content security policy, caching, and more.

Only pages with a card form may load from Omise. The policy has no `unsafe-…`, except for style
attributes on card pages of a shop that shows Omise's own form (CARD_FORM).
"""

from urllib.parse import urlsplit

from flask import Flask, Response, g, request, session

from storefront.container import services
from storefront.web.cookie_check import has_session_cookie
from storefront.web.csrf import PUBLIC_BLUEPRINTS

#: Endpoints whose page has a card form.
CARD_PAGES = frozenset({"checkout.show", "cards.index", "cards.add"})

#: For visitors without a session: shared caches keep the page a minute. Browsers ask each time,
#: since they do not compare cookies (`Vary`), and the first cart starts a session.
CACHED = "public, max-age=0, s-maxage=60"

#: The page of staff that shows a mail in a frame, and the frame: mails have styles of their own.
MAIL_PAGE, MAIL_BODY = "admin.mails.show", "admin.mails.body"
MAIL_BODY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"

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

#: Static files need only these; the page that loads them sends the others.
STATIC_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: A picture that is opened by itself is a document, and an SVG document may carry scripts.
PICTURE_POLICY = "default-src 'none'"


def init_app(app: Flask) -> None:
    """Add the headers to every response of the app."""
    app.after_request(add_security_headers)


def add_security_headers(response: Response) -> Response:
    """Add the security headers to a response."""
    if services().settings.over_tls:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if request.endpoint == "static" and response.status_code < 400:
        response.headers.update(STATIC_HEADERS)
        if (response.mimetype or "").startswith("image/"):
            response.headers["Content-Security-Policy"] = PICTURE_POLICY
        return response
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = content_security_policy(
        card_form=request.endpoint in CARD_PAGES,
        qr_uri=g.get("qr_uri"),
        frames_own=request.endpoint == MAIL_PAGE,
    )
    if request.endpoint == MAIL_BODY:
        response.headers["Content-Security-Policy"] = MAIL_BODY_POLICY
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    if request.blueprint not in PUBLIC_BLUEPRINTS:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.vary.add("Accept-Language")
    if response.status_code == 200 and not has_session_cookie() and not session:
        response.headers["Cache-Control"] = CACHED
        response.add_etag()
        response.make_conditional(request)
        return response
    response.headers["Cache-Control"] = "no-cache, private"
    return response


def content_security_policy(
    *, card_form: bool, qr_uri: str | None = None, frames_own: bool = False
) -> str:
    """The content security policy of a page.

    Args:
        card_form: allow Omise's script and one frame from Omise. The frame of Omise's own form
            comes from the origin of the script, which places it by a style attribute: see
            docs/going-live.md.
        qr_uri: allow this image, a QR code to scan.
        frames_own: allow frames of the shop.
    """
    rules, settings = dict(POLICY), services().settings
    if not settings.over_tls:  # over plain http browsers ignore it, and report-uri beside it
        del rules["report-to"]
    if card_form:
        script = _origin(settings.omise_js_url)
        rules["script-src"] += " " + script
        if settings.card_form == "own":
            rules["frame-src"] = _origin(settings.omise_vault_url)
        else:
            rules["frame-src"] = script
            rules["style-src-attr"] = "'unsafe-inline'"
    if frames_own:
        rules["frame-src"] = "'self'"
    if qr_uri:
        rules["img-src"] += " " + _origin(qr_uri)
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
