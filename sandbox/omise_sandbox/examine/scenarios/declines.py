"""The card is declined."""

from collections.abc import Callable

from omise_sandbox.examine.buyer import Twist
from omise_sandbox.examine.cards import DECLINED
from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge, judge_decline
from omise_sandbox.examine.scenario import scenarios

RULE = "A declined card is told as declined, and no order is paid."
SOURCE = "docs.omise.co/api-testing"
FIX = "Read `status` and `failure_code` of the charge: an HTTP 200 does not mean paid."


def _declined(number: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        case.buyer.prepares()
        judge_decline(case, case.buyer.pays(number))

    return run


def _then_paid(case: Case) -> None:
    case.buyer.prepares()
    judge_decline(case, case.buyer.pays(DECLINED["insufficient-fund"]))
    judge(case, case.buyer.goes_back_and_pays())


def _used_token(case: Case) -> None:
    judge_decline(case, case.buys(Twist(with_token=case.charges_elsewhere)))


def _expired_token(case: Case) -> None:
    judge_decline(case, case.buys(Twist(with_token=lambda _: case.advances(1860))))


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        **{f"declined-{name}": _declined(number) for name, number in DECLINED.items()},
        "declined-then-paid": _then_paid,
        "token-used": _used_token,
        "token-expired": _expired_token,
    },
)
