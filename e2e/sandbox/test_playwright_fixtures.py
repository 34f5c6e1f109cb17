"""The page objects that ship with the sandbox, on this shop and on another form."""

import pytest

from omise_sandbox.playwright import BankPage, Card, CardForm, ShopTraffic, expect_one_charge
from omise_sandbox.testing import World

OTHER_FORM = """
<label>Cardholder <input></label> <label>Card number <input></label>
<label>Month <select><option>1<option>12</select></label>
<label>Year <input></label> <label>CVC <input></label>
"""


def test_three_ds_payment_of_this_shop(page, shopper, world, watch):
    traffic = ShopTraffic(page.context, f"http://{watch.shop}")
    shopper.go_to_checkout()
    card = Card(number="4000000000003063")

    page.get_by_label("Email").fill("somchai@example.com")
    CardForm(page).fill(card)
    page.get_by_role("button", name="Pay").click()
    BankPage(page).approve()
    page.wait_for_url(f"http://{watch.shop}/**")

    traffic.expect_no_card_data(card)
    expect_one_charge(World(world.url, world.public_key, world.secret_key))


def test_form_is_filled_by_its_labels(page):
    page.set_content(OTHER_FORM)

    CardForm(page).fill(Card())

    entered = page.evaluate("[...document.querySelectorAll('input, select')].map((f) => f.value)")
    assert entered == ["Somchai Prasert", "4242424242424242", "12", "2040", "123"]


def test_missing_field_is_named(page):
    page.set_content("<label>Card number <input></label>")

    with pytest.raises(LookupError, match="no field for the expiry"):
        CardForm(page).fill(Card())


def test_card_data_at_the_shop_is_found(page, watch, shopper):
    traffic = ShopTraffic(page.context, f"http://{watch.shop}")
    shopper.go_to_checkout()
    page.evaluate("fetch('/healthz?x=4242+4242+4242+4242')")

    with pytest.raises(AssertionError, match=r"card data reached the shop: .*healthz"):
        traffic.expect_no_card_data()
