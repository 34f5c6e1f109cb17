"""Customers and their saved cards."""

import pytest

from tests.sandbox.conftest import error_of


def test_customer_echoes_its_parameters(merchant):
    given = {"email": "a@example.com", "description": "A", "metadata": {"n": "1"}}

    customer = merchant.api.post("/customers", **given).json()

    assert {name: customer[name] for name in given} == given
    assert merchant.api.get(f"/customers/{customer['id']}").json()["email"] == "a@example.com"
    assert (customer["default_card"], customer["cards"]["total"]) == (None, 0)


def test_saved_card_keeps_its_id(merchant):
    token = merchant.token()

    customer = merchant.api.post("/customers", card=token["id"]).json()

    (card,) = customer["cards"]["data"]
    assert card["id"] == token["card"]["id"] == customer["default_card"]
    assert card["location"] == f"/customers/{customer['id']}/cards/{card['id']}"


def test_second_card_does_not_become_the_default(merchant):
    customer = merchant.customer("4242424242424242", "5555555555554444")
    first, second = (card["id"] for card in customer["cards"]["data"])
    assert customer["default_card"] == first

    chosen = merchant.api.patch(f"/customers/{customer['id']}", default_card=second).json()

    assert chosen["default_card"] == second


def test_posted_card_is_returned(merchant):
    customer = merchant.customer()

    card = merchant.api.post(
        f"/customers/{customer['id']}/cards", card=merchant.token()["id"]
    ).json()

    assert card["object"] == "card"
    assert merchant.api.get(f"/customers/{customer['id']}").json()["default_card"] == card["id"]


def test_invalid_token_leaves_the_customer_unchanged(merchant):
    customer = merchant.customer("4242424242424242")
    path = f"/customers/{customer['id']}"

    answer = merchant.api.patch(path, email="b@example.com", card="tokn_test_unknown")

    assert error_of(answer) == (404, "token_not_found")
    assert merchant.api.get(path).json()["email"] == "a@example.com"


def test_saved_card_can_be_updated(merchant):
    customer = merchant.customer("4242424242424242")
    path = f"/customers/{customer['id']}/cards/{customer['default_card']}"
    change = {"name": "B", "expiration_month": 1, "expiration_year": 2041, "city": "Trat"}

    card = merchant.api.patch(path, **change, number="5555555555554444").json()

    assert {name: card[name] for name in change} == change
    assert card["last_digits"] == "4242"
    assert merchant.api.get(path).json() == card


@pytest.mark.parametrize("bad", [{"expiration_year": 2001}, {"expiration_month": 13}, {"name": ""}])
def test_invalid_card_update_is_rejected(merchant, bad):
    customer = merchant.customer("4242424242424242")
    path = f"/customers/{customer['id']}/cards/{customer['default_card']}"

    answer = merchant.api.patch(path, **bad)

    assert answer.status_code in (400, 402)


def test_deleting_the_last_card_leaves_no_default(merchant):
    customer = merchant.customer("4242424242424242")
    path = f"/customers/{customer['id']}/cards/{customer['default_card']}"

    assert merchant.api.delete(path).json()["deleted"] is True

    assert error_of(merchant.api.get(path)) == (404, "not_found")
    assert merchant.api.get(f"/customers/{customer['id']}").json()["default_card"] is None


def test_deleted_customer_is_not_found(merchant):
    customer = merchant.customer("4242424242424242")
    path = f"/customers/{customer['id']}"

    assert merchant.api.delete(path).json()["deleted"] is True

    charge = merchant.api.post("/charges", amount=100000, customer=customer["id"])
    answers = (merchant.api.get(path), merchant.api.delete(path), charge)
    assert {error_of(answer) for answer in answers} == {(404, "not_found")}
    assert merchant.api.get("/customers").json()["total"] == 0


def test_every_customer_change_has_an_event(merchant):
    customer = merchant.customer("4242424242424242")
    path = f"/customers/{customer['id']}"
    merchant.api.patch(path, email="b@example.com")
    merchant.api.patch(f"{path}/cards/{customer['default_card']}", name="B")
    merchant.api.delete(f"{path}/cards/{customer['default_card']}")
    merchant.api.delete(path)

    assert merchant.events() == [
        "customer.create",
        "customer.update.card",
        "customer.update",
        "card.update",
        "card.destroy",
        "customer.destroy",
    ]


def test_expired_saved_card_fails(merchant):
    merchant.control("POST", "clock", {"frozen": True, "now": "2030-11-30T23:59:59Z"})
    token = merchant.token(expiration_month=11, expiration_year=2030)["id"]
    customer = merchant.api.post("/customers", card=token).json()

    def charged():
        params = {"amount": 100000, "currency": "thb", "customer": customer["id"]}
        return merchant.api.post("/charges", **params).json()

    assert charged()["status"] == "successful"
    merchant.world.advance(1)
    late = charged()
    assert (late["status"], late["failure_code"]) == ("failed", "expired_card")
    card = f"/customers/{customer['id']}/cards/{customer['default_card']}"
    merchant.api.patch(card, expiration_year=2035)
    assert charged()["status"] == "successful"
