"""Clicks, tabs, reloads, and a cart or a price that changes meanwhile: one charge at most."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from storefront.payments.money import Money
from storefront.shop.catalogue import Catalogue
from tests.payments.conftest import paid_charges

MUG = 39000


@contextmanager
def paying(shopper, world):
    """Omise takes its time over a payment of the shopper's, which ends with the block."""
    world.fails("POST", "/charges", "delay", seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(shopper.pays)
        world.waits_for_the_fault()
        yield
        under_way.result()


# Twice


@pytest.mark.parametrize("same_token", [True, False], ids=["double click", "two tabs"])
def test_concurrent_payments_make_one_charge(shopper, world, same_token):
    shopper.puts_in_cart()
    tokens = [world.token()] * 4 if same_token else [world.token() for _ in range(4)]

    answers = shopper.pays_in_tabs(tokens)

    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.get_json()["order"] for answer in answers}) == 1
    assert paid_charges(world) == [MUG]


def test_second_submission_during_the_first_charges_nothing(shopper, world):
    shopper.puts_in_cart()
    first, second = shopper.tabs(2)

    with paying(first, world):
        second.pays()

    assert second.status == "confirming"
    assert (first.status, first.order_number) == ("paid", second.order_number)
    assert paid_charges(world) == [MUG]


def test_same_token_twice_makes_one_charge(shopper, world):
    token = world.token()
    shopper.puts_in_cart()
    cookie = shopper.cookie
    shopper.pays(token=token)

    shopper.cookie = cookie
    shopper.pays(token=token)

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


def test_token_of_another_cart_is_rejected(shopper, world):
    token = world.token()
    shopper.puts_in_cart()
    shopper.pays(token=token)
    shopper.puts_in_cart("lamp")

    shopper.pays(token=token)

    assert "These card details have already been used." in shopper.text
    assert paid_charges(world) == [MUG]


def test_reload_of_the_result_page_charges_nothing(shopper, world, paid):
    for _ in range(3):
        shopper.sees(f"/orders/{paid}")

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


def test_back_button_after_paying_leads_to_the_order(shopper, world):
    """The browser still has the old page and the old cookie, and sends the form once more."""
    shopper.puts_in_cart()
    cookie = shopper.cookie
    shopper.pays()
    number = shopper.order_number

    shopper.cookie = cookie
    shopper.sees("/checkout")
    assert (shopper.status, shopper.order_number) == ("paid", number)
    shopper.cookie = cookie
    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert paid_charges(world) == [MUG]


# The cart and the prices


def test_changed_cart_is_not_charged_and_shows_the_new_total(shopper, world):
    shopper.puts_in_cart()
    shopper.puts_in_cart("lamp")

    shopper.pays(amount=MUG)

    assert "The total has changed." in shopper.text
    assert "฿2,280.00" in shopper.text
    assert world.charges() == []


def test_cart_changed_during_payment_is_charged_as_it_was(shopper, world):
    shopper.puts_in_cart()
    first, second = shopper.tabs(2)

    with paying(first, world):
        second.puts_in_cart("lamp")
        second.pays()

    assert first.status == "paid"
    assert second.order_number == first.order_number
    assert paid_charges(world) == [MUG]


@pytest.fixture
def dearer(shop_with):
    """The same shop after every price went up by a baht."""
    app = shop_with()
    shop = app.extensions["shop"]
    catalogue = Catalogue(
        tuple(
            replace(product, price=Money(product.price.amount + 100, product.price.currency))
            for product in shop.catalogue
        )
    )
    app.extensions["shop"] = replace(shop, catalogue=catalogue)
    return app


def test_changed_price_is_not_charged_and_shows_the_new_total(shopper, dearer, world):
    shopper.puts_in_cart()
    (late,) = shopper.tabs(1, dearer)

    late.pays(amount=MUG)

    assert "฿391.00" in late.text
    assert world.charges() == []


def test_price_changed_after_a_decline_makes_a_new_order(shopper, dearer, world, repository):
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")
    declined = shopper.order_number
    (late,) = shopper.tabs(1, dearer)

    late.pays(amount=MUG + 100)

    assert late.status == "paid"
    assert repository.get(declined).status == "cancelled"
    assert repository.get(declined).amount == MUG
    assert paid_charges(world) == [MUG + 100]


def test_price_changed_after_the_charge_leaves_the_order(shopper, dearer, world, repository):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    number = shopper.order_number
    (late,) = shopper.tabs(1, dearer)

    late.pays()

    assert (late.status, late.order_number) == ("confirming", number)
    assert repository.get(number).amount == MUG
