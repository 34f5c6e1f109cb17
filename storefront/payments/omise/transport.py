"""HTTP to Omise, over one pool of connections.

A GET that fails is retried with backoff. A POST, PATCH or DELETE is sent once: only a connection
that was never made is tried again, because only then is it certain that nothing happened.
"""

from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Retry

from .errors import OmiseRejected, OmiseUnknown, OmiseUnreachable
from .objects import Json


class Transport:
    """Sends requests to the API with the secret key, and to the vault with the public key."""

    def __init__(
        self,
        *,
        public_key: str,
        secret_key: str,
        api_url: str,
        vault_url: str,
        api_version: str,
        timeout: tuple[float, float],
        pool_size: int,
        user_agent: str,
        session: requests.Session,
    ) -> None:
        self._public_key = public_key
        self._secret_key = secret_key
        self.api_url = api_url
        self._vault_url = vault_url
        self._timeout = timeout
        self._session = session
        # Proxies and certificates of the environment count, but no proxy reaches this machine. A
        # ~/.netrc does not count: the key is given with every request.
        session.trust_env = not all(map(_is_loopback, (api_url, vault_url)))
        session.headers["Omise-Version"] = api_version
        session.headers["User-Agent"] = user_agent
        adapter = HTTPAdapter(pool_maxsize=pool_size, max_retries=_retries())
        session.mount("https://", adapter)
        session.mount("http://", adapter)

    def api(
        self, method: str, path: str, body: Json | None = None, params: Json | None = None
    ) -> Json:
        """Call the API; returns the object in the response.

        Raises:
            OmiseError: of one of its three kinds.
        """
        return self._send(method, self.api_url + path, self._secret_key, body, params)

    def vault(self, method: str, path: str) -> Json:
        """Call the vault in the same way."""
        return self._send(method, self._vault_url + path, self._public_key)

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _send(
        self,
        method: str,
        url: str,
        key: str,
        body: Json | None = None,
        params: Json | None = None,
    ) -> Json:
        try:
            response = self._session.request(
                method,
                url,
                auth=(key, ""),
                json=body,
                params=params,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _error_for(error) from None  # the cause may quote the request
        return _object_in(response)


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def _retries() -> Retry:
    """Retry a GET three times with backoff; any other method only if it was not sent."""
    return Retry(
        total=3,
        connect=2,
        read=2,
        status=2,
        other=0,
        redirect=0,
        allowed_methods={"GET"},
        status_forcelist={429, 500, 502, 503, 504},
        backoff_factor=0.2,
        raise_on_status=False,
        respect_retry_after_header=False,  # it may ask for hours while a shopper waits
    )


def _error_for(error: requests.RequestException) -> OmiseUnreachable | OmiseUnknown:
    """Unreachable if the request was not sent, else unknown."""
    if isinstance(error, requests.ConnectTimeout):
        return OmiseUnreachable("no connection in time")
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(error, requests.ConnectionError) and isinstance(
        reason, (NewConnectionError, ConnectTimeoutError)
    ):
        return OmiseUnreachable("no connection")
    return OmiseUnknown(type(error).__name__)


def _object_in(response: requests.Response) -> Json:
    """The object in a response; raises the error that it contains."""
    if response.status_code >= 500 or 300 <= response.status_code < 400:
        raise OmiseUnknown(f"HTTP {response.status_code}")
    try:
        body = response.json()
    except requests.JSONDecodeError:
        raise OmiseUnknown(f"HTTP {response.status_code} without JSON") from None
    if not isinstance(body, dict) or "object" not in body:
        raise OmiseUnknown(f"HTTP {response.status_code} without an object")
    if body["object"] == "error":
        raise OmiseRejected(response.status_code, str(body.get("code")), str(body.get("message")))
    return body
