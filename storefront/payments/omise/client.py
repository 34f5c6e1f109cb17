"""OmiseClient: one method for each thing the shop asks of Omise, over one pool of connections.

A question (GET) is asked again when it fails, with growing pauses. An order (POST, PATCH, DELETE)
is sent once: only a connection that was never made is tried again, because only then is it certain
that nothing happened.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Retry

from .errors import OmiseRejected, OmiseUnknown, OmiseUnreachable
from .objects import (
    Capability,
    Card,
    Charge,
    Customer,
    Json,
    Page,
    Refund,
    Token,
)

API_VERSION = "2019-05-29"

#: As many rows as one page of a list holds at most (docs.omise.co/api-pagination).
PAGE = 100

T_co = TypeVar("T_co", covariant=True)


class _Readable(Protocol[T_co]):
    def from_json(self, data: Json) -> T_co: ...


class OmiseClient:
    """Omise, as one account of it is reached.

    Every method raises OmiseRejected (refused, nothing happened), OmiseUnreachable (nothing was
    sent) or OmiseUnknown (sent, outcome unknown). No method logs anything, and no `repr` shows a
    secret.
    """

    def __init__(
        self,
        *,
        public_key: str,
        secret_key: str,
        api_url: str = "https://api.omise.co",
        vault_url: str = "https://vault.omise.co",
        api_version: str = API_VERSION,
        connect_timeout: float = 5,
        read_timeout: float = 30,
        pool_size: int = 16,
        user_agent: str = "omise-storefront",
        session: requests.Session | None = None,
    ) -> None:
        self._public_key = public_key
        self._secret_key = secret_key
        self._api_url = api_url
        self._vault_url = vault_url
        self._timeout = (connect_timeout, read_timeout)
        self._http = session or requests.Session()
        # Proxies and certificates of the environment count, but no proxy reaches this machine. A
        # ~/.netrc does not count: the key is given with every request.
        self._http.trust_env = not all(map(_is_loopback, (api_url, vault_url)))
        self._http.headers["Omise-Version"] = api_version
        self._http.headers["User-Agent"] = user_agent
        adapter = HTTPAdapter(pool_maxsize=pool_size, max_retries=_retries())
        self._http.mount("https://", adapter)
        self._http.mount("http://", adapter)

    def __repr__(self) -> str:
        return f"<OmiseClient {self._api_url}>"

    # Charges

    def create_charge(
        self,
        *,
        amount: int,
        currency: str,
        card: str | None = None,
        source: str | Mapping[str, object] | None = None,
        customer: str | None = None,
        return_uri: str | None = None,
        metadata: Mapping[str, str] | None = None,
        description: str | None = None,
        capture: bool = True,
        ip: str | None = None,
        expires_at: datetime | None = None,
    ) -> Charge:
        """Charge a token, a customer's saved card, or a source of another kind.

        A card that the bank declines is an answer, not an error: a charge whose status is `failed`.
        """
        body = {
            "amount": amount,
            "currency": currency,
            "card": card,
            "source": dict(source) if isinstance(source, Mapping) else source,
            "customer": customer,
            "return_uri": return_uri,
            "metadata": metadata and dict(metadata),
            "description": description,
            "capture": capture,
            # A part of what is held can be captured only of a pre-authorisation.
            "authorization_type": None if capture else "pre_auth",
            "ip": ip,
            "expires_at": expires_at and _iso(expires_at),
        }
        return _read(Charge, self._api("POST", "/charges", _given(body)))

    def expire(self, charge_id: str) -> Charge:
        """Close a charge that is not paid yet, so that it cannot be paid."""
        return _read(Charge, self._api("POST", _path("charges", charge_id, "expire")))

    def account_id(self) -> str:
        """The id of the account whose keys are set."""
        return str(self._api("GET", "/account")["id"])

    def capability(self) -> Capability:
        """What the account can charge."""
        return _read(Capability, self._api("GET", "/capability"))

    def charge(self, charge_id: str) -> Charge:
        """The charge as it stands now."""
        return _read(Charge, self._api("GET", _path("charges", charge_id)))

    def charges(
        self, *, since: datetime, until: datetime | None = None, page_size: int = PAGE
    ) -> Iterator[Charge]:
        """All charges created in a period, newest first, page by page."""
        period = {
            "from": _iso(since),
            "to": until and _iso(until),
            "order": "reverse_chronological",
            "limit": page_size,
        }
        yield from self._pages(Charge, "/charges", _given(period))

    def capture(self, charge_id: str, *, amount: int | None = None) -> Charge:
        """Take the money that a charge holds; a part of it where Omise allows that."""
        body = _given({"capture_amount": amount})
        return _read(Charge, self._api("POST", _path("charges", charge_id, "capture"), body))

    def reverse(self, charge_id: str) -> Charge:
        """Give back the money that a charge holds."""
        return _read(Charge, self._api("POST", _path("charges", charge_id, "reverse")))

    def refund(self, charge_id: str, *, amount: int, metadata: Mapping[str, str]) -> Refund:
        """Give back money that a charge took."""
        body = {"amount": amount, "metadata": dict(metadata)}
        return _read(Refund, self._api("POST", _path("charges", charge_id, "refunds"), body))

    # Tokens

    def token(self, token_id: str) -> Token:
        """The token as the vault knows it."""
        answer = self._send("GET", self._vault_url, _path("tokens", token_id), self._public_key)
        return _read(Token, answer)

    # Customers and their cards

    def create_customer(
        self, *, email: str | None = None, metadata: Mapping[str, str] | None = None
    ) -> Customer:
        """A new customer without cards."""
        body = {"email": email, "metadata": metadata and dict(metadata)}
        return _read(Customer, self._api("POST", "/customers", _given(body)))

    def customer(self, customer_id: str) -> Customer:
        """The customer with the first cards and the default one."""
        return _read(Customer, self._api("GET", _path("customers", customer_id)))

    def add_card(self, customer_id: str, token_id: str) -> Customer:
        """Give the customer the token's card; the token is used up."""
        answer = self._api("PATCH", _path("customers", customer_id), {"card": token_id})
        return _read(Customer, answer)

    def make_default_card(self, customer_id: str, card_id: str) -> Customer:
        """Make one of the customer's cards the default one."""
        answer = self._api("PATCH", _path("customers", customer_id), {"default_card": card_id})
        return _read(Customer, answer)

    def delete_card(self, customer_id: str, card_id: str) -> Card:
        """Take a card from the customer for good."""
        return _read(Card, self._api("DELETE", _path("customers", customer_id, "cards", card_id)))

    def cards(self, customer_id: str) -> Iterator[Card]:
        """All cards of the customer, oldest first."""
        yield from self._pages(Card, _path("customers", customer_id, "cards"), {"limit": PAGE})

    def card(self, customer_id: str, card_id: str) -> Card:
        """One of a customer's cards."""
        return _read(Card, self._api("GET", _path("customers", customer_id, "cards", card_id)))

    def request(
        self, method: str, path: str, body: Json | None = None, params: Json | None = None
    ) -> Json:
        """Call an endpoint that has no method here: the object in the answer.

        Args:
            method: the HTTP method.
            path: below the API's address, such as /links; an id in it must be quoted.
            body: sent as JSON.
            params: of the query.
        """
        return self._api(method, path, body, params)

    # The wire

    def _pages(self, kind: _Readable[T_co], path: str, params: Json) -> Iterator[T_co]:
        """Everything in a list, page by page."""
        offset, total = 0, 1
        while offset < total:
            page = _read(Page, self._api("GET", path, params={**params, "offset": offset}))
            yield from (_read(kind, row) for row in page.rows)
            offset, total = offset + params["limit"], page.total

    def _api(
        self, method: str, path: str, body: Json | None = None, params: Json | None = None
    ) -> Json:
        return self._send(method, self._api_url, path, self._secret_key, body, params)

    def _send(
        self,
        method: str,
        base: str,
        path: str,
        key: str,
        body: Json | None = None,
        params: Json | None = None,
    ) -> Json:
        try:
            answer = self._http.request(
                method,
                base + path,
                auth=(key, ""),
                json=body,
                params=params,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _what_happened(error) from None  # the cause may quote the request
        return _answer(answer)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def _retries() -> Retry:
    """Three tries with growing pauses for a question; for an order only if it never left."""
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
        respect_retry_after_header=False,  # it may ask for hours, and a shopper is waiting
    )


