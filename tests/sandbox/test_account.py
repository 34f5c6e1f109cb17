"""The account: its fields, capability, balance and transactions."""

import pytest
import requests

from tests.sandbox.recordings import assert_same_shape, recording


def charge(world, amount=100_000, currency="THB", **more):
    """A successful charge."""
    wish = {"amount": amount, "currency": currency, "card": world.token()}
    return world.api("POST", "/charges", wish | more)


@pytest.mark.parametrize("name", ["account", "balance", "capability"])
def test_account_has_the_recorded_shape(world, name):
    assert_same_shape(world.api("GET", f"/{name}"), recording(name))


@pytest.mark.parametrize(
    ("country", "currency", "least", "most"),
    [
        ("TH", "THB", 2_000, 15_000_000),
        ("JP", "JPY", 100, 6_000_000),
        ("SG", "SGD", 100, 2_000_000),
        ("MY", "MYR", 100, 10_000_000),
    ],
)
def test_capability_lists_the_limits_that_charges_enforce(world, country, currency, least, most):
    world.control("POST", "settings", {"country": country})

    capability = world.api("GET", "/capability")

    assert (capability["country"], world.api("GET", "/account")["currency"]) == (country, currency)
    assert capability["limits"]["charge_amount"] == {"max": most, "min": least}
    assert charge(world, least - 1, currency)["code"] == "invalid_charge"
    assert charge(world, most + 1, currency)["code"] == "invalid_charge"
    assert charge(world, least, currency)["status"] == "successful"
    assert charge(world, most, currency)["status"] == "successful"


def test_public_key_can_read_the_capability(world):
    answer = requests.get(f"{world.url}/capability", auth=(world.public_key, ""), timeout=5)

    assert answer.json()["object"] == "capability"


def test_malaysian_banks_are_listed_and_accepted(world):
    world.control("POST", "settings", {"currency": "MYR"})

    methods = {each["name"]: each for each in world.api("GET", "/capability")["payment_methods"]}

    assert list(methods["fpx"]["banks"][0]) == ["name", "code", "active"]
    assert methods["fpx"]["currencies"] == ["MYR"]


def test_authorization_lasts_longer_in_japan(world):
    world.control("POST", "settings", {"country": "JP"})
    held = charge(world, 1_000, "JPY", capture=False)

    world.advance(29 * 86_400)

    assert world.api("POST", f"/charges/{held['id']}/capture")["status"] == "successful"


def test_account_settings_can_be_changed(world):
    changes = {
        "webhook_uri": "http://127.0.0.1:9/hooks",
        "chain_enabled": True,
        "chain_return_uri": "http://shop.test/chain",
        "zero_interest_installments": "true",
        "metadata_export_keys": {"charge": ["order"]},
    }

    answer = world.api("PATCH", "/account", changes)

    assert answer == world.api("GET", "/account")
    assert (answer["webhook_uri"], answer["chain_enabled"]) == (changes["webhook_uri"], True)
    assert answer["metadata_export_keys"]["charge"] == ["order"]
    assert world.api("GET", "/capability")["zero_interest_installments"] is True
    assert world.control("GET", "settings")["webhook_url"] == changes["webhook_uri"]
    assert world.api("PATCH", "/account", {"webhook_uri": ""})["webhook_uri"] is None


@pytest.mark.parametrize(
    "wish",
    [{"webhook_uri": "nowhere"}, {"chain_enabled": "perhaps"}, {"metadata_export_keys": {"x": []}}],
)
def test_invalid_account_change_changes_nothing(world, wish):
    before = world.api("GET", "/account")

    answer = world.api("PATCH", "/account", wish)

    assert answer["code"] == "bad_request"
    assert world.api("GET", "/account") == before


