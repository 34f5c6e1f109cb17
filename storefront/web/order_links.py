"""Signed links that open one order without an account, for a month."""

import hmac
from datetime import timedelta
from enum import Enum

from itsdangerous import Signer

from storefront.container import services

MAX_AGE = timedelta(days=30)


class KeyState(Enum):
    """What a key is good for: it opens the order, it only gets a new link, or nothing."""

    VALID = "valid"
    EXPIRED = "expired"
    FORGED = "forged"


def order_key(number: str) -> str:
    """The key that opens one order: when it was made, and the signature of both."""
    issued = f"{int(services().now().timestamp()):x}"
    return _key(number, issued, services().settings.secret_key.get_secret_value())


def key_state(number: str, key: str) -> KeyState:
    """Whether the key opens this order, also if a replaced secret signed it."""
    settings, issued = services().settings, key.partition(".")[0]
    secrets = [settings.secret_key.get_secret_value(), *settings.old_secret_keys]
    # Compared as text: base64 decoding would ignore characters after the signature.
    matches = [
        hmac.compare_digest(_key(number, issued, secret).encode(), key.encode())
        for secret in secrets
    ]
    if not any(matches):
        return KeyState.FORGED
    age = services().now().timestamp() - int(issued, 16)
    return KeyState.VALID if age < MAX_AGE.total_seconds() else KeyState.EXPIRED


def order_path(number: str) -> str:
    """Signed path of the order."""
    return f"/orders/{number}?key={order_key(number)}"


def order_link(number: str) -> str:
    """Signed URL of the order, for mails."""
    return services().settings.public_url + order_path(number)


def _key(number: str, issued: str, secret: str) -> str:
    signature = Signer(secret, salt="order").get_signature(f"{number} {issued}").decode()
    return f"{issued}.{signature}"
