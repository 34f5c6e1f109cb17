"""Accounts of shoppers."""

import pytest

from storefront.errors import EmailTaken, InvalidForm

EMAIL, PASSWORD = "somchai@example.com", "correct horse battery"


@pytest.fixture
def user(accounts):
    return accounts.sign_up(EMAIL, PASSWORD)


def test_sign_up_reports_every_problem(accounts):
    with pytest.raises(InvalidForm) as rejected:
        accounts.sign_up("nonsense", "short")

    assert set(rejected.value.problems) == {"email", "password"}


def test_email_has_one_account(accounts, user):
    with pytest.raises(EmailTaken):
        accounts.sign_up(EMAIL.upper(), PASSWORD)


def test_authenticate_finds_the_account(accounts, user):
    assert accounts.authenticate(f" {EMAIL.upper()} ", PASSWORD).id == user.id


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong password"), ("anong@example.com", PASSWORD)]
)
def test_wrong_email_and_wrong_password_give_the_same_error(accounts, user, email, password):
    with pytest.raises(InvalidForm) as rejected:
        accounts.authenticate(email, password)

    assert rejected.value.problems == {"password": "Incorrect email or password."}


def test_session_opens_the_account(accounts, user):
    assert accounts.by_session(user.id, user.session_version, "a" * 32).email == EMAIL


def test_revoked_session_does_not_open_the_account(accounts, sessions, user):
    claims = sessions.start()
    sessions.revoke(claims)

    assert accounts.by_session(user.id, user.session_version, claims["key"]) is None


def test_revoke_sessions_ends_every_session(accounts, user):
    accounts.revoke_sessions(user.id)

    assert accounts.by_session(user.id, user.session_version, "a" * 32) is None


def test_change_password_needs_the_old_one(accounts, user):
    with pytest.raises(InvalidForm):
        accounts.change_password(user.id, old="a guess", new="a new long password")

    assert accounts.authenticate(EMAIL, PASSWORD)


def test_change_password_ends_every_session(accounts, user):
    accounts.change_password(user.id, old=PASSWORD, new="a new long password")

    assert accounts.authenticate(EMAIL, "a new long password")
    assert accounts.by_session(user.id, user.session_version, "a" * 32) is None
