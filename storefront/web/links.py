"""Links that carry their own proof: whoever holds one was given it by the shop."""

from itsdangerous import Signer

from . import shop


def order_key(number: str) -> str:
    """The key that opens one order."""
    return _signer().get_signature(number).decode()


def order_key_is_right(number: str, key: str) -> bool:
    """Whether the key opens this order."""
    return _signer().verify_signature(number, key)


def return_uri(number: str) -> str:
    """Where the bank sends the shopper back to. Built on PUBLIC_URL, never on a Host header."""
    base = shop().settings.public_url
    return f"{base}/orders/{number}/return?key={order_key(number)}"


def order_link(number: str) -> str:
    """Where whoever holds the link can look at the order again, without an account."""
    base = shop().settings.public_url
    return f"{base}/orders/{number}?key={order_key(number)}"


def _signer() -> Signer:
    settings = shop().settings
    newest = settings.secret_key.get_secret_value()
    return Signer([*settings.old_secret_keys, newest], salt="order")
