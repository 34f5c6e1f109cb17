"""Signed links that open one order without an account."""

import hmac

from itsdangerous import Signer

from storefront.container import services


def order_key(number: str) -> str:
    """The key that opens one order."""
    return _key(number, services().settings.secret_key.get_secret_value())


def is_valid_order_key(number: str, key: str) -> bool:
    """Whether the key opens this order, also if a replaced secret signed it."""
    settings = services().settings
    secrets = [settings.secret_key.get_secret_value(), *settings.old_secret_keys]
    # Compared as text: base64 decoding would ignore characters after the signature.
    matches = [hmac.compare_digest(_key(number, s).encode(), key.encode()) for s in secrets]
    return any(matches)


def order_path(number: str) -> str:
    """Signed path of the order."""
    return f"/orders/{number}?key={order_key(number)}"


def order_link(number: str) -> str:
    """Signed URL of the order, for mails."""
    return services().settings.public_url + order_path(number)


def _key(number: str, secret: str) -> str:
    return Signer(secret, salt="order").get_signature(number).decode()
