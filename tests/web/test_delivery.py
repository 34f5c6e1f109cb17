"""Delivery: where an order goes, what that costs, and that both are frozen in the order."""

import re
from decimal import Decimal

import pytest

from storefront.web.language import LANGUAGE_NAMES
from tests.support.flask_shopper import ADDRESS, PASSWORD, FlaskShopper

MUG = 39000
TO_JAPAN = 45000
JAPAN = {"shipping_country": "JP"}
SHIPPING = {name.removeprefix("shipping_"): value for name, value in ADDRESS.items()}


@pytest.fixture
def order_of(services):
    """An order of the shop, by its number."""
    return services.orders.get


def value_of(shopper, name):
    """The value of a field of the last page."""
    page = shopper.page.get_data(as_text=True)
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
    area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>([^<]*)<', page)
    return (found or area)[1]


def country_of(shopper):
    """The country that is chosen on the last page."""
    return re.search(r'<option value="(..)" selected', shopper.page.get_data(as_text=True))[1]


def test_address_shipping_and_tax_are_frozen_in_the_order(shopper, world, order_of):
    shopper.puts_in_cart()

    shopper.pays(**JAPAN, amount=str(MUG + TO_JAPAN))

    order = order_of(shopper.order_number)
    assert (order.amount, order.shipping_amount) == (MUG + TO_JAPAN, TO_JAPAN)
    assert (order.tax_amount, order.tax_basis_points) == (5495, 700)
    assert order.address.model_dump() == SHIPPING | {"country": "JP"}
    assert [charge["amount"] for charge in world.charges()] == [MUG + TO_JAPAN]


def test_order_page_shows_sums_and_address(shopper):
    shopper.puts_in_cart()

    shopper.pays(**JAPAN)

    for words in (
        "Subtotal ฿390.00",
        "Shipping ฿450.00",
        "Total ฿840.00",
        "Including tax (7%) ฿54.95",
        "99/1 Sukhumvit Road Bangkok 10110 Japan 081 234 5678",
    ):
        assert words in shopper.text


def test_receipt_names_sums_and_address(shopper, mailbox):
    shopper.puts_in_cart()
    shopper.pays(**JAPAN)

    (mail,) = mailbox.all()

    for part in ("plain", "html"):
        text = re.sub(r"<[^>]+>", " ", mail.get_body([part]).get_content())
        text = re.sub(r"\s+", " ", text)
        for words in ("฿450.00", "฿840.00", "(7%)", "99/1 Sukhumvit Road", "Japan"):
            assert words in text


@pytest.mark.parametrize(
    ("currency", "country", "total"),
    [
        ("THB", "TH", "฿390.00"),
        ("JPY", "JP", "¥3,580"),
        ("USD", "US", "$36.00"),
        ("EUR", "TH", "€10.00"),
    ],
)
def test_checkout_starts_at_the_home_of_the_currency(shop_with, world, currency, country, total):
    shopper = FlaskShopper(shop_with(store_currency=currency), world)
    shopper.puts_in_cart()

    shopper.sees("/checkout")

    assert country_of(shopper) == country
    assert f"Total {total}" in shopper.text


def test_free_shipping_is_said(shopper):
    shopper.puts_in_cart()

    shopper.sees("/checkout")

    assert "Shipping Free" in shopper.text
    assert "Total ฿390.00" in shopper.text


def test_each_field_with_a_problem_says_so_and_keeps_what_was_typed(shopper, world):
    shopper.puts_in_cart()
    wrong = {"shipping_name": "", "shipping_phone": "call me", "shipping_country": "JP"}

    page = shopper.pays(**wrong)

    page = page.get_data(as_text=True)
    for field, message in (("name", "Enter your full name."), ("phone", "Enter a phone number")):
        assert f'<a href="#shipping_{field}">{message}' in page
        assert re.search(rf'name="shipping_{field}"[^>]* aria-invalid="true"', page)
    assert value_of(shopper, "shipping_phone") == "call me"
    assert value_of(shopper, "shipping_address") == ADDRESS["shipping_address"]
    assert country_of(shopper) == "JP"
    assert "Total ฿840.00" in shopper.text
    assert world.charges() == []


def test_total_of_another_country_is_not_charged(shopper, world):
    shopper.puts_in_cart()

    shopper.pays(**JAPAN, amount=str(MUG))

    assert "The total has changed" in shopper.text
    assert "Pay ฿840.00" in shopper.text
    assert world.charges() == []


def test_country_is_changed_without_javascript(shopper, world):
    shopper.puts_in_cart()
    typed = {**ADDRESS, **JAPAN, "email": "kept@example.com"}

    shopper.submits("/checkout", **typed)

    assert "Pay ฿840.00" in shopper.text
    assert value_of(shopper, "shipping_city") == "Bangkok"
    assert "kept@example.com" in shopper.page.get_data(as_text=True)
    assert world.charges() == []


