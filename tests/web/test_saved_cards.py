"""Saved cards: stored by Omise, reached through their owner only."""

import re

import pytest

from tests.support.flask_shopper import PASSWORD


@pytest.fixture
def member(shopper):
    """A shopper with an account."""
    shopper.signs_up()
    return shopper


def test_card_saved_with_a_payment_pays_again(member, world, dialect):
    member.puts_in_cart()
    member.pays(save_card="1")
    assert member.status == "paid"
    (card,) = member.cards
    member.puts_in_cart("lamp")

    member.pays(card=card["id"])

    assert member.status == "paid"
    assert "Visa •••• 4242" in member.text
    assert [charge["customer"] is not None for charge in world.charges()] == [True, True]
    assert [charge["card"]["id"] for charge in world.charges()] == [card["id"]] * 2


def test_card_is_saved_only_on_request(member, world):
    member.puts_in_cart()

    member.pays()

    assert member.cards == []
    assert world.customers() == []


def test_declined_card_is_not_saved(member):
    member.puts_in_cart()

    member.pays("4000000000000002", save_card="1")

    assert member.status == "payment_failed"
    assert member.cards == []


def test_card_declined_at_the_bank_is_not_saved(member, world):
    member.puts_in_cart()
    member.pays("4000000000003063", save_card="1")
    (charge,) = world.charges()
    assert len(member.cards) == 1

    back = world.at_the_bank(charge["authorize_uri"], "decline")
    member.sees(back.removeprefix("http://shop.test"))

    assert member.status == "payment_failed"
    assert member.cards == []


def test_cards_are_added_made_default_and_deleted(member, dialect):
    member.sends("/cards", token=member.world.token())
    member.sends("/cards", token=member.world.token("5555555555554444"))
    first, second = member.cards
    assert [card["last_digits"] for card in (first, second)] == ["4242", "4444"]

    member.sends(f"/cards/{second['id']}/default")
    assert [card["default"] for card in member.cards] == [True, False]
    assert member.cards[0]["id"] == second["id"]

    member.sends(f"/cards/{second['id']}/delete")
    assert [card["last_digits"] for card in member.cards] == ["4242"]


def test_card_is_added_by_json(member, world):
    answer = member.sends_json("/cards", {"token": world.token()})

    assert answer.status_code == 200
    assert answer.get_json()["cards"][0]["brand"] == "Visa"


@pytest.mark.parametrize("token", ["", "nonsense", "tokn_test_unknown0000000000000"])
def test_invalid_token_is_explained(member, token):
    answer = member.sends("/cards", token=token)

    assert answer.status_code == 422
    problem = "We did not receive your card details." if token else "Enter your card details."
    assert problem in member.text


def test_card_deleted_at_omise_is_not_offered(member, world):
    member.sends("/cards", token=world.token())
    (card,) = member.cards
    (customer,) = world.customers()
    world.api("DELETE", f"/customers/{customer['id']}/cards/{card['id']}")
    member.puts_in_cart()

    member.pays(card=card["id"])
    assert "This saved card does not exist." in member.text
    assert member.cards == []
    assert world.charges() == []


def test_customer_deleted_at_omise_is_created_again(member, world):
    member.sends("/cards", token=world.token())
    (customer,) = world.customers()
    world.api("DELETE", f"/customers/{customer['id']}")

    assert member.cards == []
    member.sends("/cards", token=world.token("5555555555554444"))

    assert [card["last_digits"] for card in member.cards] == ["4444"]


def test_customer_deleted_during_the_save_is_created_again(member, world):
    member.sends("/cards", token=world.token())
    (customer,) = world.customers()
    world.api("DELETE", f"/customers/{customer['id']}")

    member.sends("/cards", token=world.token("5555555555554444"))

    assert [card["last_digits"] for card in member.cards] == ["4444"]


def test_failure_to_save_the_card_charges_nothing(member, world):
    member.puts_in_cart()
    world.fails("PATCH", "/customers/*", "drop_before")

    member.pays(save_card="1")

    assert member.status == "payment_failed"
    assert "We could not save your card" in member.text
    assert world.charges() == []


def test_checkout_works_while_saved_cards_are_unavailable(member, world):
    member.sends("/cards", token=world.token())
    member.puts_in_cart()
    world.fails("GET", "/customers/*", "status", status=503, times=3)

    member.sees("/checkout")

    assert member.page.status_code == 200
    assert "We cannot show your saved cards right now." in member.text


def test_unavailable_cards_are_503_in_json(member, world):
    member.sends("/cards", token=world.token())
    world.fails("GET", "/customers/*", "status", status=503, times=3)

    answer = member.client.get("/cards", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.get_json()["code"]) == (503, "payments_unavailable")


def test_all_saved_cards_are_listed(member, world):
    for _ in range(22):
        member.sends("/cards", token=world.token())

    assert len(member.cards) == 22


def chosen(member):
    """The label of the card that the checkout has selected; none when it is a new one."""
    page = member.sees("/checkout").get_data(as_text=True)
    found = re.search(r'value="(card_\w+)"[^>]* checked', page)
    return next((c["last_digits"] for c in member.cards if found and c["id"] == found[1]), None)


def test_default_card_is_selected_at_checkout(member, world):
    member.sends("/cards", token=world.token())
    member.sends("/cards", token=world.token("5555555555554444"))
    second = next(card for card in member.cards if card["last_digits"] == "4444")
    member.puts_in_cart()
    assert chosen(member) == "4242"

    member.sends(f"/cards/{second['id']}/default")

    assert chosen(member) == "4444"


def test_expired_default_card_is_not_selected(member, world, clock):
    this_year = clock().year
    member.sends("/cards", token=world.token(expiration_year=this_year + 1))
    member.sends("/cards", token=world.token("5555555555554444", expiration_year=this_year + 5))
    clock.advance(3 * 366 * 86400)
    member.sends("/login", email="somchai@example.com", password=PASSWORD)  # the login has expired
    member.puts_in_cart()

    assert chosen(member) == "4444"


def test_new_card_stays_selected_after_an_error(member, world):
    member.sends("/cards", token=world.token())
    member.puts_in_cart()

    page = member.submits("/charge", card="", token="").get_data(as_text=True)

    assert re.search(r'id="card-choice-new"[^>]* checked', page)
