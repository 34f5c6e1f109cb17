"""Charges: every kind of card, invalid parameters, and the operations of a merchant."""

import pytest

from omise_sandbox.rules.cards import BEHAVIOURS, NUMBERS
from tests.sandbox.conftest import error_of

SUCCEEDING = [
    "4242424242424242",
    "5555555555554444",
    "3530111333300000",
    "6250947000000006",
    "4111111111111111",
    "5454545454545454",
    "3566111111111113",
    "378282246310005",
    "6447032400000000001",
    "36021042000004",
]
DAY = 24 * 60 * 60


@pytest.mark.parametrize("number", SUCCEEDING)
def test_valid_card_is_charged(merchant, number):
    charge = merchant.charge(number)

    assert (charge["status"], charge["paid"], charge["failure_code"]) == ("successful", True, None)
    assert charge["transaction"].startswith("trxn_test_")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (number, code)
        for code, numbers in NUMBERS.items()
        if BEHAVIOURS[code].failure_code
        for number in numbers.split()
    ],
)
def test_failing_card_fails_with_its_code(merchant, number, code):
    charge = merchant.charge(number)

    assert (charge["status"], charge["failure_code"]) == ("failed", code)
    assert charge["failure_message"]
    assert (charge["authorized"], charge["paid"], charge["transaction"]) == (False, False, None)


@pytest.mark.parametrize(
    ("amount", "fee", "vat", "net"),
    [(100000, 3650, 256, 96094), (31000, 1132, 79, 29789), (12345, 451, 32, 11862)],
)
def test_fees_equal_the_recordings(merchant, amount, fee, vat, net):
    charge = merchant.charge(amount=amount)

    assert (charge["fee"], charge["fee_vat"], charge["net"]) == (fee, vat, net)


#: Parameters → status, code and message (cassettes of omise-elixir; docs.omise.co/api-errors).
REFUSED = {
    "too small": (
        {"amount": 1999},
        "invalid_charge",
        "amount must be greater than or equal to 2000 (thb subunits)",
    ),
    "too large": (
        {"amount": 15_000_001},
        "invalid_charge",
        "amount must be less than or equal to 15000000 (thb subunits)",
    ),
    "huge": (
        {"amount": "9" * 17},
        "invalid_charge",
        "amount must be less than or equal to 15000000 (thb subunits)",
    ),
    "a fraction": ({"amount": "1000.5"}, "invalid_amount", "amount must be an integer"),
    "no number": ({"amount": "many"}, "invalid_charge", "amount is not a number"),
    "no amount": ({"amount": None}, "invalid_charge", "amount is not a number"),
    "a truth": ({"amount": True}, "invalid_charge", "amount is not a number"),
    "currency": ({"currency": "xxx"}, "invalid_charge", "currency is currently not supported"),
    "currency and amount": (
        {"currency": "xxx", "amount": "many"},
        "invalid_charge",
        "currency is currently not supported and amount is not a number",
    ),
    "return_uri": ({"return_uri": "nowhere"}, "invalid_charge", "return uri is invalid"),
    "script": ({"return_uri": "javascript:alert(1)"}, "invalid_charge", "return uri is invalid"),
    "metadata": ({"metadata": "x"}, "invalid_charge", "Metadata should be a JSON hash"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_invalid_charge_is_rejected_and_leaves_the_token_unused(merchant, case):
    bad, code, message = case
    good = {"amount": 100000, "currency": "thb", "card": merchant.token()["id"]}

    answer = merchant.api.post("/charges", **good | bad)

    assert error_of(answer) == (400, code)
    assert answer.json()["message"] == message
    assert merchant.api.post("/charges", **good).json()["paid"] is True


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, (400, "missing_card")),
        ({"customer": "cust_test_unknown"}, (404, "not_found")),
        ({"card": "card_test_unknowns"}, (404, "token_not_found")),
    ],
)
def test_charge_without_card_or_source_is_rejected(merchant, params, expected):
    answer = merchant.api.post("/charges", amount=100000, currency="thb", **params)

    assert error_of(answer) == expected


def test_unknown_charge_is_not_found(merchant):
    answer = merchant.api.get("/charges/chrg_test_unknown")

    assert error_of(answer) == (404, "not_found")
    assert answer.json()["message"] == "charge chrg_test_unknown was not found"


def test_charge_echoes_its_parameters(merchant):
    merchant.control("POST", "clock", {"frozen": True})
    given = {"description": "Order 1", "metadata": {"order": "1", "n": {"a": [1]}}, "ip": "1.2.3.4"}

    charge = merchant.charge(**given)

    assert {name: charge[name] for name in given} == given
    assert merchant.now(charge) == charge


def test_saved_card_is_charged_by_default_or_by_id(merchant):
    customer = merchant.customer("4242424242424242", "5555555555554444")
    second = customer["cards"]["data"][1]["id"]
    params = {"amount": 100000, "currency": "thb", "customer": customer["id"]}

    by_default = merchant.api.post("/charges", **params).json()
    by_name = merchant.api.post("/charges", **params, card=second).json()

    assert (by_default["card"]["last_digits"], by_name["card"]["last_digits"]) == ("4242", "4444")
    assert by_name["card"]["location"] == f"/customers/{customer['id']}/cards/{second}"
    assert by_name["customer"] == customer["id"]


