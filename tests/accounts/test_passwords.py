"""Password rules and hashing."""

import pytest

from storefront.accounts.passwords import Passwords, password_error


@pytest.mark.parametrize(
    ("length", "accepted"), [(9, False), (10, True), (200, True), (201, False)]
)
def test_password_length_is_limited(length, accepted):
    assert (password_error(("a fox, " * 40)[:length]) is None) is accepted


@pytest.mark.parametrize(
    "password", ["1234567890", "QWERTYUIOP", " password123 ", "anong@example.com", "anong@example"]
)
def test_common_password_is_rejected(password):
    problem = password_error(password, email="anong@example.com")

    assert (problem is None) == (password == "anong@example")
    assert problem is None or "easy to guess" in problem


def test_only_the_hashed_password_verifies(passwords):
    password_hash = passwords.hash("correct horse battery")

    assert passwords.verify(password_hash, "correct horse battery")
    assert not passwords.verify(password_hash, "correct horse batteries")


@pytest.mark.parametrize("password_hash", [None, "", "not a hash"])
def test_nothing_verifies_without_a_hash(passwords, password_hash):
    assert not passwords.verify(password_hash, "correct horse battery")


def test_passwords_are_hashed_with_argon2id():
    assert Passwords().hash("correct horse battery").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
