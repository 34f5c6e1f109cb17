"""3-D Secure: the charges that need it, the bank page, and the results."""

import pytest
import requests

from omise_sandbox.testing.world import World
from tests.sandbox.conftest import Merchant, error_of

BACK = "http://shop.test/orders/1/return?token=x%20y"
ASKS = "4000000000003063"


def bank_page(charge):
    """The bank's page."""
    return requests.get(charge["authorize_uri"], allow_redirects=False, timeout=5)


def press(charge, outcome):
    """The response to a button of the page."""
    return requests.post(
        charge["authorize_uri"], data={"outcome": outcome}, allow_redirects=False, timeout=5
    )


def test_three_ds_charge_waits_for_the_bank(merchant):
    charge = merchant.charge(ASKS, return_uri=BACK)

    assert (charge["status"], charge["authorized"], charge["paid"]) == ("pending", False, False)
    assert charge["authorize_uri"].startswith(f"{merchant.url}/payments/paym_test_")
    assert charge["return_uri"] == BACK


def test_bank_page_shows_amount_card_and_description(merchant):
    page = bank_page(merchant.charge(ASKS, return_uri=BACK, description="<b>Lamp</b>"))

    for text in ("<h1>3-D Secure</h1>", "1,000.00", "•••• 3063", ">Approve<", ">Decline<"):
        assert text in page.text
    assert "<b>Lamp" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("capture", "status", "authorized", "paid"),
    [(True, "successful", True, True), (False, "pending", True, False)],
)
def test_approved_charge_succeeds(merchant, capture, status, authorized, paid):
    charge = merchant.charge(ASKS, return_uri=BACK, capture=capture)

    answer = press(charge, "approve")

    now = merchant.now(charge)
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert (now["status"], now["authorized"], now["paid"]) == (status, authorized, paid)


@pytest.mark.parametrize(
    ("outcome", "code"), [("decline", "payment_rejected"), ("cancel", "payment_cancelled")]
)
def test_declined_or_cancelled_charge_fails(merchant, outcome, code):
    charge = merchant.charge(ASKS, return_uri=BACK)

    press(charge, outcome)

    now = merchant.now(charge)
    assert (now["status"], now["failure_code"]) == ("failed", code)
    assert merchant.events() == ["charge.create", "charge.complete"]


def test_bank_page_settles_once_and_links_back(merchant):
    charge = merchant.charge(ASKS, return_uri=BACK)
    press(charge, "approve")

    again = press(charge, "decline")

    assert again.headers["Location"] == BACK
    assert merchant.now(charge)["status"] == "successful"
    assert merchant.events().count("charge.complete") == 1


@pytest.mark.parametrize("outcome", ["", "nonsense", "approve&outcome=x"])
def test_unknown_outcome_settles_nothing(merchant, outcome):
    charge = merchant.charge(ASKS, return_uri=BACK)

    assert press(charge, outcome).status_code == 200
    assert merchant.now(charge)["status"] == "pending"


def test_expired_payment_cannot_be_approved(merchant):
    charge = merchant.charge(ASKS, return_uri=BACK)
    merchant.world.advance(8 * 24 * 60 * 60)

    press(charge, "approve")

    assert merchant.now(charge)["status"] == "expired"
    assert "is over" in bank_page(charge).text


def test_unknown_bank_page_is_not_found(merchant):
    answer = requests.get(f"{merchant.url}/payments/paym_test_unknown/authorize", timeout=5)

    assert error_of(answer) == (404, "not_found")


def test_three_ds_needs_a_return_uri(merchant):
    answer = merchant.api.post(
        "/charges", amount=100000, currency="thb", card=merchant.token(ASKS)["id"]
    )

    assert error_of(answer) == (400, "invalid_charge")
    assert answer.json()["message"] == "return uri is invalid"


@pytest.mark.parametrize("params", [{}, {"capture": False}], ids=["paid", "authorized"])
def test_bank_page_of_an_approved_charge_redirects_back(merchant, params):
    charge = merchant.charge(return_uri=BACK, **params)

    page = bank_page(charge)

    assert charge["authorized"]
    assert (page.status_code, page.headers["Location"]) == (303, BACK)


