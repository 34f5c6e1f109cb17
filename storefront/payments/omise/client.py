"""OmiseClient: one method for each endpoint that the engine uses."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from time import monotonic
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import quote

import requests

from .capability import Capability
from .errors import OmiseUnreadable
from .objects import Account, Card, Charge, Customer, Dispute, Json, Page, Refund, Token
from .transport import Transport

API_VERSION = "2019-05-29"

#: As many rows as one page of a list holds at most (docs.omise.co/api-pagination).
PAGE = 100

T_co = TypeVar("T_co", covariant=True)


class _Readable(Protocol[T_co]):
    def from_json(self, data: Json) -> T_co: ...


class OmiseClient:
    """The API of Omise with the keys of one account.

    Every method raises OmiseRejected (rejected, nothing happened), OmiseUnreachable (nothing was
    sent) or OmiseUnknown (sent, outcome unknown). No method logs, and no `repr` shows a secret.
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
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._transport = Transport(
            public_key=public_key,
            secret_key=secret_key,
            api_url=api_url,
            vault_url=vault_url,
            api_version=api_version,
            timeout=(connect_timeout, read_timeout),
            pool_size=pool_size,
            user_agent=user_agent,
            session=session or requests.Session(),
            clock=clock,
        )
        self._api = self._transport.api

    def __repr__(self) -> str:
        return f"<OmiseClient {self._transport.api_url}>"

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

        A card that the bank declines is no error: it returns a charge with status `failed`.
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
            # Only a pre-authorisation can be captured partially.
            "authorization_type": None if capture else "pre_auth",
            "ip": ip,
            "expires_at": expires_at and _iso(expires_at),
        }
        return _read(Charge, self._api("POST", "/charges", _given(body)))

    def expire(self, charge_id: str) -> Charge:
        """Close a charge that is not paid yet, so that it cannot be paid."""
        return _read(Charge, self._api("POST", _path("charges", charge_id, "expire")))

    def account(self) -> Account:
        """The account whose keys are set."""
        return _read(Account, self._api("GET", "/account"))

    def capability(self) -> Capability:
        """The methods, currencies and limits of the account."""
        return _read(Capability, self._api("GET", "/capability"))

    def charge(self, charge_id: str) -> Charge:
        """The current state of a charge."""
        return _read(Charge, self._api("GET", _path("charges", charge_id)))

    def charges(
        self,
        *,
        since: datetime,
        until: datetime | None = None,
        page_size: int = PAGE,
        unreadable: list[Json] | None = None,
    ) -> Iterator[Charge]:
        """All charges created in a period, newest first, page by page.

        Args:
            since: start of the period.
            until: its end.
            page_size: rows per request.
            unreadable: takes the rows that cannot be read; without it such a row is an error.
        """
        period = {
            "from": _iso(since),
            "to": until and _iso(until),
            "order": "reverse_chronological",
            "limit": page_size,
        }
        yield from self._pages(Charge, "/charges", _given(period), unreadable)

    def capture(self, charge_id: str, *, amount: int | None = None) -> Charge:
        """Capture an authorized charge, or a part of it where Omise allows that."""
        body = _given({"capture_amount": amount})
        return _read(Charge, self._api("POST", _path("charges", charge_id, "capture"), body))

    def reverse(self, charge_id: str) -> Charge:
        """Release an authorized charge."""
        return _read(Charge, self._api("POST", _path("charges", charge_id, "reverse")))

    def refund(self, charge_id: str, *, amount: int, metadata: Mapping[str, str]) -> Refund:
        """Refund captured money."""
        body = {"amount": amount, "metadata": dict(metadata)}
        return _read(Refund, self._api("POST", _path("charges", charge_id, "refunds"), body))

    # Disputes

    def dispute(self, dispute_id: str) -> Dispute:
        """The current state of a dispute."""
        return _read(Dispute, self._api("GET", _path("disputes", dispute_id)))

    def disputes(
        self, since: datetime, *, unreadable: list[Json] | None = None
    ) -> Iterator[Dispute]:
        """Every undecided dispute, and those that were opened since then and are closed.

        See `charges` about `unreadable`.
        """
        undecided = {"limit": PAGE}
        yield from self._pages(Dispute, "/disputes/open", undecided, unreadable)
        yield from self._pages(Dispute, "/disputes/pending", undecided, unreadable)
        closed = {"limit": PAGE, "from": _iso(since)}
        yield from self._pages(Dispute, "/disputes/closed", closed, unreadable)

    # Tokens

    def token(self, token_id: str) -> Token:
        """A token, from the vault."""
        return _read(Token, self._transport.vault("GET", _path("tokens", token_id)))

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
        """Save the card of a token for the customer; the token is used up."""
        answer = self._api("PATCH", _path("customers", customer_id), {"card": token_id})
        return _read(Customer, answer)

    def make_default_card(self, customer_id: str, card_id: str) -> Customer:
        """Make one of the customer's cards the default one."""
        answer = self._api("PATCH", _path("customers", customer_id), {"default_card": card_id})
        return _read(Customer, answer)

    def delete_card(self, customer_id: str, card_id: str) -> Card:
        """Delete a card of the customer."""
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
        """Call an endpoint that has no method here; returns the object in the response.

        Args:
            method: the HTTP method.
            path: below the API's address, such as /links; an id in it must be quoted.
            body: sent as JSON.
            params: of the query.
        """
        return self._api(method, path, body, params)

    # Lists and connections

    def _pages(
        self,
        kind: _Readable[T_co],
        path: str,
        params: Json,
        unreadable: list[Json] | None = None,
    ) -> Iterator[T_co]:
        """Every object of a list, page by page; see `charges` about `unreadable`."""
        offset, total = 0, 1
        while offset < total:
            page = _read(Page, self._api("GET", path, params={**params, "offset": offset}))
            for row in page.rows:
                try:
                    found = _read(kind, row)
                except OmiseUnreadable:
                    if unreadable is None:
                        raise
                    unreadable.append(row)
                else:
                    yield found
            offset, total = offset + params["limit"], page.total

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(kind: _Readable[T_co], data: Json) -> T_co:
    """The object in a response; without it the outcome is unknown."""
    try:
        return kind.from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        name = data.get("id") if isinstance(data, Mapping) else None
        reason = f"unreadable response: {type(error).__name__}"
        raise OmiseUnreadable(f"{reason} in {name}" if name else reason) from None


def _iso(time: datetime) -> str:
    """The time as Omise writes it."""
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _path(*parts: str) -> str:
    """The path of an object; a forged id cannot change the path."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _given(values: Json) -> dict[str, Any]:
    """The values that are not None."""
    return {name: value for name, value in values.items() if value is not None}
