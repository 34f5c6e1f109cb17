"""The API of Omise does not answer as it should."""

from collections.abc import Callable

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge, judge_with_status
from omise_sandbox.examine.scenario import scenarios

RULE = "An unknown answer is not a failed payment: the shop says pending until it knows."
SOURCE = "docs.omise.co/api-errors"
FIX = "Store the order first, and look the charge up by its metadata when no answer comes."

#: Seconds of an answer that is late; the recipe tells how long one hangs.
SLOW = 0.3


def _fault(do: str, **more: object) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        case.buyer.prepares()
        with case.fault(do, **more):
            judge_with_status(case, case.buyer.pays())

    return run


def _slow(case: Case) -> None:
    _late(case, SLOW)


def _hanging(case: Case) -> None:
    _late(case, case.recipe.hanging)


def _late(case: Case, seconds: float) -> None:
    """The charge is made, although the shop may have stopped waiting for the answer."""
    case.buyer.prepares()
    with case.fault("delay", seconds=seconds):
        seen = case.buyer.pays()
        case.waits_for_charge(seconds + 1)
        judge_with_status(case, seen)


def _again(case: Case) -> None:
    case.buyer.prepares()
    with case.fault("drop_after"):
        judge(case, case.buyer.pays(), case.buyer.goes_back_and_pays())


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "answer-lost-after-the-charge": _fault("drop_after"),
        "answer-lost-before-the-charge": _fault("drop_before"),
        "answer-lost-then-paid-again": _again,
        "answer-500": _fault("status", status=500),
        "answer-503": _fault("status", status=503),
        "answer-garbage": _fault("garbage"),
        "answer-slow": _slow,
        "answer-hanging": _hanging,
    },
)
