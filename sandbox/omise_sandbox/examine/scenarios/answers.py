"""The API of Omise does not answer as it should."""

from collections.abc import Callable

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge, judge_with_status
from omise_sandbox.examine.scenario import Scenario

RULE = "An unknown answer is not a failed payment: the shop says pending until it knows."
SOURCE = "docs.omise.co/api-errors"
FIX = "Store the order first, and look the charge up by its metadata when no answer comes."


def _fault(do: str, **more: object) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        case.buyer.prepares()
        token = case.world.token()
        case.world.fails("POST", "/charges", do, **more)
        judge_with_status(case, case.buyer.pays(token))

    return run


def _again(case: Case) -> None:
    case.buyer.prepares()
    case.world.fails("POST", "/charges", "drop_after")
    judge(case, case.buyer.pays(case.world.token()), case.buyer.pays(case.world.token()))


SCENARIOS = tuple(
    Scenario(name, RULE, SOURCE, FIX, run)
    for name, run in (
        ("answer-lost-after-the-charge", _fault("drop_after")),
        ("answer-lost-before-the-charge", _fault("drop_before")),
        ("answer-lost-then-paid-again", _again),
        ("answer-500", _fault("status", status=500)),
        ("answer-503", _fault("status", status=503)),
        ("answer-garbage", _fault("garbage")),
        ("answer-slow", _fault("delay", seconds=0.3)),
    )
)
