"""What Omise learns of the cardholder for 3-D Secure, and what staff learn from Omise."""

import re

import pytest

from storefront.payments.omise.objects import Charge
from tests.support.flask_shopper import FlaskShopper

STOLEN, WITH_3DS = "4111111111130012", "4000000000003063"


def marked_fields(shopper):
    """The fields whose values go to Omise with the card."""
    return re.findall(r'data-cardholder="(\w+)"', shopper.page.get_data(as_text=True))


@pytest.mark.parametrize(
    ("setting", "fields"),
    [
        (
            "email,phone,address",
            ["email", "street1", "city", "postal_code", "country", "phone_number"],
        ),
        ("email,phone", ["email", "phone_number"]),
        ("none", []),
    ],
)
def test_setting_says_what_goes_to_omise_with_the_card(shop_with, world, setting, fields):
    shopper = FlaskShopper(shop_with(cardholder_fields=setting), world)
    shopper.puts_in_cart()

    shopper.sees("/checkout")

    assert marked_fields(shopper) == fields


@pytest.mark.parametrize("path", ["/checkout", "/cards"])
def test_email_of_a_member_goes_to_omise_and_not_with_the_form(shopper, path):
    shopper.signs_up()
    shopper.puts_in_cart()

    page = shopper.sees(path).get_data(as_text=True)

    (field,) = re.findall(r'<input[^>]*data-cardholder="email"[^>]*>', page)
    assert 'value="somchai@example.com"' in field
    assert "name=" not in field


def test_staff_read_that_a_card_must_not_be_tried_again(shopper, staff):
    shopper.puts_in_cart()
    shopper.pays(STOLEN)

    staff.sees(f"/admin/orders/{shopper.order_number}")

    assert "Do not try this card again." in staff.text
    assert "Do not retry the transaction with the same card." in staff.text
    assert "try this card" not in shopper.text


def test_a_card_without_funds_may_be_tried_again(shopper, staff):
    shopper.puts_in_cart()
    shopper.pays("4111111111140011")

    staff.sees(f"/admin/orders/{shopper.order_number}")

    assert "Do not try this card again." not in staff.text


@pytest.mark.parametrize(
    ("card", "missing"), [({}, "email, phone_number"), ({"email": "a@example.com"}, None)]
)
def test_staff_read_what_3ds_lacked_and_how_it_ended(shopper, world, staff, card, missing):
    shopper.puts_in_cart()
    shopper.pays(token=world.token(WITH_3DS, **card))

    staff.sees(f"/admin/orders/{shopper.order_number}")

    assert ("3-D Secure lacked" in staff.text) == bool(missing)
    assert f"3-D Secure lacked: {missing}." in staff.text or missing is None
    assert "Cardholder authenticated by 3DS" in staff.text


@pytest.mark.parametrize("value", [None, 5, {}, [None, 5, "\ud800"], "email", [["email"]]])
def test_remarks_that_cannot_be_read_stop_no_charge(shopper, world, value):
    shopper.puts_in_cart()
    shopper.pays()
    (charge,) = world.charges()
    remarks = dict.fromkeys(("missing_3ds_fields", "authenticated_by", "merchant_advice"), value)

    read = Charge.from_json(charge | remarks)

    assert read.paid
    assert read.missing_3ds_fields == ()
