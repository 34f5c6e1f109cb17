"""The ways to pay: what is offered, to whom, and what becomes of a wish that cannot be met."""

import re
from dataclasses import replace

import pytest
import requests

from storefront.payments.method_offers import MAX_UNGROUPED, Methods, group_methods, offered
from storefront.payments.methods import CARD, METHODS, Contact, MethodKind
from storefront.payments.money import Money
from storefront.payments.omise import Capability
from tests.support.flask_shopper import FlaskShopper

#: Currency of an account → its country.
COUNTRIES = {"THB": "TH", "JPY": "JP", "SGD": "SG", "MYR": "MY"}

OTHERS = [method for method in METHODS.values() if method.kind != MethodKind.CARD]
ROWS = [(method, currency) for method in OTHERS for currency in method.currencies]

#: A total that every account of a currency takes.
TOTAL = {"THB": 200_000, "JPY": 1680, "SGD": 2900, "MYR": 5900}

CONTACT = Contact("Hanako Yamada-Tanaka", "hanako@example.com", "+81 90 1234 5678")


def source_of(method, capability):
    """The source of a method, with the first thing that a shopper can choose."""
    options = capability.options.get((method.type, method.asks), ())
    return method.source_with(options[0][0] if options else None, CONTACT)


@pytest.fixture
def account(world):
    """Makes the account one of the country that has the currency."""

    def of(currency):
        world.control("POST", "settings", {"country": COUNTRIES[currency]})
        return currency

    return of


@pytest.fixture
def capability(services):
    """What the account can take, as Omise tells it now."""
    return services.engine.omise.capability


@pytest.mark.parametrize(
    ("method", "currency"), ROWS, ids=lambda value: getattr(value, "type", value)
)
def test_omise_accepts_every_method(world, account, capability, method, currency):
    account(currency)

    charge = world.api(
        "POST",
        "/charges",
        {
            "amount": TOTAL[currency],
            "currency": currency,
            "source": source_of(method, capability()),
            "return_uri": "http://shop.test/back",
        },
    )

    assert charge["object"] == "charge", charge
    source = charge["source"]
    has_code = bool(source["scannable_code"])
    assert has_code == (method.kind == MethodKind.SCAN)
    assert bool(charge["authorize_uri"]) == (method.kind == MethodKind.REDIRECT)


@pytest.mark.parametrize("currency", COUNTRIES)
def test_only_methods_of_the_account_are_offered(account, capability, currency):
    account(currency)
    had = capability().currencies

    found = [method.type for method in offered(Money(TOTAL[currency], currency), capability())]

    wanted = [m.type for m in OTHERS if currency in m.currencies and m.type in had]
    assert found == [CARD, *wanted]
    assert len(found) > 1


def test_method_outside_the_capability_is_not_offered(capability):
    whole = capability()
    poorer = {name: can for name, can in whole.currencies.items() if name != "promptpay"}

    types = {m.type for m in offered(Money(39000, "THB"), replace(whole, currencies=poorer))}

    assert "promptpay" not in types
    assert "mobile_banking_kbank" in types


def test_currency_outside_the_capability_is_not_offered(capability):
    assert [m.type for m in offered(Money(2900, "SGD"), capability())] == [CARD]


@pytest.mark.parametrize(
    ("amount", "types"),
    [(1999, [CARD]), (2000, [CARD, "promptpay"]), (9000, [CARD, "promptpay"]), (9001, [CARD])],
)
def test_only_cards_are_offered_outside_the_limits(amount, types):
    limits = Capability({"promptpay": frozenset({"THB"})}, least=2000, most=9000, country="TH")

    assert [method.type for method in offered(Money(amount, "THB"), limits)] == types


def test_capability_is_cached(services, world, clock):
    methods = Methods(services.engine.omise, now=clock)
    total = Money(39000, "THB")
    asked = [len(methods.for_total(total)) for _ in range(3)]
    assert asked_of(world) == 1

    clock.advance(Methods.FRESH.total_seconds())
    methods.for_total(total)

    assert asked_of(world) == 2
    assert min(asked) > 1


