"""The account page shows the saved cards and the address, and each member edits their own."""

import re

import pytest

from tests.support.flask_shopper import ADDRESS, FlaskShopper

CHANGED = ADDRESS | {"shipping_city": "Chiang Mai", "shipping_postal_code": "50200"}
SAVED = {name.removeprefix("shipping_"): value for name, value in CHANGED.items()}


@pytest.fixture
def saved(member, services):
    """The address that the member has saved now."""
    user = services.accounts.find("somchai@example.com")
    return lambda: services.address_book.find(user.id)


def test_address_is_added_and_then_edited(member, saved):
    member.sees("/account")
    assert "Add address" in member.text
    member.sends("/account/address", **ADDRESS)
    assert saved().city == "Bangkok"

    page = member.sees("/account/address").get_data(as_text=True)
    assert 'value="Somchai Prasert"' in page
    assert '<option value="TH" selected>Thailand</option>' in page
    member.submits("/account/address", **CHANGED)

    assert "Address saved." in member.text
    assert "Chiang Mai 50200" in member.text
    assert "Edit address" in member.text
    assert saved().model_dump() == SAVED


def test_form_is_that_of_the_checkout(member):
    member.puts_in_cart()
    at_checkout = shipping_fields(member.sees("/checkout"))

    in_account = shipping_fields(member.sees("/account/address"))

    assert len(in_account) == len(ADDRESS)
    assert in_account == at_checkout


def shipping_fields(answer):
    """The fields of the delivery address, each with its autocomplete and its description."""
    return re.findall(
        r'name="(shipping_\w+)"[^>]* autocomplete="([^"]+)"[^>]* aria-describedby="([^"]+)"',
        answer.get_data(as_text=True),
    )


def test_problems_are_explained_and_what_was_typed_stays(member, saved):
    answer = member.sends("/account/address", **CHANGED | {"shipping_phone": "call me"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert '<a href="#shipping_phone">Enter a phone number' in page
    assert 'value="call me"' in page
    assert 'value="Chiang Mai"' in page
    assert saved() is None


def test_card_number_is_not_shown_again(member, saved):
    number = "4242424242424242"

    answer = member.sends("/account/address", **CHANGED | {"shipping_name": number})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#shipping_name"' in page
    assert 'value="Chiang Mai"' in page
    assert number not in page
    assert saved() is None


def test_country_must_be_one_that_the_shop_delivers_to(member, saved):
    answer = member.sends("/account/address", **CHANGED | {"shipping_country": "NZ"})

    assert "We do not deliver to this country." in member.text
    assert answer.status_code == 422
    assert saved() is None


def test_members_see_and_change_their_own_address_only(member, stranger, saved, services):
    member.sends("/account/address", **ADDRESS)
    stranger.signs_up("malee@example.com")
    user = services.accounts.find("somchai@example.com")

    assert ADDRESS["shipping_name"] not in stranger.sees("/account/address").get_data(as_text=True)
    stranger.sends("/account/address", **CHANGED, user_id=str(user.id))
    assert stranger.sends(f"/account/address/{user.id}", **CHANGED).status_code == 404
    assert stranger.sees(f"/account/address/{user.id}").status_code == 404
    stranger.sends("/account/address/delete")

    assert saved().city == "Bangkok"


def test_guest_is_asked_to_log_in(shopper):
    shown = shopper.client.get("/account/address")
    sent = shopper.sends("/account/address", **ADDRESS)

    assert (shown.status_code, sent.status_code) == (303, 401)
    assert shown.location.startswith("/login")


def test_address_needs_the_token_of_the_session(member, saved):
    answer = member.client.post("/account/address", data=ADDRESS)

    assert answer.status_code == 400
    assert saved() is None


def test_shop_without_delivery_has_no_form(shop_with, world):
    member = FlaskShopper(shop_with(delivery=False), world)
    member.signs_up()

    assert member.sees("/account/address").status_code == 404
    assert member.sends("/account/address", **ADDRESS).status_code == 404
    member.sees("/account")
    assert "Add address" not in member.text


# Cards


def test_account_page_lists_the_saved_cards(member, world):
    member.sends("/cards", token=world.token("5555555555554444"))

    page = member.sees("/account").get_data(as_text=True)

    assert re.findall(r'data-card-brand="([^"]+)">([^<]+)<', page) == [
        ("Visa", "Visa •••• 4242"),
        ("Mastercard", "Mastercard •••• 4444"),
    ]
    listed = r"Visa •••• 4242 Default Expires \d\d/\d\d Mastercard •••• 4444 Expires \d\d/"
    assert re.search(listed, member.text)
    assert member.text.count("Default") == 1
    assert 'href="/cards"' in page


def test_account_page_without_cards_says_what_they_are_for(shopper):
    shopper.signs_up()

    shopper.sees("/account")

    assert "Pay faster next time." in shopper.text


def test_account_page_is_shown_while_omise_cannot_be_reached(member, world):
    world.fails("GET", "/customers/*", "status", status=503, times=9)

    answer = member.sees("/account")

    assert answer.status_code == 200
    assert "We cannot show your saved cards right now." in member.text
    assert "Visa •••• 4242" not in member.text
