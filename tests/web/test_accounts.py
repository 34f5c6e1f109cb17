"""Sign-up, login and logout."""

import re

import pytest
from pydantic import SecretStr

from storefront.accounts.passwords import MIN_PASSWORD_LENGTH
from storefront.web.order_links import order_link


def test_signup_logs_in(shopper):
    shopper.signs_up()
    shopper.sees("/")

    assert "Log out" in shopper.text


def test_cart_of_a_guest_is_kept_at_signup(shopper):
    shopper.puts_in_cart("lamp")

    shopper.signs_up()
    shopper.sees("/cart")

    assert "Paper table lamp" in shopper.text


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("", "correct horse battery", "Enter a valid email address"),
        ("nonsense", "correct horse battery", "Enter a valid email address"),
        ("a@example.com", "short", "at least 10 characters"),
        ("a@example.com", "x" * 201, "at least 10 characters"),
    ],
)
def test_invalid_signup_is_explained(shopper, email, password, message):
    answer = shopper.signs_up(email, password)

    assert answer.status_code == 422
    assert message in shopper.text
    assert password not in answer.get_data(as_text=True) or not password


def test_all_problems_are_shown_together(shopper):
    shopper.signs_up("nonsense", "short")

    assert "Enter a valid email address" in shopper.text
    assert "at least 10 characters" in shopper.text


def test_password_rule_is_stated_before_the_first_error(shopper):
    shopper.sees("/signup")

    assert f"At least {MIN_PASSWORD_LENGTH} characters." in shopper.text


def test_email_has_one_account_in_any_case(shopper, stranger):
    shopper.signs_up("Somchai@Example.com")

    assert stranger.signs_up("somchai@example.COM").status_code == 422


def test_wrong_password_and_wrong_email_look_the_same(shopper, stranger):
    shopper.signs_up()

    pages = []
    for email in ("somchai@example.com", "unknown@example.com"):
        answer = stranger.sends("/login", email=email, password="wrong password")
        assert answer.status_code == 422
        pages.append(stranger.text.replace(email, ""))

    assert pages[0] == pages[1]


def test_login_starts_a_new_session(shopper):
    shopper.signs_up()
    shopper.sends("/logout")
    with shopper.client.session_transaction() as session:
        session["planted"] = "by an attacker"

    shopper.sends("/login", email="somchai@example.com", password="correct horse battery")

    with shopper.client.session_transaction() as session:
        assert "planted" not in session


def test_password_is_stored_as_a_hash(shopper, app):
    shopper.signs_up()

    user = app.extensions["shop"].accounts.by_session(1, 0, "any")
    assert user.password_hash.startswith("$argon2id$")


def test_links_signed_with_a_fallback_key_are_valid(shop_with, shopper):
    shopper.puts_in_cart()
    shopper.pays()
    number = shopper.order_number
    with shopper.client.application.test_request_context():
        old = order_link(number)

    rotated = {"secret_key": SecretStr("n" * 32), "secret_key_fallbacks": SecretStr("s" * 32)}
    with_both, with_new_only = shop_with(**rotated), shop_with(secret_key=SecretStr("n" * 32))
    path = old.removeprefix("http://shop.test")

    assert with_both.test_client().get(path).status_code == 303
    assert with_new_only.test_client().get(path).status_code == 404


def test_account_page_begins_with_the_latest_orders(shopper):
    shopper.signs_up()
    numbers = []
    for _ in range(4):
        shopper.puts_in_cart()
        shopper.pays()
        numbers.append(shopper.order_number)

    page = shopper.sees("/account").get_data(as_text=True)

    assert re.findall(r'href="/orders/(\w+)"', page) == numbers[:0:-1]
    headings = re.findall(r"<h2[^>]*>([^<]+)", page)
    assert headings[-4:] == [
        "Recent orders",
        "Cards and delivery",
        "Login and security",
        "Your data",
    ]


@pytest.mark.parametrize(
    ("path", "fields", "unfolded"),
    [
        ("/account", {}, []),
        ("/account/password", {"old_password": "wrong"}, ["Change password"]),
        ("/account/email", {"email": "nonsense", "current_password": "x"}, ["Change email"]),
        ("/account/delete", {"delete_password": "wrong"}, ["Delete account"]),
    ],
)
def test_only_a_setting_with_errors_is_unfolded(shopper, path, fields, unfolded):
    shopper.signs_up()

    page = (shopper.sends(path, **fields) if fields else shopper.sees(path)).get_data(as_text=True)

    found = re.findall(r"<details[^>]* open>\s*<summary[^>]*>([^<]+)", page)
    assert [label.strip() for label in found] == unfolded
