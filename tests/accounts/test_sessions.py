"""Login sessions: their age, and their revocation."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.accounts.models import RevokedSession
from storefront.accounts.sessions import MAX_SESSION_AGE, STAFF_SESSION_AGE


def revoked_keys(connected):
    with connected.read_session() as session:
        return session.scalars(select(RevokedSession.key)).all()


def test_new_session_is_valid(sessions):
    claims = sessions.start()

    assert sessions.validate(claims) == claims["key"]


@pytest.mark.parametrize("max_age", [MAX_SESSION_AGE, STAFF_SESSION_AGE, timedelta(seconds=30)])
def test_session_expires(sessions, clock, max_age):
    claims = sessions.start()

    clock.advance(max_age.total_seconds() - 20)
    assert sessions.validate(claims, max_age=max_age)
    clock.advance(21)
    assert sessions.validate(claims, max_age=max_age) is None


@pytest.mark.parametrize(
    "claims",
    [None, "", [], {}, {"key": "a" * 32}, {"since": 0}, {"key": "short", "since": 2**31}],
    ids=str,
)
def test_malformed_claims_are_not_valid(sessions, claims):
    assert sessions.validate(claims) is None


def test_revoking_twice_is_harmless(sessions, connected):
    claims = sessions.start()

    sessions.revoke(claims)
    sessions.revoke(claims)

    assert revoked_keys(connected) == [claims["key"]]


def test_revoking_malformed_claims_stores_nothing(sessions, connected):
    sessions.revoke({"key": "short", "since": 0})

    assert revoked_keys(connected) == []


def test_revocation_is_deleted_once_the_session_has_expired(sessions, connected, clock):
    old = sessions.start()
    sessions.revoke(old)
    clock.advance(MAX_SESSION_AGE.total_seconds() + 1)

    new = sessions.start()
    sessions.revoke(new)

    assert revoked_keys(connected) == [new["key"]]
