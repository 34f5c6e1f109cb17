"""Posts webhooks with aiohttp, loaded when the first one is expected rather than at start-up.

Its import reads the system's certificates. Only https webhooks need them, so the import skips them,
and the first https webhook reads them.
"""

import os
import ssl
from functools import cache
from typing import TYPE_CHECKING

from omise_sandbox.storage.records import Attempt

if TYPE_CHECKING:
    from aiohttp import ClientSession

CERTIFICATES = "SSL_CERT_FILE"
#: Seconds that a receiver has for its response.
TIMEOUT = 10
#: Bytes of a receiver's answer that are kept.
MAX_ANSWER = 2000


class HttpClient:
    """Posts to the receivers of webhooks, over connections that stay open."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    def load(self) -> "ClientSession":
        """Load aiohttp, so that no webhook waits for it. The session."""
        if self._session is None:
            self._session = _open_session()
        return self._session

    async def post(self, uri: str, body: bytes, headers: dict[str, str]) -> Attempt:
        """The response, or a short reason why there is none; without its time."""
        session = self.load()
        from aiohttp import ClientError

        try:
            async with session.post(
                uri, data=body, headers=headers, allow_redirects=False, ssl=_trusted(uri)
            ) as response:
                lines = tuple(f"{name}: {value}" for name, value in response.headers.items())
                answered = await response.content.read(MAX_ANSWER)
                text = answered.decode("utf-8", "replace")
                return Attempt(0, response.status, None, 0, lines, text)
        except TimeoutError:
            return Attempt(0, None, "no response in time", 0)
        except (ClientError, OSError, ValueError) as error:
            return Attempt(0, None, f"{type(error).__name__}: {error}", 0)

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()


def _open_session() -> "ClientSession":
    named = os.environ.get(CERTIFICATES)
    os.environ[CERTIFICATES] = os.devnull
    from aiohttp import ClientSession, ClientTimeout

    del os.environ[CERTIFICATES]
    if named is not None:
        os.environ[CERTIFICATES] = named
    return ClientSession(timeout=ClientTimeout(total=TIMEOUT))


def _trusted(uri: str) -> ssl.SSLContext | bool:
    """The certificates to trust for this URL."""
    return _certificates() if uri.lower().startswith("https:") else True


@cache
def _certificates() -> ssl.SSLContext:
    """Those of the system."""
    return ssl.create_default_context()
