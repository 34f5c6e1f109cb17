"""Proxies in front of the shop: those that were counted, and one that was forgotten."""

import pytest

FORWARDED = {"X-Forwarded-For": "8.8.8.8"}


@pytest.mark.parametrize(
    ("hops", "headers", "is_noticed"),
    [
        (0, FORWARDED, True),
        (0, {}, False),
        (1, FORWARDED, False),
    ],
)
def test_forgotten_proxy_is_logged_once(shop_with, capsys, hops, headers, is_noticed):
    client = shop_with(proxy_hops=hops).test_client()

    for _ in range(3):
        client.get("/", headers=headers)

    assert capsys.readouterr().err.count("proxy_not_configured") == is_noticed