def _what_happened(error: requests.RequestException) -> OmiseUnreachable | OmiseUnknown:
    """Whether the request had left when it failed."""
    if isinstance(error, requests.ConnectTimeout):
        return OmiseUnreachable("no connection in time")
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(error, requests.ConnectionError) and isinstance(
        reason, (NewConnectionError, ConnectTimeoutError)
    ):
        return OmiseUnreachable("no connection")
    return OmiseUnknown(type(error).__name__)


def _answer(answer: requests.Response) -> Json:
    """The object in the answer, or the error that it is."""
    if answer.status_code >= 500 or 300 <= answer.status_code < 400:
        raise OmiseUnknown(f"HTTP {answer.status_code}")
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        raise OmiseUnknown(f"HTTP {answer.status_code} without JSON") from None
    if not isinstance(body, dict) or "object" not in body:
        raise OmiseUnknown(f"HTTP {answer.status_code} without an object")
    if body["object"] == "error":
        raise OmiseRejected(answer.status_code, str(body.get("code")), str(body.get("message")))
    return body


def _read(kind: _Readable[T_co], data: Json) -> T_co:
    """The object in an answer; an answer without it tells nothing of what happened."""
    try:
        return kind.from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OmiseUnknown(f"an answer that cannot be read: {type(error).__name__}") from None


def _iso(time: datetime) -> str:
    """The time as Omise writes it."""
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _path(*parts: str) -> str:
    """The path to a thing; an id from outside cannot lead elsewhere."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _given(values: Json) -> dict[str, Any]:
    """The values that are there."""
    return {name: value for name, value in values.items() if value is not None}
