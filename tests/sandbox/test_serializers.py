"""Every object has the keys, the order and the types of its recording."""

import pytest

from tests.sandbox.recordings import assert_same_shape, recording


@pytest.fixture(autouse=True)
def dialect():
    """The dialect that the recordings are compared with."""
    return "recorded"


@pytest.fixture
def held(merchant, dialect):
    """An authorized charge of a saved card."""
    return authorize(merchant)


def authorize(merchant, **more):
    """Authorize a charge of a saved card."""
    customer = merchant.customer("4242424242424242")["id"]
    params = {"amount": 100000, "currency": "thb", "customer": customer, "capture": False}
    return merchant.api.post("/charges", **params, **more).json()


def test_new_token_has_the_recorded_shape(merchant, dialect):
    assert_same_shape(merchant.token(), recording("token-new"))


def test_used_token_has_the_recorded_shape(merchant, dialect):
    token = merchant.token()
    merchant.api.post("/customers", card=token["id"])

    used = merchant.vault.get(f"/tokens/{token['id']}").json()

    assert_same_shape(used, recording("token-used"))
    assert used["card"] is None
    assert used["charge_status"] == "unknown"


def test_authorized_charge_has_the_recorded_shape(held):
    assert_same_shape(held, recording("charge-authorized"))


def test_partly_captured_charge_has_the_recorded_shape(merchant):
    held = authorize(merchant, authorization_type="pre_auth")
    captured = merchant.api.post(f"/charges/{held['id']}/capture", capture_amount=50000).json()

    recorded = recording("charge-captured")
    money = ("amount", "captured_amount", "fee", "fee_vat", "net", "funding_amount")
    assert_same_shape(captured, recorded)
    assert {name: captured[name] for name in money} == {name: recorded[name] for name in money}


def test_reversed_charge_has_the_recorded_shape(merchant, held):
    reversed_ = merchant.api.post(f"/charges/{held['id']}/reverse").json()

    assert_same_shape(reversed_, recording("charge-reversed"))


def test_updated_charge_has_the_recorded_shape(merchant, held):
    updated = merchant.api.patch(f"/charges/{held['id']}", description="Another").json()

    assert_same_shape(updated, recording("charge-updated"))


@pytest.mark.parametrize(
    ("action", "recorded"),
    [("", "charge-authorized"), ("capture", "charge-captured"), ("reverse", "charge-reversed")],
)
def test_flags_equal_the_recordings(merchant, held, action, recorded):
    charge = merchant.api.post(f"/charges/{held['id']}/{action}").json() if action else held

    flags = {key for key, value in recording(recorded).items() if isinstance(value, bool)}
    assert {key: charge[key] for key in flags} == {key: recording(recorded)[key] for key in flags}


def test_listed_charge_has_all_keys(merchant, held):
    (listed,) = merchant.api.get("/charges").json()["data"]

    assert list(listed) == list(recording("charge-captured"))


def test_refund_has_the_recorded_shape(merchant, dialect):
    charge = merchant.charge()

    refund = merchant.api.post(f"/charges/{charge['id']}/refunds", amount=10000).json()

    assert_same_shape(refund, recording("refund"))


def test_customer_and_card_have_the_recorded_shape(merchant, dialect):
    customer = merchant.customer("4242424242424242")
    path = f"/customers/{customer['id']}/cards/{customer['default_card']}"
    card = merchant.api.get(path).json()
    deleted = merchant.api.delete(path).json()
    updated = merchant.api.patch(f"/customers/{customer['id']}", description="Another").json()
    gone = merchant.api.delete(f"/customers/{customer['id']}").json()

    assert_same_shape(customer, recording("customer-created"))
    assert_same_shape(card, recording("card"))
    assert_same_shape(deleted, recording("card-deleted"))
    assert_same_shape(updated, recording("customer-updated"))
    assert_same_shape(gone, recording("customer-deleted"))
    assert (deleted["deleted"], gone["deleted"]) == (True, True)


def test_event_has_the_recorded_shape(merchant, dialect):
    merchant.charge()

    (event,) = merchant.api.get("/events").json()["data"]

    assert list(event) == list(recording("event"))


def test_response_headers_equal_the_recordings(merchant, dialect):
    answer = merchant.vault.get(f"/tokens/{merchant.token()['id']}")

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Request-Id"]
    assert answer.text.startswith('{\n  "object": "token"')
    assert answer.text.endswith("}\n")
