"""Accounts of staff."""

import pytest

from storefront.errors import InvalidForm

EMAIL, PASSWORD = "anong@example.com", "a long password of staff"


@pytest.fixture
def staff(staff_accounts):
    staff_accounts.create_or_reset(EMAIL.title(), PASSWORD)
    return staff_accounts.authenticate(EMAIL, PASSWORD)


@pytest.mark.parametrize(("email", "password"), [("nonsense", PASSWORD), (EMAIL, "short")])
def test_unacceptable_email_or_password_creates_no_account(staff_accounts, email, password):
    with pytest.raises(InvalidForm):
        staff_accounts.create_or_reset(email, password)
    with pytest.raises(InvalidForm):
        staff_accounts.authenticate(email, password)


def test_reset_sets_the_password_and_ends_every_session(staff_accounts, staff):
    staff_accounts.create_or_reset(EMAIL, "another long password")

    with pytest.raises(InvalidForm):
        staff_accounts.authenticate(EMAIL, PASSWORD)
    assert staff_accounts.authenticate(EMAIL, "another long password").id == staff.id
    assert staff_accounts.by_session(staff.id, staff.session_version, "a" * 32) is None


def test_revoked_session_does_not_open_the_account(staff_accounts, sessions, staff):
    claims = sessions.start()
    assert staff_accounts.by_session(staff.id, staff.session_version, claims["key"])

    sessions.revoke(claims)

    assert staff_accounts.by_session(staff.id, staff.session_version, claims["key"]) is None


def test_shopper_with_the_same_email_is_not_staff(staff_accounts, accounts):
    accounts.sign_up(EMAIL, PASSWORD)

    with pytest.raises(InvalidForm):
        staff_accounts.authenticate(EMAIL, PASSWORD)
