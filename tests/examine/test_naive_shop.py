"""Every planted mistake is found, and none is invented."""

import pytest

from omise_sandbox.examine.scenarios import CATALOGUE
from omise_sandbox.examine.scenarios.declines import CARDS
from tests.examine.conftest import bad

#: Which scenarios find which mistake.
FOUND_BY = {
    "charges-again": {
        "answer-lost-then-paid-again",
        "back-and-pay-again",
        "reload",
        "two-clicks",
        "two-clicks-with-two-tokens",
    },
    "browser-amount": {"amount-changed", "currency-changed"},
    "foreign-customer": {"foreign-customer"},
    "lost-is-failed": {
        "answer-garbage",
        "answer-lost-after-the-charge",
        "answer-lost-then-paid-again",
    },
    "says-success": {
        "answer-500",
        "answer-503",
        "token-expired",
        "token-used",
        *(f"declined-{name}" for name in CARDS),
    },
    "trusts-return": {"3ds-cancelled", "3ds-declined", "3ds-forged-return"},
    "trusts-webhook": {
        "webhook-forged",
        "webhook-of-a-lower-amount",
        "webhook-old",
        "webhook-unsigned",
    },
    "webhook-500": {"webhook-on-time", "webhook-unknown-field", "webhook-unknown-key"},
    "key-in-page": {"secret-key-in-a-page"},
    "no-csp": {"payment-page-without-csp"},
}


def test_shop_without_mistakes_is_clean(examined):
    outcomes = examined()

    assert {outcome.verdict.value for outcome in outcomes.values()} == {"right"}
    assert sum(outcome.seconds for outcome in outcomes.values()) < 60


@pytest.mark.parametrize("mistake", FOUND_BY)
def test_mistake_is_found(examined, mistake):
    rows = tuple(row for row in CATALOGUE if row.name in FOUND_BY[mistake])

    assert bad(examined(mistake, scenarios=rows)) == FOUND_BY[mistake]


def test_mistakes_are_found_together_and_gone_once_fixed(examined):
    # These do not hide one another; each fix takes its own scenarios out of the report.
    planted = ["charges-again", "browser-amount", "trusts-return", "webhook-500", "no-csp"]
    rows = tuple(
        row for row in CATALOGUE if any(row.name in FOUND_BY[mistake] for mistake in planted)
    )
    while planted:
        expected = set().union(*(FOUND_BY[mistake] for mistake in planted))
        assert bad(examined(*planted, scenarios=rows)) == expected
        planted.pop()
    assert bad(examined(scenarios=rows)) == set()