def asked_of(world):
    """How often the capability was asked for."""
    return sum(
        request["path"] == "/capability" for request in world.control("GET", "requests")["data"]
    )


def test_only_cards_are_offered_without_a_capability(shopper, world, clock):
    world.fails("GET", "/capability", "status", status=503)
    shopper.puts_in_cart()

    shopper.sees("/checkout")
    assert shopper.page.status_code == 200
    assert "How to pay" not in shopper.text
    shopper.pays()
    assert shopper.status == "paid"

    clock.advance(Methods.AGAIN.total_seconds())
    shopper.puts_in_cart()
    shopper.sees("/checkout")
    assert "PromptPay" in shopper.text


def test_last_known_capability_is_kept(shopper, world, clock):
    shopper.puts_in_cart()
    shopper.sees("/checkout")
    clock.advance(Methods.FRESH.total_seconds())
    world.fails("GET", "/capability", "status", status=503, times=3)

    shopper.sees("/checkout")

    assert "PromptPay" in shopper.text


@pytest.mark.parametrize("method", ["paynow", "bitcoin", "CARD", "<b>"])
def test_rejected_method_is_explained_and_input_kept(shopper, world, method):
    shopper.puts_in_cart("mug", 2)

    answer = shopper.submits("/charge", method=method, email="somchai@example.com")

    assert "Choose a payment method." in shopper.text
    page = answer.get_data(as_text=True)
    assert 'value="somchai@example.com"' in page
    assert "Stoneware mug \N{MULTIPLICATION SIGN} 2" in shopper.text
    assert world.charges() == []


@pytest.mark.parametrize(
    ("currency", "primary", "collapsed"),
    [
        ("THB", [CARD, "promptpay"], ["Mobile banking", "Wallets"]),
        ("SGD", [CARD, "paynow"], ["Mobile banking", "Wallets"]),
        ("MYR", [CARD, "duitnow_qr"], ["Wallets", "Online banking"]),
    ],
)
def test_other_methods_are_in_a_closed_group(account, capability, currency, primary, collapsed):
    methods = list(offered(Money(TOTAL[account(currency)], currency), capability()))

    shown = group_methods(methods)

    assert [method.type for method in shown.primary] == primary
    assert [group.label for group in shown.collapsed] == collapsed
    others = [method for group in shown.collapsed for method in group.methods]
    others += shown.installments
    assert {method.type for method in shown.primary + others} == {each.type for each in methods}


def test_few_methods_are_not_grouped():
    few = list(METHODS.values())[:MAX_UNGROUPED]

    assert group_methods(few) == (few, [], [])


def test_group_with_the_chosen_method_is_open(shopper):
    shopper.puts_in_cart()
    assert '<details class="payment-menu">' in shopper.sees("/checkout").get_data(as_text=True)

    page = shopper.submits("/charge", method="shopeepay", email="nonsense").get_data(as_text=True)

    assert '<details class="payment-menu" open>' in page


def test_chosen_method_stays_chosen(shopper):
    shopper.puts_in_cart()

    page = shopper.submits("/charge", method="promptpay", email="nonsense").get_data(as_text=True)

    assert 'value="promptpay" checked' in page


def test_qr_code_by_json(shopper, world):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(method="promptpay", email="somchai@example.com").json

    (charge,) = world.charges()
    assert answer["charge"] == {"id": charge["id"], "status": "pending"}
    assert (charge["amount"], charge["source"]["type"]) == (39000, "promptpay")
    order = answer["order"]
    shopper.sees(f"/orders/{order}")
    assert shopper.status == "awaiting_payment"
    assert "Scan to pay with PromptPay" in shopper.text


def test_redirect_method_by_json(shopper, world):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(method="mobile_banking_scb", email="somchai@example.com").json

    (charge,) = world.charges()
    assert answer["charge"]["id"] == charge["id"]
    where = shopper.client.get(answer["redirect"], follow_redirects=True)
    assert charge["authorize_uri"] in where.get_data(as_text=True)


