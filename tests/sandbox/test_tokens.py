"""Tokens: validation messages, and the stored fields of a card."""

import pytest

from tests.sandbox.conftest import CARD, error_of

#: Digits in the eyes of Unicode, but not on any card.
WIDE_DIGITS = "".join(chr(ord("0") + 0xFEE0 + int(digit)) for digit in str(CARD["number"]))

#: Bad fields → the message, word for word as omise-ios expects it of the live service.
MESSAGES = {
    "number blank": (
        {"number": ""},
        "number can't be blank and brand not supported (unknown)",
    ),
    "unknown prefix": (
        {"number": "9999999999999995"},
        "number is invalid and brand not supported (unknown)",
    ),
    "check digit": ({"number": "4242424242424241"}, "number is invalid"),
    "month 13": (
        {"expiration_month": 13},
        "expiration month is not between 1 and 12 and expiration date is invalid",
    ),
    "month blank": (
        {"expiration_month": ""},
        "expiration month can't be blank and expiration month is not between 1 and 12",
    ),
    "month and year": (
        {"expiration_month": 13, "expiration_year": "nope"},
        "expiration month is not between 1 and 12, expiration year is invalid,"
        " and expiration date is invalid",
    ),
    "year": ({"expiration_year": 1}, "expiration year is invalid"),
    "past": ({"expiration_year": 2020}, "expiration date cannot be in the past"),
    "name": ({"name": ""}, "name can't be blank"),
    "all": (
        {"name": "", "expiration_month": 13, "expiration_year": 0, "number": "9999"},
        "expiration month is not between 1 and 12, name can't be blank, expiration year is"
        " invalid, expiration date is invalid, number is invalid, and brand not supported"
        " (unknown)",
    ),
}


@pytest.mark.parametrize("case", MESSAGES.values(), ids=MESSAGES)
def test_recorded_messages_are_exact(world, merchant, case):
    bad, message = case
    merchant.control("POST", "settings", {"dialect": "recorded"})

    answer = merchant.vault.post("/tokens", card=CARD | bad)

    assert error_of(answer) == (400, "invalid_card")
    assert answer.json()["message"] == message


def test_documented_dialect_reports_the_first_problem_only(merchant):
    answer = merchant.vault.post("/tokens", card=CARD | {"name": "", "number": "4242424242424241"})

    assert error_of(answer) == (400, "bad_request")
    assert answer.json()["message"] == "name can't be blank"


@pytest.mark.parametrize("body", [{}, {"card": None}, {"card": {}}])
def test_token_needs_a_card(merchant, body):
    assert error_of(merchant.vault.post("/tokens", **body)) == (400, "missing_card")


@pytest.mark.parametrize(
    "bad",
    [
        {"card": "4242"},
        {"card": [1]},
        {"card": CARD | {"number": {"a": 1}}},
        {"card": CARD | {"number": WIDE_DIGITS}},
        {"card": CARD | {"expiration_month": True}},
        {"card": CARD | {"expiration_year": 1e300}},
        {"card": CARD | {"name": ["A"]}},
    ],
)
def test_invalid_values_are_rejected(merchant, dialect, bad):
    status, _ = error_of(merchant.vault.post("/tokens", **bad))

    assert 400 <= status < 403


def test_card_is_valid_until_the_end_of_its_month(merchant):
    merchant.control("POST", "clock", {"frozen": True})
    year, month = merchant.control("GET", "clock")["now"][:7].split("-")

    answer = merchant.vault.post(
        "/tokens", card=CARD | {"expiration_year": year, "expiration_month": month}
    )

    assert answer.status_code == 200


def test_token_echoes_its_fields_except_the_number(merchant):
    address = {"street1": "1 Road", "city": "Bangkok", "postal_code": "10320", "country": "TH"}

    answer = merchant.vault.post("/tokens", card=CARD | address | {"email": "a@example.com"})

    card = answer.json()["card"]
    assert {name: card[name] for name in address} == address | {"country": "th"}
    assert "email" not in card
    assert CARD["number"] not in answer.text


def test_fingerprint_depends_on_number_and_account(merchant):
    same = {merchant.token()["card"]["fingerprint"] for _ in range(2)}
    other = merchant.token("5555555555554444")["card"]["fingerprint"]

    assert len(same) == 1
    assert other not in same
    assert len(other) == 44


def test_card_without_security_code_was_not_checked(merchant):
    assert merchant.token(security_code=None)["card"]["security_code_check"] is False
    assert merchant.token("4111111111160001")["card"]["security_code_check"] is False


@pytest.mark.parametrize("method", ["googlepay", "applepay"])
def test_wallet_payload_becomes_a_token(merchant, method):
    wallet = {"method": method, "data": "opaque", "billing_name": "A", "billing_city": "Rayong"}

    token = merchant.vault.post("/tokens", tokenization=wallet).json()

    assert token["card"]["tokenization_method"] == method
    assert token["card"]["city"] == "Rayong"


def test_used_token_follows_its_charge(merchant, dialect):
    token = merchant.token()
    held = merchant.api.post(
        "/charges", amount=100000, currency="thb", card=token["id"], capture=False
    ).json()
    statuses = [merchant.vault.get(f"/tokens/{token['id']}").json()["charge_status"]]
    merchant.api.post(f"/charges/{held['id']}/capture")

    used = merchant.vault.get(f"/tokens/{token['id']}").json()

    assert [*statuses, used["charge_status"]] == ["pending", "successful"]
    assert (used["card"] is None) == (dialect == "recorded")
