"""Checks that Omise and banks reach the views of the engine, past all that the host puts before."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def refused_requests(
    client: "FlaskClient", *, public_url: str, webhook: str, bank_return: str
) -> Iterator[str]:
    """Send both as Omise and a bank would, without a token or a cookie; neither changes anything.

    Args:
        client: of the host, without cookies.
        public_url: the address of the host.
        webhook: the path of the webhook, which refuses the empty one as not signed.
        bank_return: the path to which a bank sends a form, with the key of any payment: the
            shopper is sent there again by GET before the payment is looked up.
    """
    for name, path, expected in (
        ("A webhook", webhook, HTTPStatus.UNAUTHORIZED),
        ("A return from the bank", bank_return, HTTPStatus.SEE_OTHER),
    ):
        status = client.post(path, base_url=public_url).status_code
        if status != expected:
            yield (
                f"{name} is answered with HTTP {status}: let POST {path.partition('?')[0]} pass "
                "without a CSRF token and without a log-in"
            )
