"""Orders and cards of one shopper do not exist for another."""

import pytest


def test_order_is_opened_by_its_shopper_only(shopper, stranger):
    shopper.puts_in_cart()
    shopper.pays()
    number = shopper.order_number

    for path in (f"/orders/{number}", f"/orders/{number}/status"):
        theirs = stranger.sees(path)
        unknown = stranger.sees(path.replace(number, "NOSUCHONE2"))
        assert theirs.status_code == unknown.status_code == 404
        assert shopper.sees(path).status_code == 200


def test_member_opens_their_orders_in_any_session(member, stranger):
    member.puts_in_cart()
    member.pays()
    number = member.order_number

    stranger.sends("/login", email="somchai@example.com", password="correct horse battery")
    stranger.sees("/orders")

    assert number in stranger.text
    assert stranger.sees(f"/orders/{number}").status_code == 200


def test_order_of_a_member_has_their_email(member, repository):
    member.puts_in_cart()
    member.pays(email="")

    assert repository.get(member.order_number).email == "somchai@example.com"


def test_logout_removes_access_to_orders_and_cards(member):
    member.puts_in_cart()
    member.pays()
    number = member.order_number

    member.sends("/logout")

    assert member.sees(f"/orders/{number}").status_code == 404
    assert member.client.get("/cards").status_code == 303


def test_saved_card_is_used_by_its_owner_only(member, stranger, world):
    (card,) = member.cards
    stranger.signs_up("malee@example.com")
    stranger.puts_in_cart()

    theirs = stranger.pays_by_json(card=card["id"])
    unknown = stranger.pays_by_json(card="card_test_unknown")

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.get_json() == unknown.get_json()
    assert stranger.sends(f"/cards/{card['id']}/delete").status_code == 404
    assert stranger.sends(f"/cards/{card['id']}/default").status_code == 404
    assert world.charges() == []
    assert member.cards == [card]


def test_guest_has_no_saved_cards(shopper):
    people = shopper.client.get("/cards")
    programs = shopper.client.get("/cards", headers={"Accept": "application/json"})

    assert (people.status_code, people.location) == (303, "/login?next=/cards")
    assert (programs.status_code, programs.get_json()["code"]) == (401, "login_required")


@pytest.mark.parametrize(
    "next_page",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_login_redirects_to_no_other_site(member, next_page):
    member.sends("/logout")

    answer = member.sends(
        "/login", email="somchai@example.com", password="correct horse battery", next=next_page
    )

    assert (answer.status_code, answer.location) == (303, "/")
