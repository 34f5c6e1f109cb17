"""Webhooks of Omise: whether one is genuine, and what it points at.

Omise signs `<timestamp>.<raw body>` with HMAC-SHA256 under the webhook secret, which the dashboard
shows in base64, and sends the signature in hex. While a secret is being replaced two signatures
come, separated by a comma (docs.omise.co/api-webhooks).
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from .errors import OmiseError

SIGNATURE_HEADER = "Omise-Signature"
TIMESTAMP_HEADER = "Omise-Signature-Timestamp"

#: How old a signature may be. Omise names no limit; five minutes is what merchants use.
TOLERANCE = timedelta(minutes=5)


class UntrustedEvent(OmiseError):
    """A webhook that does not prove where it came from, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a webhook says happened. Only its ids are used; the rest is read from Omise."""

    id: str
    key: str  #: such as charge.complete
    charge_id: str | None  #: the charge that it is about, if it is about one

    @classmethod
    def from_body(cls, body: bytes) -> Self:
        """The event in a webhook's body.

        Raises:
            UntrustedEvent: when it is none.
        """
        try:
            data = json.loads(body)
            about = data["data"]
            charge_id = _charge_id(about)
            kind, event_id, key = data["object"], data["id"], data["key"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UntrustedEvent("no event") from None
        is_readable = _is_word(event_id) and _is_word(key)
        if kind != "event" or not is_readable or not (charge_id is None or _is_word(charge_id)):
            raise UntrustedEvent("no event")
        return cls(id=event_id, key=key, charge_id=charge_id)


def _charge_id(about: Mapping[str, Any]) -> Any:  # noqa: ANN401 - checked by the caller
    """The id of the charge that an object is, or that it belongs to, perhaps as a whole."""
    match about.get("object"):
        case "charge":
            return about.get("id")
        case "refund" | "dispute":
            charge = about.get("charge")
            return charge.get("id") if isinstance(charge, Mapping) else charge
    return None


def _is_word(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[\w.-]{1,100}", value, re.ASCII) is not None


def verify_signature(
    body: bytes, *, signature: str, timestamp: str, secrets: list[str], now: datetime
) -> None:
    """Say nothing when Omise signed these very bytes a short time ago.

    Args:
        body: the raw body, before anything has read it.
        signature: the value of `Omise-Signature`.
        timestamp: the value of `Omise-Signature-Timestamp`, in Unix seconds.
        secrets: the webhook secrets in base64; during a rotation the old one and the new one.
        now: the present time, aware.

    Raises:
        UntrustedEvent: it is not signed with a known secret, or was signed too long ago.
    """
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise UntrustedEvent("no timestamp")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise UntrustedEvent("the timestamp is too far from now")
    given = [part.strip().encode() for part in signature.split(",")]
    signed = timestamp.encode() + b"." + body
    expected = [sign(signed, secret) for secret in secrets]
    # Every pair is compared, each in constant time, so that the time taken tells nothing.
    matches = [hmac.compare_digest(mine, theirs) for mine in expected for theirs in given]
    if not any(matches):
        raise UntrustedEvent("the signature does not match")


def sign(text: bytes, secret: str) -> bytes:
    """The signature of a text, in hex.

    Raises:
        UntrustedEvent: when the secret is not base64.
    """
    try:
        key = base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        raise UntrustedEvent("the webhook secret is not base64") from None
    return hmac.new(key, text, hashlib.sha256).hexdigest().encode()