def test_retry_to_another_country_is_another_order(shopper, order_of):
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")
    first = shopper.order_number

    shopper.pays(**JAPAN)

    assert shopper.status == "paid"
    assert order_of(first).amount == MUG
    assert order_of(shopper.order_number).amount == MUG + TO_JAPAN


def test_retry_keeps_the_address_and_takes_a_correction(shopper, order_of):
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")
    shopper.sees("/checkout")
    assert value_of(shopper, "shipping_name") == "Somchai Prasert"

    shopper.pays(shipping_phone="02 345 6789")

    order = order_of(shopper.order_number)
    assert (order.status, order.address.phone) == ("paid", "02 345 6789")


# Programs


def test_program_needs_no_address(shopper, world, order_of):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token(), amount=MUG, email="a@example.com")

    order = order_of(answer.json["order"])
    assert (answer.status_code, order.amount) == (200, MUG)
    assert (order.address, order.shipping_amount) == (None, None)


def test_program_may_send_an_address(shopper, world, order_of):
    shopper.puts_in_cart()
    body = {"token": world.token(), "shipping": SHIPPING | {"country": "JP"}}

    answer = shopper.pays_by_json(**body, amount=MUG + TO_JAPAN)

    order = order_of(answer.json["order"])
    assert (order.amount, order.address.city) == (MUG + TO_JAPAN, "Bangkok")


@pytest.mark.parametrize("shipping", ["Bangkok", 5, [], {}, {"country": "XX"}])
def test_malformed_address_of_a_program_is_rejected(shopper, world, shipping):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token(), shipping=shipping)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_form")
    assert world.charges() == []


def test_staff_see_where_to_deliver_and_what_has_no_address(shopper, world, staff):
    shopper.puts_in_cart()
    shopper.pays(**JAPAN)
    staff.sees(f"/admin/orders/{shopper.order_number}")
    assert "Shipping ฿450.00" in staff.text
    assert "Bangkok 10110 Japan" in staff.text
    assert "No delivery address" not in staff.text
    shopper.puts_in_cart()
    answer = shopper.pays_by_json(token=world.token())

    staff.sees(f"/admin/orders/{answer.json['order']}")

    assert "No delivery address" in staff.text


# Members


def test_member_is_offered_the_saved_address(member, order_of):
    member.puts_in_cart()
    member.pays(**JAPAN, save_address="1")
    member.puts_in_cart()

    member.sees("/checkout")

    assert value_of(member, "shipping_name") == "Somchai Prasert"
    assert country_of(member) == "JP"


def test_address_is_saved_only_if_the_member_wants_it(member):
    member.puts_in_cart()
    member.pays()
    member.puts_in_cart()

    member.sees("/checkout")

    assert value_of(member, "shipping_name") == ""


def test_saved_address_is_exported_and_deleted(member, services):
    member.puts_in_cart()
    member.pays(save_address="1")
    assert member.sees("/account/export").json["address"] == SHIPPING

    member.sends("/account/address/delete")

    assert member.sees("/account/export").json["address"] is None


def test_saved_address_goes_with_the_account(member, services):
    member.puts_in_cart()
    member.pays(save_address="1")
    user = services.accounts.find("somchai@example.com")

    member.sends("/account/delete", delete_password=PASSWORD)

    assert services.accounts.find_by_id(user.id) is None
    assert services.address_book.find(user.id) is None


def test_guest_saves_no_address(shopper):
    shopper.puts_in_cart()

    shopper.pays(save_address="1")

    assert shopper.status == "paid"


# The shop


def test_shop_without_delivery_asks_for_no_address(shop_with, world):
    shopper = FlaskShopper(shop_with(delivery=False), world)
    shopper.puts_in_cart()
    shopper.sees("/checkout")
    assert "Full name" not in shopper.text
    assert "<dt>Shipping</dt>" not in shopper.page.get_data(as_text=True)

    shopper.pays(**dict.fromkeys(ADDRESS, ""))

    assert shopper.status == "paid"
    assert "Delivery address" not in shopper.text


@pytest.mark.parametrize(("rate", "said"), [(0, None), (7, "tax (7%)"), (7.7, "tax (7.7%)")])
@pytest.mark.parametrize("path", ["/cart", "/checkout"])
def test_pages_say_which_tax_prices_include(shop_with, world, path, rate, said):
    shopper = FlaskShopper(shop_with(tax_rate=Decimal(str(rate))), world)
    shopper.puts_in_cart()

    shopper.sees(path)

    assert re.findall(r"tax \([0-9.]+%\)", shopper.text) == ([said] if said else [])


def test_countries_are_named_in_the_language_of_the_page(shopper):
    names = {"en": "Thailand", "th": "ไทย", "ja": "タイ"}
    shopper.puts_in_cart()
    for language in LANGUAGE_NAMES:
        shopper.sends("/language", language=language)
        assert f">{names[language]}</option>" in shopper.sees("/checkout").get_data(as_text=True)


def test_order_page_shows_the_address_once(shopper):
    shopper.puts_in_cart()
    shopper.pays()

    assert shopper.status == "paid"
    assert shopper.text.count(ADDRESS["shipping_address"]) == 1
