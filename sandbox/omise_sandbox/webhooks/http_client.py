"""aiohttp's client, loaded when a webhook is first to be expected, not when the sandbox starts.

It reads the certificates of the system when it is imported. Only webhooks to https need them, so
they are left out of that, and read for the first of these.
"""

import os
import ssl
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp.client import ClientSession

CERTIFICATES = "SSL_CERT_FILE"
#: Seconds that a receiver has for its answer.
TIMEOUT = 10


def open_session() -> "ClientSession":
    """A session of the client; the first one loads it."""
    named = os.environ.get(CERTIFICATES)
    os.environ[CERTIFICATES] = os.devnull
    from aiohttp.client import ClientSession, ClientTimeout

    del os.environ[CERTIFICATES]
    if named is not None:
        os.environ[CERTIFICATES] = named
    return ClientSession(timeout=ClientTimeout(total=TIMEOUT))


def trusted(uri: str) -> ssl.SSLContext | bool:
    """Whose certificates are believed there."""
    return _certificates() if uri.lower().startswith("https:") else True


@cache
def _certificates() -> ssl.SSLContext:
    """Those of the system."""
    return ssl.create_default_context()
