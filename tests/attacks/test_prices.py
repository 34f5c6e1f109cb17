"""Prices, amounts, currencies and quantities from the client are compared, never used."""

import json

import pytest

from tests.support.flask_shopper import ADDRESS

MUG = 39000

#: Amounts that a client may send, of JSON types that careless code would accept.
AMOUNTS = [
    *(0, 1, -1, MUG - 1, MUG + 1, -MUG, 2**31, 2**63, 10**9 - 1, 10**40),
    *(390.0, 39000.0, 0.1, 3.9e4, "39000.0", "390", "3.9e4", "0x9858", "39_000", "39,000"),
    *(" 39001 ", "+39000", "٣٩٠٠٠", "39000\u200b", "NaN", "", None),
    *(True, False, [], [39000], {}, {"amount": 39000}, [[]]),
]

#: Amounts that count as missing.
MISSING = {"", None}

EXTRAS = {
    "currency": "JPY",
    "price": 1,
    "total": 1,
    "unit_price": 1,
    "discount": 38999,
    "quantity": -1,
    "quantities": {"mug": 0},
    "lines": [{"sku": "mug", "price": 1}],
    "order": {"amount": 1},
    "capture": False,
    "customer": "cust_test_1",
    "return_uri": "https://evil.example",
    "metadata": {"order": "ZZZZZZZZZZ"},
    "livemode": True,
    "status": "paid",
    "paid": True,
    "user_id": 1,
}


@pytest.mark.parametrize("amount", AMOUNTS, ids=str)
def test_sent_amount_is_only_compared(shopper, world, amount, attack_counter):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token(), amount=amount, **EXTRAS)
    attack_counter["amounts and prices"] += 1

    is_missing = not isinstance(amount, (bool, list, dict)) and amount in MISSING
    if is_missing:
        (charge,) = world.charges()
        assert (charge["amount"], charge["currency"]) == (MUG, "THB")
        assert charge["return_uri"].startswith("http://shop.test/")
        assert charge["metadata"]["order"] != "ZZZZZZZZZZ"
        assert (charge["customer"], charge["paid"]) == (None, True)
    else:
        assert answer.status_code in {409, 422}
        assert world.charges() == []


@pytest.mark.parametrize("amount", [MUG, str(MUG), f" {MUG} "])
def test_correct_amount_is_charged(shopper, world, amount):
    shopper.puts_in_cart()

    shopper.pays_by_json(token=world.token(), amount=amount)

    assert [charge["amount"] for charge in world.charges()] == [MUG]


def test_form_with_a_repeated_field_is_rejected(shopper, world, attack_counter):
    shopper.puts_in_cart()
    fields = [("csrf_token", shopper.csrf()), ("email", "a@example.com"), *ADDRESS.items()]
    for pair in (["1", str(MUG)], [str(MUG), "1"]):
        body = fields + [("token", world.token())] + [("amount", amount) for amount in pair]
        shopper.client.post(
            "/charge",
            data="&".join(f"{k}={v}" for k, v in body),
            content_type="application/x-www-form-urlencoded",
        )
        attack_counter["amounts and prices"] += 1

    assert {charge["amount"] for charge in world.charges()} <= {MUG}


QUANTITIES = [
    "-1",
    "-20",
    "21",
    "1e1",
    "0.5",
    "1/2",
    "\uff12",
    "+1",
    "1\u200b",
    "9" * 400,
    "NaN",
    "[]",
]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_no_quantity_makes_a_cart_cheaper(shopper, world, quantity, attack_counter):
    shopper.puts_in_cart("lamp", 1)
    shopper.puts_in_cart("mug", 1)

    for path, fields in (("/cart", {"sku": "mug"}), ("/cart/mug", {})):
        shopper.sends(path, quantity=quantity, **fields)
        attack_counter["amounts and prices"] += 1
    shopper.pays_by_json(token=world.token())

    (charge,) = world.charges()
    assert charge["amount"] >= MUG + 1


def test_prices_in_the_cookie_are_ignored(shopper, world, attack_counter):
    """Even an attacker who can sign cookies cannot set a price."""
    shopper.puts_in_cart()
    invalid = [-5, 0, 21, 1.5, True, "3", None, [], 10**30]
    with shopper.client.session_transaction() as session:
        cart = session["cart"]
        cart["quantities"] = {"mug": 1} | {
            f"{sku}": q for sku, q in zip(SKUS, invalid, strict=True)
        }
        cart |= {"price": 1, "total": 1, "currency": "JPY"}
        session["cart"] = json.loads(json.dumps(cart))

    shopper.pays_by_json(token=world.token())
    attack_counter["amounts and prices"] += len(invalid)

    (charge,) = world.charges()
    assert (charge["amount"], charge["currency"]) == (MUG, "THB")


#: Other products, each with one of the invalid quantities.
SKUS = ["lamp", "teapot", "throw", "tray", "cushion", "basket", "stool", "yacht", "candle"]


@pytest.mark.parametrize(
    "amount", ["390.01", "-390", "0", "390.001", "1e2", "NaN", "\uff19", "39,0", "1,0000", "∞"]
)
def test_refund_above_the_payment_is_rejected(
    staff, paid, repository, world, amount, attack_counter
):
    """Even for staff, and even if the form is sent as confirmed at once."""
    fields = {
        "amount": amount,
        "confirmed": "yes",
        "idempotency_key": "c1",
        "currency": "USD",
        "total": "9",
    }

    answer = staff.sends(f"/admin/orders/{paid}/refund", **fields)
    attack_counter["amounts and prices"] += 1

    assert answer.status_code == 422
    assert repository.get(paid).refundable.amount == MUG
    assert world.charges()[0]["refunded_amount"] == 0
