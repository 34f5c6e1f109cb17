"""The shop's own texts."""

from pathlib import Path

import pytest

from storefront.settings import LANGUAGES
from storefront.web.information import TITLES
from tests.support.flask_shopper import FlaskShopper

FOLDER = Path(__file__).parents[2] / "templates" / "information"


@pytest.mark.parametrize("name", TITLES)
def test_text_is_linked_from_every_page(shopper, name):
    assert f'href="/information/{name}"' in shopper.sees("/").text
    assert "<h2>" in shopper.sees(f"/information/{name}").text


def test_every_text_is_in_every_language():
    expected = {f"{name}.{language}.html" for name in TITLES for language in LANGUAGES}
    written = {path.name for path in FOLDER.glob("*.*.html")}

    assert written == expected


def test_unknown_text_is_not_found(shopper):
    shopper.sees("/information/imprint")

    assert shopper.page.status_code == 404


@pytest.fixture
def contact_page(shop_with, world):
    """Gives the contact page of a shop with other settings."""
    return lambda **changes: (
        FlaskShopper(shop_with(**changes), world).sees("/information/contact").text
    )


def test_contact_names_the_merchant(contact_page):
    page = contact_page(
        store_email="help@shop.example", store_address="Shop Ltd, 1 Road", store_tax_id="0105"
    )

    assert 'href="mailto:help@shop.example"' in page
    assert "Shop Ltd<br>" in page
    assert "Tax ID: 0105" in page


def test_contact_without_settings_names_the_sender_of_mails(contact_page):
    page = contact_page(mail_from="shop@shop.example")

    assert 'href="mailto:shop@shop.example"' in page
    assert "<address>" not in page


def test_shipping_names_the_rate_of_each_country(shopper):
    page = shopper.sees("/information/shipping").text

    assert (
        '<td>Japan</td><td class="figures">฿450.00</td><td class="figures">฿4,500.00</td>' in page
    )
    assert '<td>Thailand</td><td class="figures">Free</td>' in page


def test_shop_that_delivers_nothing_names_no_rate(shop_with, world):
    shopper = FlaskShopper(shop_with(delivery=False), world)

    assert "<table" not in shopper.sees("/information/shipping").text
