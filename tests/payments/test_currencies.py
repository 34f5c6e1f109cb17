"""A purchase in each currency: the decimals on every page, and the amount that reaches Omise."""

import re

import pytest

from storefront.payments.method_offers import OWN_CURRENCY
from storefront.payments.methods import CHARGE_LIMITS, charge_limits
from storefront.payments.money import Money
from tests.support.flask_shopper import FlaskShopper

#: Currency → the country of the account, and how many decimals it has.
CURRENCIES = {
    "THB": ("TH", 2),
    "JPY": ("JP", 0),
    "SGD": ("SG", 2),
    "MYR": ("MY", 2),
    "USD": ("TH", 2),
    "EUR": ("SG", 2),
    "GBP": ("MY", 2),
}
STAFF = "a long password of staff"

#: What stands before an amount, in any of the currencies.
AMOUNT = re.compile(r"(?:฿|¥|US\$|\$|€|£|SGD |MYR )([0-9][0-9,.]*[0-9])")


#: What is kept of money is the same on SQLite and on PostgreSQL.
on_both_databases = pytest.mark.usefixtures("database")


@pytest.fixture(params=CURRENCIES)
def currency(request, world):
    """Each currency, at an account of a country that has it."""
    country, _ = CURRENCIES[request.param]
    world.control("POST", "settings", {"country": country})
    return request.param


@pytest.fixture
def app(shop_with, currency):
    """A shop that sells in that currency."""
    return shop_with(store_currency=currency)


def amounts(shopper):
    """Every amount on the page."""
    return AMOUNT.findall(shopper.text)


def has_right_decimals(amount, currency):
    """Whether an amount is written with the decimals of the currency."""
    _, decimals = CURRENCIES[currency]
    return len(amount.partition(".")[2]) == decimals


@on_both_databases
def test_purchase_in_each_currency(shopper, services, world, currency):
    price = services.catalogue.product("mug").price
    pages = {}

    def looks(path):
        shopper.sees(path)
        pages[path] = amounts(shopper)

    shopper.puts_in_cart("mug", 2)
    for path in ("/", "/products/mug", "/cart", "/checkout"):
        looks(path)
    shopper.pays()
    looks(f"/orders/{shopper.order_number}")

    assert shopper.status == "paid"
    (charge,) = world.charges()
    assert (charge["amount"], charge["currency"]) == (price.amount * 2, currency)
    for path, found in pages.items():
        assert found, path
        assert all(has_right_decimals(amount, currency) for amount in found), (path, found)
    assert price.plain in [amount.replace(",", "") for amount in pages["/products/mug"]]


@on_both_databases
def test_receipt_history_and_admin_show_the_currency(shopper, app, services, world, currency):
    shopper.signs_up()
    shopper.puts_in_cart("mug", 2)
    shopper.pays()
    number = shopper.order_number
    total = (services.catalogue.product("mug").price * 2).plain
    services.engine.worker.run_due()
    services.staff_accounts.create_or_reset("anong@example.com", STAFF)
    staff = FlaskShopper(app, world)
    staff.sends("/admin/login", email="anong@example.com", password=STAFF)

    for who, path in [
        (shopper, "/orders"),
        (staff, "/admin"),
        (staff, "/admin/orders"),
        (staff, f"/admin/orders/{number}"),
        (staff, "/admin/mails/1"),
    ]:
        who.sees(path)
        found = [amount.replace(",", "") for amount in amounts(who)]
        assert total in found, path
        assert all(has_right_decimals(amount, currency) for amount in found), (path, found)


@on_both_databases
def test_partial_refund_in_each_currency(shopper, services, world, currency):
    shopper.puts_in_cart("mug")
    shopper.pays()
    number, price = shopper.order_number, services.catalogue.product("mug").price

    services.engine.operations.refund(number, amount=100, idempotency_key="one", reason="")

    assert services.engine.repository.get(number).refundable.amount == price.amount - 100
    (charge,) = world.charges()
    assert charge["refunded_amount"] == 100


def test_limits_come_from_the_capability(services, currency):
    least, most = (Money(each, currency) for each in charge_limits(currency))
    assert (least.amount, most.amount) == CHARGE_LIMITS[currency]
    assert least.currency == most.currency == currency
    capability = services.engine.omise.capability()
    if currency == OWN_CURRENCY[capability.country]:
        assert (capability.least, capability.most) == CHARGE_LIMITS[currency]


def test_every_product_has_a_price_in_each_currency(services, currency):
    prices = [product.price for product in services.catalogue]

    assert {price.currency for price in prices} == {currency}
    least, most = (Money(each, currency) for each in charge_limits(currency))
    assert all(least.amount <= price.amount <= most.amount for price in prices)
