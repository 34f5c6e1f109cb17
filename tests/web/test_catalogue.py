"""The page of a product: its pictures, and the products beside it and in an empty cart."""

import re

import pytest

from storefront.shop.catalogue import Catalogue

THB = Catalogue.in_currency("THB")
SKUS = [product.sku for product in THB]


def pictures(shopper):
    """The text of each picture of a product on the last page, by its address."""
    images = re.findall(
        r'<img src="([^"]*/products/[^"]+)" alt="([^"]+)"', shopper.page.get_data(as_text=True)
    )
    return dict(images)


@pytest.mark.parametrize("product", THB, ids=lambda product: product.sku)
def test_product_is_shown_in_two_pictures(product, shopper):
    shopper.sees(f"/products/{product.sku}")

    shown = pictures(shopper)
    own = {path: alt for path, alt in shown.items() if re.search(rf"/{product.sku}\b", path)}
    assert list(own.values()) == [product.picture_alt, product.detail_alt]
    drawings = [shopper.sees(path).get_data() for path in own]
    assert all(drawing.startswith(b"<svg") for drawing in drawings)
    assert drawings[0] != drawings[1]


def test_home_shows_one_picture_of_each_product(shopper):
    shopper.sees("/")

    assert list(pictures(shopper).values()) == [product.picture_alt for product in THB]


@pytest.mark.parametrize(
    ("sku", "others"),
    [
        (SKUS[0], SKUS[1:5]),
        (SKUS[-2], [SKUS[-1], *SKUS[:3]]),
        (SKUS[-1], SKUS[:4]),
    ],
)
def test_product_page_leads_to_those_that_follow(sku, others, shopper):
    page = shopper.sees(f"/products/{sku}").get_data(as_text=True)

    assert re.findall(r'href="/products/(\w+)"', page) == others


def test_small_catalogue_shows_each_other_product_once(shopper):
    few = Catalogue(tuple(THB)[:3])

    assert [product.sku for product in few.following(SKUS[1], 4)] == [SKUS[2], SKUS[0]]


def test_empty_cart_shows_products(shopper):
    page = shopper.sees("/cart").get_data(as_text=True)

    assert re.findall(r'href="/products/(\w+)"', page) == SKUS[:4]
    shopper.puts_in_cart()
    assert "You may also like" not in shopper.sees("/cart").get_data(as_text=True)
