"""Refunds: at Omise's dashboard, and by the shop."""

from concurrent.futures import ThreadPoolExecutor

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.http_buyer import HttpBuyer
from omise_sandbox.examine.judge import judge_result, judge_webhook
from omise_sandbox.examine.recipe import Step
from omise_sandbox.examine.scenario import scenarios
from omise_sandbox.examine.verdicts import NotTried, Verdict

RULE = "A refund is known wherever it was made, and one click refunds once."
SOURCE = "docs.omise.co/refunds-api"
FIX = (
    "Take refund.create, retrieve the charge and store its refunded amount; give each refund a key."
)


def _at_the_dashboard(case: Case) -> None:
    _refund(case, share=1)
    if not case.recipe.reads("refunded"):
        raise NotTried("the recipe does not tell how to read that an order is refunded")
    judge_result(case, "refunded")


def _in_part(case: Case) -> None:
    _refund(case, share=4)
    judge_result(case, "paid", "refunded")


def _refund(case: Case, share: int) -> None:
    charge = case.buys_and_has_paid()
    amount = {"amount": charge["amount"] // share}
    case.world.api("POST", f"/charges/{charge['id']}/refunds", amount)
    case.advances(1)
    if case.recipe.webhook:
        judge_webhook(case, "refund.create")


def _two_clicks(case: Case) -> None:
    if not case.recipe.refund:
        raise NotTried("the recipe does not tell how to refund")
    taken = {name for step in case.recipe.refund for name in step.take}
    charge = case.buys_and_has_paid()
    known = {*taken, *case.buyer.values}
    if missing := set().union(*(step.placeholders() for step in case.recipe.refund)) - known:
        raise NotTried(f"the recipe has no value for {', '.join(sorted(missing))}")
    staff = HttpBuyer(case.recipe, case.world, case.timeline)
    staff.values |= case.buyer.values
    *before, last = case.recipe.refund
    for step in before:
        staff.sends(step)
    _twice(staff, last)
    staff.close()
    refunds = case.world.api("GET", f"/charges/{charge['id']}/refunds")["data"]
    if not refunds:
        raise NotTried("the shop did not refund")
    if len(refunds) > 1:
        case.finds(Verdict.MONEY, f"two clicks refunded {len(refunds)} times")


def _twice(staff: HttpBuyer, step: Step) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: staff.sends(step), range(2)))


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "refund-at-the-dashboard": _at_the_dashboard,
        "refund-in-part": _in_part,
        "refund-with-two-clicks": _two_clicks,
    },
)
