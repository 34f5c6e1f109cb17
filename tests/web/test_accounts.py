"""Signing up and logging in."""

import pytest
from pydantic import SecretStr

from storefront.web import order_links as links


def test_a_member_is_logged_in_after_signing_up(shopper):
    shopper.signs_up()
    shopper.sees("/")

    assert "Log out" in shopper.text


def test_the_cart_of_a_guest_comes_along(shopper):
    shopper.puts_in_cart("lamp")

    shopper.signs_up()
    shopper.sees("/cart")

    assert "Paper table lamp" in shopper.text


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("", "correct horse battery", "Enter a valid email address"),
        ("nonsense", "correct horse battery", "Enter a valid email address"),
        ("a@example.com", "short", "at least 10 characters"),
        ("a@example.com", "x" * 201, "at least 10 characters"),
    ],
)
def test_what_cannot_be_an_account_is_explained(shopper, email, password, words):
    answer = shopper.signs_up(email, password)

    assert answer.status_code == 422
    assert words in shopper.text
    assert password not in answer.get_data(as_text=True) or not password


def test_all_problems_are_told_at_once(shopper):
    shopper.signs_up("nonsense", "short")

    assert "Enter a valid email address" in shopper.text
    assert "at least 10 characters" in shopper.text


def test_an_email_makes_one_account_however_it_is_written(shopper, stranger):
    shopper.signs_up("Somchai@Example.com")

    assert stranger.signs_up("somchai@example.COM").status_code == 422


def test_a_wrong_password_and_a_wrong_email_read_the_same(shopper, stranger):
    shopper.signs_up()

    pages = []
    for email in ("somchai@example.com", "nobody@example.com"):
        answer = stranger.sends("/login", email=email, password="wrong password")
        assert answer.status_code == 422
        pages.append(stranger.text.replace(email, ""))

    assert pages[0] == pages[1]


def test_the_session_is_a_new_one_after_logging_in(shopper):
    shopper.signs_up()
    shopper.sends("/logout")
    with shopper.client.session_transaction() as session:
        session["planted"] = "by somebody else"

    shopper.sends("/login", email="somchai@example.com", password="correct horse battery")

    with shopper.client.session_transaction() as session:
        assert "planted" not in session


def test_the_password_is_kept_as_a_hash(shopper, app):
    shopper.signs_up()

    user = app.extensions["shop"].accounts.by_session("1.0", "any")
    assert user.password_hash.startswith("$argon2id$")


def test_what_an_old_key_signed_goes_on_being_good(shop_with, shopper):
    shopper.puts_in_cart()
    shopper.pays()
    number = shopper.order_number
    with shopper.client.application.test_request_context():
        old = links.order_link(number)

    rotated = {"secret_key": SecretStr("n" * 32), "secret_key_fallbacks": SecretStr("s" * 32)}
    with_both, with_new_only = shop_with(**rotated), shop_with(secret_key=SecretStr("n" * 32))
    path = old.removeprefix("http://shop.test")

    assert with_both.test_client().get(path).status_code == 303
    assert with_new_only.test_client().get(path).status_code == 404
