"""Files that are served as they are: the browser library, its frames, the inspector."""

import re
from functools import partial
from pathlib import Path

from sandbox.errors import Refusal
from sandbox.routes import Route
from sandbox.web.replies import Reply

STATIC = Path(__file__).parent.parent / "static"

#: Address → file. Those that other sites show in a frame may be framed; the rest may not.
ADDRESSES = {
    "/omise.js": "omise.js",
    "/provider": "provider.html",
    "/pay.html": "pay.html",
    "/favicon.ico": "icon.svg",
    "/_sandbox": "inspector.html",
}
FRAMABLE = {"provider.html", "pay.html"}

#: What a page of ours may load: only what lies here.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'self'"
)
COMMON = (
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Access-Control-Allow-Origin: *\r\n"
)
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
    """Every file that has an address of its own, and the folder of the rest."""
    named = [
        Route("GET", address, "file", partial(serve, name)) for address, name in ADDRESSES.items()
    ]
    return [*named, Route("GET", "/_sandbox/static/{name}", "file", serve)]


def serve(name: str) -> Reply:
    """The file in the static folder. Raises 404 `not_found`; no other folder can be reached."""
    path = STATIC / name
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", name) or not path.is_file():
        raise Refusal("not_found", f"{name} was not found")
    kind = TYPES.get(path.suffix, "application/octet-stream")
    headers = f"Content-Type: {kind}; charset=utf-8\r\n{COMMON}"
    if path.suffix == ".html":
        framing = "" if name in FRAMABLE else "; frame-ancestors 'none'"
        headers += f"Content-Security-Policy: {POLICY}{framing}\r\n"
    return Reply(path.read_bytes(), headers=headers)
