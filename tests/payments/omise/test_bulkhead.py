"""Pages wait for Omise's GETs for a short time, few at once, and not while it keeps failing."""

from contextlib import ExitStack

import pytest

from storefront.payments.omise import OmiseClient, OmiseRejected, OmiseUnknown, OmiseUnreachable
from storefront.payments.omise.budget import Budget, at_most
from storefront.payments.omise.bulkhead import MAX_FAILURES, RETRY_AFTER, Bulkhead


class Stopwatch:
    """A clock that a test moves."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def stopwatch():
    """The clock of the bulkhead."""
    return Stopwatch()


@pytest.fixture
def omise(world, stopwatch):
    """A client whose bulkhead goes by the clock of the test."""
    with OmiseClient(
        public_key=world.public_key,
        secret_key=world.secret_key,
        api_url=world.url,
        vault_url=world.url,
        clock=stopwatch,
    ) as client:
        yield client


def requests_at(world):
    """How many requests Omise received."""
    return len(world.control("GET", "requests")["data"])


def fails_within_a_page(omise, error=OmiseUnknown):
    with at_most(3), pytest.raises(error):
        omise.account()


def test_get_of_a_page_is_not_retried(omise, world):
    world.fails("GET", "/account", "status", status=503)

    fails_within_a_page(omise)

    assert omise.account()


def test_budget_is_shared_by_all_gets_of_a_page(omise, world):
    world.fails("GET", "/account", "delay", seconds=0.4)

    with at_most(0.2):
        with pytest.raises(OmiseUnknown):
            omise.account()
        with pytest.raises(OmiseUnreachable):
            omise.capability()


@pytest.mark.parametrize("seconds", [1e-7, 1e-5, 0.009])
def test_budget_of_no_time_sends_nothing(omise, world, seconds):
    sent = requests_at(world)

    with at_most(seconds), pytest.raises(OmiseUnreachable):
        omise.account()

    assert requests_at(world) == sent


def test_post_of_a_page_does_not_depend_on_the_budget(omise, world):
    with at_most(0):
        charge = omise.create_charge(amount=39000, currency="THB", card=world.token())

    assert charge.paid


def test_budget_counts_only_the_time_that_gets_took():
    budget = Budget(3)

    with budget.spend() as first:
        pass
    with budget.spend() as second:
        pass

    assert first == 3
    assert 2 < second < 3


def test_full_gate_admits_no_more(stopwatch):
    bulkhead = Bulkhead(2, clock=stopwatch)

    with ExitStack() as waiting:
        waiting.enter_context(bulkhead.admit())
        waiting.enter_context(bulkhead.admit())
        with pytest.raises(OmiseUnreachable, match="too many"), bulkhead.admit():
            pass

    with bulkhead.admit():
        pass


def test_a_quarter_of_the_threads_may_wait(world):
    with (
        OmiseClient(
            public_key=world.public_key,
            secret_key=world.secret_key,
            api_url=world.url,
            vault_url=world.url,
            pool_size=4,
        ) as omise,
        omise._transport._bulkhead.admit(),
    ):
        fails_within_a_page(omise, OmiseUnreachable)
        assert omise.account()  # a worker is not held up


def test_breaker_opens_after_failures_and_tries_again_with_one(omise, world, stopwatch):
    world.fails("GET", "/account", "status", status=503, times=MAX_FAILURES + 1)
    for _ in range(MAX_FAILURES):
        fails_within_a_page(omise)
    asked = requests_at(world)

    fails_within_a_page(omise, OmiseUnreachable)
    assert requests_at(world) == asked

    stopwatch.now += RETRY_AFTER
    fails_within_a_page(omise)
    fails_within_a_page(omise, OmiseUnreachable)
    assert requests_at(world) == asked + 1

    stopwatch.now += RETRY_AFTER
    with at_most(3):
        assert omise.account()
        assert omise.account()


def test_rejection_is_no_failure_of_omise(omise):
    for _ in range(MAX_FAILURES + 1):
        with at_most(3), pytest.raises(OmiseRejected):
            omise.charge("chrg_test_0")
