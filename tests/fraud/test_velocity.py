"""The velocity limiter, with actions that are not payments."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from storefront.errors import TooManyAttempts
from storefront.fraud.models import RateLimitedAction
from storefront.fraud.payer_identifiers import PayerIdentifiers
from storefront.fraud.velocity import VelocityLimiter
from storefront.fraud.velocity_limits import LIMITS, LOGIN, RETENTION, SIGNUP, Limit
from storefront.payments.database import Database

PAYER = PayerIdentifiers(session_key="s1", email="somchai@example.com")
ALLOWED = LIMITS[LOGIN]["session_key"].allowed


class StoppedClock:
    """A clock that a test sets."""

    def __init__(self):
        self.at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def connected(database_url):
    connected = Database(database_url)
    yield connected
    connected.dispose()


@pytest.fixture
def velocity(connected, clock):
    return VelocityLimiter(connected, now=clock)


class WrongPasswordError(Exception):
    """What an action fails with here."""


def fail(velocity, times=1, payer=PAYER):
    for _ in range(times):
        with pytest.raises(WrongPasswordError), velocity.limit(LOGIN, payer):
            raise WrongPasswordError


def succeed(velocity, payer=PAYER):
    with velocity.limit(LOGIN, payer):
        pass


def test_allowed_failures_are_followed_by_a_pause(velocity, clock):
    fail(velocity, ALLOWED)

    with pytest.raises(TooManyAttempts) as refused:
        succeed(velocity)
    assert refused.value.wait == timedelta(minutes=1)

    clock.at += timedelta(minutes=1)
    succeed(velocity)


def test_successes_do_not_count(velocity):
    for _ in range(3 * ALLOWED):
        succeed(velocity)


def test_action_in_progress_counts_as_failed(velocity):
    fail(velocity, ALLOWED - 1)

    with velocity.limit(LOGIN, PAYER), pytest.raises(TooManyAttempts):
        succeed(velocity)


def test_sign_ups_count_even_if_they_succeed(velocity):
    for _ in range(LIMITS[SIGNUP]["session_key"].allowed):
        with velocity.limit(SIGNUP, PAYER):
            pass

    with pytest.raises(TooManyAttempts), velocity.limit(SIGNUP, PAYER):
        pass


def test_other_payers_do_not_wait(velocity):
    fail(velocity, ALLOWED)

    succeed(velocity, PayerIdentifiers(session_key="s2", email="anong@example.com"))


def test_penalty_counts_as_failures(velocity):
    velocity.penalize(LOGIN, PAYER, ALLOWED)

    with pytest.raises(TooManyAttempts):
        succeed(velocity)


def test_scale_multiplies_the_limits(connected, clock):
    velocity = VelocityLimiter(connected, now=clock, scale=2)

    fail(velocity, 2 * ALLOWED)

    with pytest.raises(TooManyAttempts):
        succeed(velocity)


def test_failures_from_a_clock_ahead_do_not_delay_an_allowed_action(velocity, clock):
    clock.at += timedelta(seconds=30)
    fail(velocity)
    clock.at -= timedelta(seconds=30)

    succeed(velocity)


def test_old_actions_are_deleted(velocity, connected, clock):
    fail(velocity, 3)
    clock.at += RETENTION + timedelta(seconds=1)
    succeed(velocity)

    with connected.read_session() as session:
        assert session.scalar(select(func.count()).select_from(RateLimitedAction)) == 1


@pytest.mark.parametrize(
    ("failures", "minutes"), [(7, 0), (8, 1), (9, 2), (10, 4), (13, 32), (14, 60), (10**6, 60)]
)
def test_pause_doubles_up_to_its_maximum(failures, minutes):
    assert Limit(8).pause_after(failures) == timedelta(minutes=minutes)
