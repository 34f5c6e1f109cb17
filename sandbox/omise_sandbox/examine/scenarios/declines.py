"""The card is declined."""

from collections.abc import Callable

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge_decline
from omise_sandbox.examine.scenario import Scenario

RULE = "A declined card is told as declined, and no order is paid."
SOURCE = "docs.omise.co/api-testing"
FIX = "Read `status` and `failure_code` of the charge: an HTTP 200 does not mean paid."

CARDS = {
    "insufficient-fund": "4111111111140011",
    "stolen-or-lost-card": "4111111111130012",
    "failed-processing": "4111111111120013",
    "payment-rejected": "4111111111110014",
    "failed-fraud-check": "4111111111190016",
    "invalid-account-number": "4111111111180017",
    "invalid-security-code": "4111111111160001",
}


def _declined(number: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        case.buyer.prepares()
        judge_decline(case, case.buyer.pays(case.world.token(number)))

    return run


def _used_token(case: Case) -> None:
    case.buyer.prepares()
    token = case.world.token()
    case.charges_elsewhere(token)
    judge_decline(case, case.buyer.pays(token))


def _expired_token(case: Case) -> None:
    case.buyer.prepares()
    token = case.world.token()
    case.world.advance(1860)
    judge_decline(case, case.buyer.pays(token))


SCENARIOS = tuple(
    Scenario(name, RULE, SOURCE, FIX, run)
    for name, run in (
        *((f"declined-{name}", _declined(number)) for name, number in CARDS.items()),
        ("token-used", _used_token),
        ("token-expired", _expired_token),
    )
)
