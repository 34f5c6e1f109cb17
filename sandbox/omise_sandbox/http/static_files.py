"""Static files: the browser library, its frames, the inspector."""

import gzip
import re
from functools import cache, partial
from pathlib import Path

from omise_sandbox.http.responses import Response
from omise_sandbox.resources.routes import Route
from omise_sandbox.rules.errors import ApiError

STATIC = Path(__file__).parent.parent / "static"

FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*").fullmatch

#: Omise.js is one classic script, made of these parts in this order.
LIBRARY = STATIC / "omisejs" / "library"
LIBRARY_PARTS = (
    "hosts.js",
    "token-channel.js",
    "omise.js",
    "form-config.js",
    "form-frame.js",
    "omise-card.js",
    "form-buttons.js",
)

#: Path → file. Only those that other sites show in a frame may be framed.
ADDRESSES = {
    "/provider": ("omisejs", "provider.html"),
    "/pay.html": ("omisejs", "pay.html"),
    "/_sandbox": ("inspector", "inspector.html"),
    "/favicon.ico": ("pages", "icon.svg"),
}
FRAMABLE = {"provider.html", "pay.html"}

#: The pages load only files of the sandbox.
OWN_IMAGES, ANY_IMAGES = "img-src 'self' data:", "img-src * data:"
SHOWS_MERCHANT_LOGO = {"pay.html"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    f" {OWN_IMAGES}; base-uri 'none'; form-action 'self'"
)
COMMON = (
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Access-Control-Allow-Origin: *\r\n"
)
#: Bytes; less than this does not get smaller.
MIN_COMPRESSED = 200
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def routes() -> list[Route]:
    """Every file with a path of its own, and the folder of the rest."""
    named = [
        Route("GET", address, "file", partial(serve, *file)) for address, file in ADDRESSES.items()
    ]
    library = Route("GET", "/omise.js", "file", serve_library)
    return [library, *named, Route("GET", "/_sandbox/static/{folder}/{name}", "file", serve)]


def serve(folder: str, name: str) -> Response:
    """A file below the static folder. Raises 404 `not_found`; no other folder is reachable."""
    path = STATIC / folder / name
    if not (FILE_NAME(folder) and FILE_NAME(name) and path.is_file()):
        raise ApiError("not_found", f"{name} was not found")
    kind = TYPES.get(path.suffix, "application/octet-stream")
    headers = _headers(kind)
    if path.suffix == ".html":
        policy = POLICY.replace(OWN_IMAGES, ANY_IMAGES) if name in SHOWS_MERCHANT_LOGO else POLICY
        framing = "" if name in FRAMABLE else "; frame-ancestors 'none'"
        headers += f"Content-Security-Policy: {policy}{framing}\r\n"
    return Response(path.read_bytes(), headers=headers)


def serve_library() -> Response:
    """Omise.js: its parts, in a scope of their own."""
    parts = "\n".join((LIBRARY / name).read_text(encoding="utf-8") for name in LIBRARY_PARTS)
    script = f'(() => {{\n"use strict"\n\n{parts}}})()\n'
    return Response(script.encode(), headers=_headers(TYPES[".js"]))


def compressed(response: Response, accepted: str) -> Response:
    """The response, compressed if the browser accepts that (`Accept-Encoding`)."""
    response.headers += "Vary: Accept-Encoding\r\n"
    if "gzip" in accepted and len(response.body) >= MIN_COMPRESSED:
        response.body = _gzip(response.body)
        response.headers += "Content-Encoding: gzip\r\n"
    return response


def _headers(kind: str) -> str:
    return f"Content-Type: {kind}; charset=utf-8\r\n{COMMON}"


@cache
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)
