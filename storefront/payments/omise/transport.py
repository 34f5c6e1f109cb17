"""HTTP to Omise, over one pool of connections.

A GET that fails is retried with backoff. A POST, PATCH or DELETE is sent once: only a connection
that was never made is tried again, because only then is it certain that nothing happened.
Within the budget of a page a GET is sent once (budget.py).
A call ends within `max_call`, retries included, however slowly a response drips in.
"""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Timeout

from .budget import MIN_SECONDS, current_budget
from .bulkhead import Bulkhead
from .connections import BoundedAdapter
from .errors import OmiseError, OmiseRejected, OmiseUnknown, OmiseUnreachable
from .objects import Json
from .responses import read_object

#: Seconds between tries.
PAUSES = (0.0, 0.4)

TOO_MANY_REQUESTS = 429


def max_call(connect_timeout: float, read_timeout: float) -> float:
    """How many seconds one call takes at most, with three tries to connect."""
    return 3 * connect_timeout + read_timeout


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
        clock: Callable[[], float],
    ) -> None:
        self._public_key = public_key
        self._secret_key = secret_key
        self.api_url = api_url
        self._vault_url = vault_url
        self._timeout = timeout
        self._session = session
        self._bulkhead = Bulkhead(max(1, pool_size // 4), clock=clock)
        # Proxies and certificates of the environment count, but no proxy reaches this machine. A
        # ~/.netrc does not count: the key is given with every request.
        session.trust_env = not all(map(_is_loopback, (api_url, vault_url)))
        session.headers["Omise-Version"] = api_version
        session.headers["User-Agent"] = user_agent
        session.headers["Accept-Encoding"] = "identity"
        adapter = BoundedAdapter(pool_maxsize=pool_size)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        self._prepared = {key: self._prepared_with(key) for key in (secret_key, public_key)}

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

    def _send(self, method: str, url: str, key: str, *content: Json | None) -> Json:
        """Send a request, again where that is safe and there is time left.

        Args:
            method: the HTTP method.
            url: the address.
            key: the user name of basic authentication.
            content: the body sent as JSON, then the parameters of the query.
        """
        budget = current_budget() if method == "GET" else None
        if budget:
            with budget.spend() as seconds, self._bulkhead.admit():
                return self._send_once(method, url, key, monotonic() + seconds, *content)
        ends_at = monotonic() + max_call(*self._timeout)
        for pause in PAUSES:
            try:
                return self._send_once(method, url, key, ends_at, *content)
            except OmiseError as error:
                if not _may_retry(method, error) or monotonic() + pause >= ends_at:
                    raise
            sleep(pause)
        return self._send_once(method, url, key, ends_at, *content)

    def _send_once(
        self,
        method: str,
        url: str,
        key: str,
        ends_at: float,
        body: Json | None = None,
        params: Json | None = None,
    ) -> Json:
        connect, read = self._timeout
        # requests passes a timeout of urllib3 on; its types do not know that.
        left = max(MIN_SECONDS, ends_at - monotonic())  # this process may have been suspended
        timeout: Any = Timeout(connect=connect, read=read, total=left)
        try:
            request = self._prepare(method, url, key, body, params)
            environment = self._session.merge_environment_settings(
                request.url, {}, stream=True, verify=None, cert=None
            )
            response = self._session.send(
                request, timeout=timeout, allow_redirects=False, **environment
            )
        except requests.RequestException as error:
            raise _error_for(error) from None  # the cause may quote the request
        with response:
            return read_object(response)

    def _prepare(
        self, method: str, url: str, key: str, body: Json | None, params: Json | None
    ) -> requests.PreparedRequest:
        """A copy of the request that is prepared for the key, with its address and body."""
        request = self._prepared[key].copy()
        request.prepare_method(method)
        request.prepare_url(url, params)
        request.prepare_body(None, None, body)
        return request

    def _prepared_with(self, key: str) -> requests.PreparedRequest:
        """A request with the headers and hooks of the session, authenticated by a key.

        `Session.request` would merge all settings of the session into each request, which costs a
        third of a call: cookies, which Omise does not need, and other ways to authenticate.
        """
        request = requests.PreparedRequest()
        request.prepare_method("GET")
        request.prepare_headers(self._session.headers)
        request.prepare_auth((key, ""))
        request.prepare_hooks(self._session.hooks)
        return request


def _may_retry(method: str, error: OmiseError) -> bool:
    """Whether a call may be repeated: nothing was sent, or it only reads."""
    if isinstance(error, OmiseRejected):
        return method == "GET" and error.status == TOO_MANY_REQUESTS
    return method == "GET" or isinstance(error, OmiseUnreachable)


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


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
