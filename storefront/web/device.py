"""The device cookie: what this browser did here before, signed, so that it is no stranger.

A browser that paid is exempt from the limits of payments that it shares with strangers, and one
that logged in to an account from those of logins to that account. It has a limit of its own, which
a new session does not reset.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache, partial

from flask import Response, after_this_request, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from storefront.accounts.emails import comparable_email
from storefront.fraud.payer_identifiers import PayerIdentifiers
from storefront.web.signing import ClockTolerantSigner, secret_keys

MAX_AGE = timedelta(days=365)

#: A browser remembers at most this many accounts.
MAX_ACCOUNTS = 5


@dataclass(frozen=True, slots=True)
class Device:
    """What is known of a browser."""

    id: str
    paid: bool = False
    #: Digests of the accounts that logged in here.
    accounts: tuple[str, ...] = ()

    def key(self) -> str:
        """What its failures are counted by, in place of the session."""
        return f"device {self.id}"


def device() -> Device | None:
    """What is known of this browser; None for a stranger."""
    if "device" not in g:
        g.device = _read()
    found: Device | None = g.device
    return found


def remember_payment() -> None:
    """Remember that this browser paid."""
    known = device() or _new()
    if not known.paid:
        _write(replace(known, paid=True))


def remember_login(action: str, email: str) -> None:
    """Remember that this browser logged in to an account."""
    known, account = device() or _new(), _digest(action, email)
    others = [other for other in known.accounts if other != account]
    _write(replace(known, accounts=(*others, account)[-MAX_ACCOUNTS:]))


def paying() -> str | None:
    """The key of a browser that paid before."""
    known = device()
    return known.key() if known and known.paid else None


def login_identifiers(action: str, email: str, identifiers: PayerIdentifiers) -> PayerIdentifiers:
    """What the attempts to log in to an account are counted by."""
    known = device()
    identifiers = replace(identifiers, is_known=False)
    if known and _digest(action, email) in known.accounts:
        return replace(identifiers, session_key=known.key(), is_known=True)
    return identifiers


def _digest(action: str, email: str) -> str:
    return hashlib.sha256(f"{action} {comparable_email(email)}".encode()).hexdigest()[:16]


def _new() -> Device:
    return Device(secrets.token_hex(8))


def _cookie_name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_device"


def _serializer() -> URLSafeTimedSerializer:
    return _serializer_with(secret_keys(current_app))


@lru_cache(maxsize=4)
def _serializer_with(keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(keys), salt="device", signer=ClockTolerantSigner)


def _read() -> Device | None:
    cookie = request.cookies.get(_cookie_name())
    if not cookie:
        return None
    try:
        stored = _serializer().loads(cookie, max_age=int(MAX_AGE.total_seconds()))
        return Device(stored["id"], stored["paid"], tuple(stored["accounts"]))
    except BadSignature:
        return None


def _write(known: Device) -> None:
    g.device = known
    stored = {"id": known.id, "paid": known.paid, "accounts": known.accounts}
    after_this_request(partial(_set_cookie, _serializer().dumps(stored)))


def _set_cookie(value: str | bytes, response: Response) -> Response:
    response.set_cookie(
        _cookie_name(),
        str(value),
        max_age=MAX_AGE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response
