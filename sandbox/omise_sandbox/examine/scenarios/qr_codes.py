"""PromptPay: the shopper scans a QR code, or lets it expire."""

from typing import Any

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge_result
from omise_sandbox.examine.scenario import scenarios
from omise_sandbox.examine.verdicts import NotTried

RULE = "A QR code is paid or expired when Omise says so."
SOURCE = "docs.omise.co/promptpay"
FIX = "Take charge.complete and charge.expire, and ask for charges that stay pending."

#: Longer than any QR code lasts.
LATER = 8 * 86400


def _paid(case: Case) -> None:
    charge = _with_code(case)
    case.world.api("POST", f"/charges/{charge['id']}/mark_as_paid")
    judge_result(case, "paid")


def _expired(case: Case) -> None:
    _with_code(case)
    case.advances(LATER)
    judge_result(case, "declined", "pending")


def _with_code(case: Case) -> dict[str, Any]:
    """The pending charge of a purchase with PromptPay."""
    if not case.recipe.promptpay:
        raise NotTried("the recipe does not tell how to pay with PromptPay")
    for step in case.recipe.promptpay:
        case.buyer.sends(step)
    pending = [row for row in case.charges() if row["status"] == "pending"]
    if len(pending) != 1:
        raise NotTried(f"the shop made {len(pending)} charges that wait for a scan")
    return pending[0]


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "promptpay-paid": _paid,
        "promptpay-expired": _expired,
    },
)