def test_method_that_is_not_offered_by_json(shopper):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(method="paynow")

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_form")


@pytest.mark.parametrize("currency", COUNTRIES)
def test_page_offers_methods_of_the_account(shop_with, world, account, currency):
    account(currency)
    shopper = FlaskShopper(shop_with(store_currency=currency), world)
    shopper.puts_in_cart()

    shopper.sees("/checkout")

    name = {"THB": "PromptPay", "JPY": "PayPay", "SGD": "PayNow", "MYR": "DuitNow QR"}[currency]
    assert name in shopper.text
    assert ("Convenience store" in shopper.text) == (currency == "JPY")
    assert ("Maybank2U" in shopper.text) == (currency == "MYR")


def test_installments_are_offered_from_their_minimum_on(capability):
    def banks(amount):
        found = group_methods(list(offered(Money(amount, "THB"), capability()))).installments
        return [method.type for method in found]

    assert banks(199_999) == []
    assert "installment_kbank" in banks(200_000)


def test_installment_plan_of_the_form_is_charged(shopper, world):
    shopper.puts_in_cart("lamp", 2)

    shopper.sends(
        "/charge", method="installments", plan="installment_kbank 6", email="a@example.com"
    )

    (charge,) = world.charges()
    assert charge["source"]["type"] == "installment_kbank"
    assert charge["source"]["installment_term"] == 6


@pytest.mark.parametrize("plan", ["", "installment_kbank", "installment_kbank 5", "card 3"])
def test_plan_that_is_not_offered_charges_nothing(shopper, world, plan):
    shopper.puts_in_cart("lamp", 2)

    shopper.submits("/charge", method="installments", plan=plan, email="a@example.com")

    assert re.search("Choose (a payment method|your bank)|Enter your card", shopper.text)
    assert world.charges() == []


@pytest.fixture
def shop_in(shop_with, world, account):
    """A shopper in a shop that sells in that currency."""

    def shopper(currency):
        account(currency)
        found = FlaskShopper(shop_with(store_currency=currency), world)
        found.puts_in_cart()
        return found

    return shopper


def test_bank_of_the_form_is_charged(shop_in, world):
    shopper = shop_in("MYR")
    shopper.submits("/charge", method="fpx", email="a@example.com")
    assert "Choose your bank" in shopper.text
    assert world.charges() == []

    shopper.sends("/charge", method="fpx", email="a@example.com", **{"option-fpx": "cimb"})

    (charge,) = world.charges()
    assert (charge["source"]["type"], charge["source"]["bank"]) == ("fpx", "cimb")


def test_payment_at_a_convenience_store(shop_in, world, clock):
    shopper = shop_in("JPY")
    shopper.submits(
        "/charge",
        method="econtext",
        email="a@example.com",
        shipping_country="JP",
        shipping_postal_code="100-0001",
        shipping_phone="+81 90 1234 5678",
    )
    (charge,) = world.charges()
    source = charge["source"]
    assert source["phone_number"] == "09012345678"

    assert source["references"]["payment_code"] in shopper.text
    assert shopper.status == "awaiting_payment"

    world.api("POST", f"/charges/{charge['id']}/mark_as_paid")
    clock.advance(2)
    shopper.sees(f"/orders/{shopper.order_number}")
    assert shopper.status == "paid"


def test_convenience_store_without_a_phone_number_charges_nothing(shop_in, world):
    shopper = shop_in("JPY")

    answer = shopper.pays_by_json(method="econtext", email="a@example.com")

    assert answer.status_code == 422
    assert "phone number" in answer.json["error"]
    assert world.charges() == []


def test_token_of_a_wallet_pays_like_a_card(shopper, world):
    wallet = {"tokenization": {"method": "googlepay", "data": "{}"}}
    token = requests.post(
        f"{world.url}/tokens", json=wallet, auth=(world.public_key, ""), timeout=5
    ).json()
    shopper.puts_in_cart()

    shopper.sends("/charge", token=token["id"], email="a@example.com")

    assert [charge["paid"] for charge in world.charges()] == [True]
