"""Verification and change of the email, export of the data, deletion of the account."""

import json

import pytest

from tests.support.flask_shopper import PASSWORD, FlaskShopper

EMAIL, NEW = "somchai@example.com", "new@example.com"
SUBJECT = "Confirm your email address"


@pytest.fixture
def guest_order(stranger):
    """The number of an order that a guest placed with the email of the member."""
    stranger.puts_in_cart("lamp")
    stranger.pays()
    return stranger.order_number


def verify(person, mailbox, email=EMAIL):
    return person.sends(mailbox.link(email, SUBJECT))


def change_email(person, email=NEW, password=PASSWORD):
    return person.sends("/account/email", email=email, current_password=password)


def test_guest_orders_are_shown_only_once_the_email_is_verified(shopper, guest_order, mailbox):
    shopper.signs_up()
    shopper.sees("/orders")
    assert guest_order not in shopper.text
    assert shopper.sees(f"/orders/{guest_order}").status_code == 404

    assert verify(shopper, mailbox).location == "/account"

    shopper.sees("/orders")
    assert guest_order in shopper.text
    assert shopper.sees(f"/orders/{guest_order}").status_code == 200
    assert shopper.client.get(f"/orders/{guest_order}/status").status_code == 200


def test_orders_of_another_member_with_this_email_are_not_shown(shopper, stranger, mailbox):
    stranger.signs_up("malee@example.com")
    stranger.puts_in_cart("lamp")
    stranger.pays(email=EMAIL)
    shopper.signs_up()
    verify(shopper, mailbox)

    shopper.sees("/orders")
    assert stranger.order_number not in shopper.text


def test_opening_the_link_verifies_nothing_before_the_button(shopper, mailbox, services):
    shopper.signs_up()

    shopper.sees(mailbox.link(EMAIL, SUBJECT))

    assert EMAIL in shopper.text
    assert services.accounts.find(EMAIL).verified_email is None


def test_link_works_for_its_member_only(shopper, stranger, app, world, mailbox, services):
    """Who signs up with the address of another person gains nothing when that one opens it."""
    shopper.signs_up()
    link = mailbox.link(EMAIL, SUBJECT)

    assert FlaskShopper(app, world).sends(link).status_code == 401
    stranger.signs_up("malee@example.com")
    assert stranger.sends(link).status_code == 410
    assert services.accounts.find(EMAIL).verified_email is None


@pytest.mark.parametrize(("hours", "status"), [(71, 303), (72, 410)])
def test_link_expires_after_three_days(shopper, mailbox, clock, hours, status):
    shopper.signs_up()
    link = mailbox.link(EMAIL, SUBJECT)

    clock.advance(hours * 3600)

    assert shopper.sends(link).status_code == status


def test_another_link_can_be_sent(shopper, mailbox):
    shopper.signs_up()
    mailbox.to(EMAIL)

    assert shopper.sends("/account/verify").location == "/account"

    assert mailbox.to(EMAIL) == [SUBJECT] * 2


def test_email_changes_once_the_new_address_is_verified(shopper, mailbox, services):
    shopper.signs_up()
    verify(shopper, mailbox)

    assert change_email(shopper).location == "/account"
    assert services.accounts.find(EMAIL)
    assert verify(shopper, mailbox, NEW).location == "/account"

    assert services.accounts.find(EMAIL) is None
    assert services.accounts.find(NEW).verified_email == NEW
    assert "The email address of your account was changed" in mailbox.to(EMAIL)
    assert shopper.client.get("/account").status_code == 200


def test_change_of_email_ends_the_other_sessions(shopper, app, world, mailbox):
    shopper.signs_up()
    other = FlaskShopper(app, world)
    other.sends("/login", email=EMAIL, password=PASSWORD)
    change_email(shopper)

    verify(shopper, mailbox, NEW)

    assert other.client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [("nonsense", PASSWORD, "valid email"), (NEW, "wrong password", "password is incorrect")],
)
def test_wrong_change_of_email_is_explained(shopper, mailbox, email, password, message):
    shopper.signs_up()

    assert change_email(shopper, email, password).status_code == 422

    assert message in shopper.text
    assert mailbox.to(NEW) == []


def test_address_of_another_account_is_never_taken_over(shopper, stranger, mailbox, services):
    stranger.signs_up(NEW)
    shopper.signs_up()
    answer = change_email(shopper)

    assert answer.status_code == 303  # as for any address
    assert shopper.sends(mailbox.link(NEW, SUBJECT)).status_code == 410
    assert services.accounts.find(EMAIL)


def test_older_link_does_not_change_the_email_again(shopper, mailbox, services):
    shopper.signs_up()
    change_email(shopper)
    link = mailbox.link(NEW, SUBJECT)
    change_email(shopper, "third@example.com")

    assert shopper.sends(link).status_code == 410
    assert services.accounts.find(EMAIL)


def test_data_can_be_exported(member, world):
    member.puts_in_cart("lamp")
    member.pays()

    answer = member.client.get("/account/export")

    assert answer.headers["Content-Disposition"] == "attachment; filename=account.json"
    data = json.loads(answer.data)
    assert data["email"] == EMAIL
    assert [order["number"] for order in data["orders"]] == [member.order_number]
    assert data["orders"][0]["lines"][0]["sku"] == "lamp"
    assert [card["last_digits"] for card in data["cards"]] == ["4242"]
    assert "password" not in answer.get_data(as_text=True)


def test_account_is_deleted_with_its_cards(member, services, mailbox, world):
    member.puts_in_cart("lamp")
    member.pays()
    number = member.order_number
    customer = services.engine.saved_cards.customer_id("1")

    assert member.sends("/account/delete", delete_password=PASSWORD).location == "/"

    assert services.accounts.find(EMAIL) is None
    assert services.engine.omise.customer(customer).card_count == 0
    assert services.orders.get(number).user_id is None
    assert mailbox.to(EMAIL).count("Your account was deleted") == 1


def test_wrong_password_deletes_nothing(member, services):
    assert member.sends("/account/delete", delete_password="a guess").status_code == 422
    assert "password is incorrect" in member.text
    assert services.accounts.find(EMAIL)
    assert len(member.cards) == 1


def test_account_stays_while_omise_cannot_delete_its_cards(member, world, services):
    (customer,) = world.customers()
    world.fails("GET", f"/customers/{customer['id']}", "status", status=503, times=9)

    assert member.sends("/account/delete", delete_password=PASSWORD).status_code == 503

    assert services.accounts.find(EMAIL)


def test_session_of_a_deleted_account_opens_no_later_one(database, shopper, app, world, services):
    """An id is never given again, nor are the cards and sessions of its first owner."""
    shopper.signs_up()
    copy = FlaskShopper(app, world)
    copy.cookie = shopper.cookie
    shopper.sends("/account/delete", delete_password=PASSWORD)

    FlaskShopper(app, world).signs_up("malee@example.com")

    assert services.accounts.find("malee@example.com").id == 2
    assert copy.client.get("/account").status_code == 303


def test_guests_have_no_account_to_change(shopper):
    assert shopper.client.get("/account/export").status_code == 303
    for path in ("/account/email", "/account/verify", "/account/delete"):
        assert shopper.sends(path).status_code == 401
