"""The bank asks the shopper: 3-D Secure."""

from collections.abc import Callable

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge_with_status
from omise_sandbox.examine.scenario import scenarios

RULE = "Only the state of the charge at Omise decides, never the return of the browser."
SOURCE = "omise.co/how-to-implement-3-D-Secure"
FIX = "At the return, and at each webhook, retrieve the charge and read its status."


def _bank(choice: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        charge = case.at_the_bank()
        judge_with_status(case, case.buyer.chooses(charge["authorize_uri"], choice))

    return run


def _without_cookies(case: Case) -> None:
    charge = case.at_the_bank()
    case.buyer.forgets_cookies()
    judge_with_status(case, case.buyer.chooses(charge["authorize_uri"], "approve"))


def _twice(case: Case) -> None:
    charge = case.at_the_bank()
    seen = case.buyer.chooses(charge["authorize_uri"], "approve")
    judge_with_status(case, seen, case.buyer.returns(charge["return_uri"]))


def _tab_closed(case: Case) -> None:
    charge = case.at_the_bank()
    case.needs_status()
    case.timeline.add("approved on the phone; the tab is closed")
    case.world.at_the_bank(charge["authorize_uri"], "approve")
    judge_with_status(case)


def _forged_return(case: Case) -> None:
    charge = case.at_the_bank()
    judge_with_status(case, case.buyer.returns(charge["return_uri"]))


def _approved_after_return(case: Case) -> None:
    """The shopper goes back to the shop, then to the bank once more, and approves."""
    charge = case.at_the_bank()
    case.buyer.returns(charge["return_uri"])
    judge_with_status(case, case.buyer.chooses(charge["authorize_uri"], "approve"))


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "3ds-approved": _bank("approve"),
        "3ds-declined": _bank("decline"),
        "3ds-cancelled": _bank("cancel"),
        "3ds-tab-closed": _tab_closed,
        "3ds-return-without-cookies": _without_cookies,
        "3ds-return-twice": _twice,
        "3ds-forged-return": _forged_return,
        "3ds-approved-after-return": _approved_after_return,
    },
)