def test_card_of_another_customer_is_not_found(merchant):
    mine, theirs = merchant.customer("4242424242424242"), merchant.customer("5555555555554444")

    answer = merchant.api.post(
        "/charges", amount=100000, customer=mine["id"], card=theirs["default_card"]
    )

    assert error_of(answer) == (404, "not_found")


def test_foreign_charge_is_funded_in_the_account_currency(merchant):
    charge = merchant.charge(amount=1000, currency="usd")

    assert (charge["currency"], charge["funding_currency"]) == ("USD", "THB")
    assert charge["fee"] + charge["fee_vat"] + charge["net"] == charge["funding_amount"] > 1000


# Capture and reverse


def test_authorized_charge_is_captured_once(merchant):
    held = merchant.charge(capture=False)

    captured = merchant.api.post(f"/charges/{held['id']}/capture").json()
    again = merchant.api.post(f"/charges/{held['id']}/capture")

    assert (held["status"], held["authorized"], held["paid"]) == ("pending", True, False)
    assert (captured["status"], captured["paid"], captured["captured_amount"]) == (
        "successful",
        True,
        100000,
    )
    assert error_of(again) == (400, "failed_capture")


@pytest.mark.parametrize(
    ("kind", "amount", "status"),
    [
        ("pre_auth", 50000, 200),
        ("pre_auth", 100001, 400),
        ("pre_auth", -1, 400),
        ("pre_auth", "x", 400),
        ("final_auth", 50000, 400),
        (None, 100000, 200),
    ],
)
def test_partial_capture_needs_pre_auth(merchant, kind, amount, status):
    held = merchant.charge(capture=False, authorization_type=kind)

    answer = merchant.api.post(f"/charges/{held['id']}/capture", capture_amount=amount)

    assert answer.status_code == status


def test_reversed_charge_is_final(merchant):
    held = merchant.charge(capture=False)

    assert merchant.api.post(f"/charges/{held['id']}/reverse").json()["status"] == "reversed"
    for action, code in (("reverse", "failed_reverse"), ("capture", "failed_capture")):
        answer = merchant.api.post(f"/charges/{held['id']}/{action}")
        assert error_of(answer) == (400, code)


def test_captured_charge_cannot_be_reversed(merchant):
    answer = merchant.api.post(f"/charges/{merchant.charge()['id']}/reverse")

    assert error_of(answer) == (400, "failed_reverse")


def test_authorization_expires_after_seven_days(merchant):
    held = merchant.charge(capture=False)

    merchant.world.advance(7 * DAY + 1)

    lapsed = merchant.now(held)
    assert (lapsed["status"], lapsed["expired"], lapsed["capturable"]) == ("expired", True, False)
    assert lapsed["expired_at"] == held["expires_at"]
    answer = merchant.api.post(f"/charges/{held['id']}/capture")
    assert error_of(answer) == (400, "expired_charge")


# A charge that waits


def waiting(merchant, **params):
    """A charge that waits for the shopper at the bank."""
    return merchant.charge("4000000000003063", return_uri="http://shop.test/back", **params)


@pytest.mark.parametrize(
    ("action", "status"), [("mark_as_paid", "successful"), ("mark_as_failed", "failed")]
)
def test_pending_charge_can_be_marked_once(merchant, action, status):
    charge = waiting(merchant)

    marked = merchant.api.post(f"/charges/{charge['id']}/{action}").json()
    again = merchant.api.post(f"/charges/{charge['id']}/{action}")

    assert marked["status"] == status
    assert error_of(again) == (400, "bad_request")


def test_pending_charge_can_be_expired(merchant):
    charge = waiting(merchant)

    expired = merchant.api.post(f"/charges/{charge['id']}/expire").json()

    assert (expired["status"], expired["expired"]) == ("expired", True)
    assert expired["expired_at"] == expired["expires_at"]
    answer = merchant.api.post(f"/charges/{charge['id']}/mark_as_paid")
    assert error_of(answer) == (400, "expired_charge")


ENDED = {
    "expired": lambda merchant: waiting(merchant, capture=False),
    "lapsed": lambda merchant: merchant.charge(capture=False),
}


@pytest.mark.parametrize("action", ["capture", "mark_as_failed", "mark_as_paid", "reverse"])
@pytest.mark.parametrize("ended", sorted(ENDED))
def test_expired_charge_rejects_every_operation(merchant, ended, action):
    charge = ENDED[ended](merchant)
    merchant.world.advance(7 * DAY + 1)

    answer = merchant.api.post(f"/charges/{charge['id']}/{action}")

    assert error_of(answer) == (400, "expired_charge")
    assert merchant.now(charge)["status"] == "expired"


def test_only_a_pending_charge_can_be_expired(merchant):
    answer = merchant.api.post(f"/charges/{merchant.charge()['id']}/expire")

    assert error_of(answer) == (400, "failed_expire")


def test_charge_expires_at_its_expires_at(merchant):
    merchant.control("POST", "clock", {"frozen": True})
    charge = waiting(merchant, expires_at="2099-01-01T00:00:00Z")
    soon = waiting(merchant)

    merchant.world.advance(8 * DAY)

    assert merchant.now(charge)["status"] == "pending"
    assert merchant.now(soon)["status"] == "expired"
    assert merchant.events().count("charge.expire") == 1


def test_past_expires_at_is_rejected(merchant):
    answer = merchant.api.post(
        "/charges",
        amount=100000,
        currency="thb",
        card=merchant.token()["id"],
        expires_at="2001-01-01T00:00:00Z",
    )

    assert error_of(answer) == (400, "invalid_charge")
