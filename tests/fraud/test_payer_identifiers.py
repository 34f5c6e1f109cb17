"""Network prefixes of payers."""

import pytest

from storefront.fraud.payer_identifiers import network_prefix


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("8.8.4.7", "8.8.4.0/24"),
        ("::ffff:8.8.4.7", "8.8.4.0/24"),
        ("2600:1f18::1:1", "2600:1f18::/48"),
    ],
)
def test_public_address_has_a_network_prefix(address, prefix):
    assert network_prefix(address) == prefix


@pytest.mark.parametrize(
    "address", [None, "", "unknown", "127.0.0.1", "10.0.0.1", "::1", "fe80::1"]
)
def test_address_that_identifies_no_payer_has_none(address):
    assert network_prefix(address) is None
