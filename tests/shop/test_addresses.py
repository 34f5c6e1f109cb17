"""A delivery address is checked field by field, and kept as it was typed but for spaces."""

import pytest

from storefront.errors import InvalidForm
from storefront.shop.addresses import Address

GOOD = {
    "name": "Somchai Prasert",
    "address": "99/1 Sukhumvit Road",
    "city": "Bangkok",
    "postal_code": "10110",
    "country": "TH",
    "phone": "081 234 5678",
}
COUNTRIES = ("TH", "GB", "JP")


def problems_of(**changes):
    with pytest.raises(InvalidForm) as rejected:
        Address.parse(GOOD | changes, COUNTRIES)
    return rejected.value.problems


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "  สมชาย ประเสริฐ ", "สมชาย ประเสริฐ"),
        ("name", "O'Brien-Smith, Jr.", "O'Brien-Smith, Jr."),
        ("address", "99/1\r\nSukhumvit Road", "99/1\nSukhumvit Road"),
        ("postal_code", "sw1a 1aa", "SW1A 1AA"),
        ("postal_code", "\uff11\uff10\uff10-\uff10\uff10\uff10\uff11", "100-0001"),
        ("postal_code", "๑๐๑๑๐", "10110"),
        ("phone", "+66 (0)81-234-5678", "+66 (0)81-234-5678"),
        ("phone", "๐๘๑๒๓๔๕๖๗๘", "0812345678"),
    ],
)
def test_address_is_accepted(field, typed, kept):
    address = Address.parse(GOOD | {field: typed}, COUNTRIES)

    assert getattr(address, field) == kept


@pytest.mark.parametrize("field", GOOD)
@pytest.mark.parametrize("value", ["", "  ", None, 5, ["x"], {"x": "y"}])
def test_each_field_is_needed(field, value):
    assert list(problems_of(**{field: value})) == [f"shipping_{field}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 101),
        ("name", "two\nlines"),
        ("name", "bell\x07"),
        ("address", "x" * 201),
        ("city", "x" * 101),
        ("postal_code", "1"),
        ("postal_code", "10110; DROP"),
        ("country", "XX"),
        ("country", "th"),
        ("phone", "12345"),
        ("phone", "1234567890123456"),
        ("phone", "call me maybe"),
    ],
)
def test_value_that_cannot_be_right_is_rejected(field, value):
    assert list(problems_of(**{field: value})) == [f"shipping_{field}"]


def test_all_problems_are_told_at_once_in_the_order_of_the_form():
    with pytest.raises(InvalidForm) as rejected:
        Address.parse({}, COUNTRIES)

    assert list(rejected.value.problems) == [f"shipping_{field}" for field in GOOD]