def test_bank_page_of_a_declined_charge_links_back(merchant):
    charge = merchant.charge(ASKS, return_uri=BACK)
    press(charge, "decline")

    assert BACK in bank_page(charge).text


@pytest.mark.parametrize("setting", ["card", "never"])
def test_charge_can_ask_for_three_ds(merchant, setting):
    merchant.control("POST", "settings", {"three_ds": setting})
    charge = merchant.charge(return_uri=BACK, authentication="3DS")
    press(charge, "approve")

    assert (charge["status"], charge["authenticated_by"]) == ("pending", "3DS")
    assert merchant.now(charge)["status"] == "successful"


@pytest.mark.parametrize("amount", [100000, 0])
def test_passkey_authentication_is_rejected(merchant, amount):
    refused = merchant.api.post(
        "/charges",
        amount=amount,
        currency="thb",
        card=merchant.token()["id"],
        authentication="PASSKEY",
    )

    assert error_of(refused) == (501, "not_imitated")
    assert "authentication PASSKEY" in refused.json()["message"]


@pytest.mark.parametrize(
    ("card", "missing"),
    [
        ({}, ["email", "phone_number"]),
        ({"email": "a@example.com"}, []),
        ({"phone_number": "0812345678"}, []),
    ],
)
def test_missing_three_ds_fields_are_listed(merchant, card, missing):
    token = merchant.token(ASKS, **card)["id"]
    params = {"amount": 100000, "currency": "thb", "card": token, "return_uri": BACK}

    charge = merchant.api.post("/charges", **params).json()

    assert charge["missing_3ds_fields"] == missing


@pytest.mark.parametrize("number", ["4111111111150002", "5555551111120002"])
def test_enrolment_failure_fails_at_once(merchant, number):
    charge = merchant.charge(number, return_uri=BACK)

    assert (charge["status"], charge["failure_code"]) == ("failed", "payment_rejected")


def test_validation_failure_fails_after_approval(merchant):
    charge = merchant.charge("4111111111140003", return_uri=BACK)
    assert charge["status"] == "pending"

    press(charge, "approve")

    assert merchant.now(charge)["failure_code"] == "payment_rejected"


def test_three_ds_always_applies_to_every_card(merchant):
    merchant.control("POST", "settings", {"three_ds": "always"})
    good = merchant.charge(return_uri=BACK)
    poor = merchant.charge("4111111111140011", return_uri=BACK)
    assert {good["status"], poor["status"]} == {"pending"}

    press(good, "approve")
    press(poor, "approve")

    assert merchant.now(good)["status"] == "successful"
    assert merchant.now(poor)["failure_code"] == "insufficient_fund"


def test_three_ds_never_applies_to_no_card(merchant):
    merchant.control("POST", "settings", {"three_ds": "never"})

    assert merchant.charge(ASKS)["status"] == "successful"
    assert merchant.charge("4111111111150002")["status"] == "successful"


def test_approval_of_an_expired_card_fails(merchant):
    merchant.control("POST", "clock", {"frozen": True, "now": "2030-11-30T23:59:59Z"})
    token = merchant.token(ASKS, expiration_month=11, expiration_year=2030)["id"]
    params = {"amount": 100000, "currency": "thb", "return_uri": BACK}
    charge = merchant.api.post("/charges", card=token, **params).json()
    merchant.world.advance(1)

    press(charge, "approve")

    after = merchant.now(charge)
    assert (after["status"], after["failure_code"]) == ("failed", "expired_card")


def test_bank_pages_of_worlds_with_the_same_seed_differ(sandbox_url):
    def twin():
        world = World.new(sandbox_url, seed=7)
        world.control("POST", "clock", {"frozen": True, "now": "2026-01-01"})
        return Merchant(world)

    def picture(merchant):
        params = {"amount": 100000, "currency": "thb", "source": {"type": "promptpay"}}
        source = merchant.api.post("/charges", **params).json()["source"]
        return requests.get(source["scannable_code"]["image"]["download_uri"], timeout=5)

    one, other = twin(), twin()
    first, second = (each.charge(ASKS, return_uri=BACK) for each in (one, other))

    press(second, "approve")

    assert first["id"] == second["id"]
    assert one.now(first)["status"] == "pending"
    assert other.now(second)["status"] == "successful"
    assert {picture(one).status_code, picture(other).status_code} == {200}
