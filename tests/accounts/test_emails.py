"""Email addresses are normalized before they are stored or compared."""

import pytest

from storefront.accounts.emails import normalize_email
from storefront.errors import InvalidForm


@pytest.mark.parametrize("text", ["somchai@example.com", " Somchai@Example.COM\n"])
def test_case_and_spaces_do_not_matter(text):
    assert normalize_email(text) == "somchai@example.com"


@pytest.mark.parametrize("text", ["", "somchai", "@example.com", "a b@example.com", "a@example"])
def test_text_that_is_no_address_is_rejected(text):
    with pytest.raises(InvalidForm) as rejected:
        normalize_email(text)

    assert list(rejected.value.problems) == ["email"]
