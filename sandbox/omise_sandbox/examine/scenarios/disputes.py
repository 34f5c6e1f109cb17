"""The shopper's bank disputes a payment (chargeback)."""

from collections.abc import Callable

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge_result, judge_webhook
from omise_sandbox.examine.scenario import scenarios

RULE = "A dispute is acknowledged, and a paid order is never told as declined because of it."
SOURCE = "docs.omise.co/disputes-api"
FIX = "Answer the webhooks of disputes with a 2xx, and keep them apart from the payment."


def _dispute(*, ends: str | None = None) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        case.webhook_url()
        charge = case.buys_and_has_paid()
        dispute = case.world.api("POST", f"/charges/{charge['id']}/disputes")
        if ends:
            case.world.control("POST", f"disputes/{dispute['id']}/close", {"status": ends})
        judge_result(case, "paid", "refunded", "pending")
        judge_webhook(case, "dispute.close" if ends else "dispute.create")

    return run


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "dispute-opened": _dispute(),
        "dispute-won": _dispute(ends="won"),
        "dispute-lost": _dispute(ends="lost"),
    },
)
