"""Omise has no address, or is too busy: nothing is charged twice, and the shopper is told."""

import pytest

from tests.support.flask_shopper import FlaskShopper


@pytest.fixture
def without_address(shop_with, world):
    """A shopper of a shop that cannot look up the name of Omise."""
    shopper = FlaskShopper(shop_with(omise_api_url="http://api.omise.invalid"), world)
    shopper.puts_in_cart()
    return shopper


def test_name_that_cannot_be_looked_up_charges_nothing(without_address, world):
    without_address.pays()

    assert world.charges() == []
    assert without_address.status == "payment_failed"
    assert "You have not been charged." in without_address.text


def test_busy_omise_charges_nothing_and_can_be_tried_again(shopper, world):
    world.fails("POST", "/charges", "status", status=429, times=1)
    shopper.puts_in_cart()

    shopper.pays()
    assert shopper.status == "payment_failed"
    assert "You have not been charged. Wait a minute and try again." in shopper.text

    shopper.pays()
    assert shopper.status == "paid"
    assert len(world.charges()) == 1