def test_capture_credits_the_net_and_refund_debits_the_amount(world):
    paid = charge(world)
    refund = world.api("POST", f"/charges/{paid['id']}/refunds", {"amount": 10_000})

    credit = world.api("GET", f"/transactions/{paid['transaction']}")
    debit = world.api("GET", f"/transactions/{refund['transaction']}")

    assert credit == {
        "object": "transaction",
        "id": paid["transaction"],
        "livemode": False,
        "currency": "THB",
        "amount": 96_094,
        "location": f"/transactions/{paid['transaction']}",
        "direction": "credit",
        "key": "charge.captured.net",
        "origin": paid["id"],
        "transferable_at": paid["paid_at"],
        "created_at": paid["paid_at"],
    }
    assert list(debit) == list(credit)
    assert (debit["direction"], debit["amount"]) == ("debit", 10_000)
    assert debit["origin"] == refund["id"]


def test_balance_is_the_sum_of_transactions(world):
    charge(world, 50_000)
    held = charge(world, 80_000, capture=False, authorization_type="pre_auth")
    world.api("POST", f"/charges/{held['id']}/capture", {"capture_amount": 30_000})
    world.api("POST", f"/charges/{charge(world, 70_000, capture=False)['id']}/reverse")
    charge(world, 60_000, card=world.token("4000000000000002"))
    charge(world, 40_00, "USD")
    scanned = charge(world, card=None, source={"type": "promptpay"})
    world.api("POST", f"/charges/{scanned['id']}/mark_as_paid")
    world.api("POST", f"/charges/{scanned['id']}/refunds", {"amount": 40_000})
    voided = charge(world, 20_000)
    world.api("POST", f"/charges/{voided['id']}/refunds", {"amount": 20_000})

    balance = world.api("GET", "/balance")

    nets = sum(each["net"] for each in world.charges() if each["paid"])
    refunds = sum(each["funding_amount"] for each in world.api("GET", "/refunds")["data"])
    assert balance["total"] == balance["transferable"] == nets - refunds
    signs = {"credit": 1, "debit": -1}
    transactions = world.api("GET", "/transactions")["data"]
    assert (
        sum(signs[transaction["direction"]] * transaction["amount"] for transaction in transactions)
        == balance["total"]
    )
    assert len(transactions) == 7


def test_uncaptured_charge_has_no_transaction(world):
    charge(world, capture=False)
    charge(world, card=None, source={"type": "promptpay"})

    assert world.api("GET", "/balance")["total"] == 0
    assert world.api("GET", "/transactions")["total"] == 0


def test_transactions_are_paged(world):
    first, second = charge(world), charge(world)

    newest = world.api("GET", "/transactions", order="reverse_chronological", limit=1)

    assert [each["id"] for each in newest["data"]] == [second["transaction"]]
    assert (newest["total"], newest["location"]) == (2, "/transactions")
    assert world.api("GET", "/transactions")["data"][0]["id"] == first["transaction"]
    assert world.api("GET", "/transactions/trxn_test_none")["code"] == "not_found"


def test_expand_replaces_ids_by_objects(world):
    customer = world.api("POST", "/customers", {"card": world.token()})
    paid = charge(world, card=None, customer=customer["id"])
    refund = world.api("POST", f"/charges/{paid['id']}/refunds", {"amount": 5_000})

    whole = world.api("GET", paid["location"], expand="true")
    whole_customer = world.api("GET", customer["location"], expand="true")
    whole_refund = world.api("GET", refund["location"], expand="true")

    assert list(whole) == list(paid)
    assert whole["customer"]["id"] == customer["id"]
    assert whole["transaction"]["origin"] == paid["id"]
    assert whole_customer["default_card"]["id"] == customer["default_card"]
    assert whole_refund["charge"]["id"] == paid["id"]
    assert world.api("GET", paid["location"])["customer"] == customer["id"]


@pytest.mark.parametrize(
    "path", ["/account/api_versions", "/forex/usd", "/refunds/search", "/links", "/schedules"]
)
def test_unsupported_account_calls_answer_501(world, path):
    answer = requests.get(f"{world.url}{path}", auth=(world.secret_key, ""), timeout=5)

    assert (answer.status_code, answer.json()["code"]) == (501, "not_imitated")
