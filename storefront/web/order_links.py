"""Links that carry their own proof: whoever holds one was given it by the shop."""

import hmac

from itsdangerous import Signer

from storefront.container import services


def order_key(number: str) -> str:
    """The key that opens one order."""
    return _key(number, services().settings.secret_key.get_secret_value())


def order_key_is_right(number: str, key: str) -> bool:
    """Whether the key opens this order."""
    settings = services().settings
    secrets = [settings.secret_key.get_secret_value(), *settings.old_secret_keys]
    # As text: decoded, a key with something after it could pass for the same.
    matches = [hmac.compare_digest(_key(number, s).encode(), key.encode()) for s in secrets]
    return any(matches)


def order_path(number: str) -> str:
    """Signed path that opens the order without an account."""
    return f"/orders/{number}?key={order_key(number)}"


def order_link(number: str) -> str:
    """Signed URL that opens the order without an account; for mails."""
    return services().settings.public_url + order_path(number)


def _key(number: str, secret: str) -> str:
    return Signer(secret, salt="order").get_signature(number).decode()
