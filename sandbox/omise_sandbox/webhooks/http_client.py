"""aiohttp's client, loaded when the first webhook is expected rather than at start-up.

Its import reads the system's certificates. Only https webhooks need them, so the import skips them,
and the first https webhook reads them.
"""

import os
import ssl
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp.client import ClientSession

CERTIFICATES = "SSL_CERT_FILE"
#: Seconds that a receiver has for its response.
TIMEOUT = 10


def open_session() -> "ClientSession":
    """A client session; the first one loads the client."""
    named = os.environ.get(CERTIFICATES)
    os.environ[CERTIFICATES] = os.devnull
    from aiohttp.client import ClientSession, ClientTimeout

    del os.environ[CERTIFICATES]
    if named is not None:
        os.environ[CERTIFICATES] = named
    return ClientSession(timeout=ClientTimeout(total=TIMEOUT))


def trusted(uri: str) -> ssl.SSLContext | bool:
    """The certificates to trust for this URL."""
    return _certificates() if uri.lower().startswith("https:") else True


@cache
def _certificates() -> ssl.SSLContext:
    """Those of the system."""
    return ssl.create_default_context()
