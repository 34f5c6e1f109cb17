"""Compares two ledgers: the money that moved at the sandbox, and what the shop says."""

from omise_sandbox.examine.buyer import Seen
from omise_sandbox.examine.case import Case
from omise_sandbox.examine.verdicts import NotTried, Verdict

FALSE_WHEN_PAID = ("declined", "error")


def judge(case: Case, *answers: Seen) -> None:
    """Note what is wrong with one purchase: with the money, and with each answer.

    Raises:
        NotTried: when nothing is wrong with the money, and no answer can be read.
    """
    paid = case.paid()
    if len(paid) > 1:
        case.finds(Verdict.MONEY, f"one purchase was charged {len(paid)} times")
    for charge in paid:
        have = charge["amount"], charge["currency"].lower()
        if case.price and have != case.price:
            case.finds(Verdict.MONEY, f"charged {_money(have)} instead of {_money(case.price)}")
    for seen in answers:
        _judge_answer(case, seen, is_paid=bool(paid))
    if not case.findings and answers and all(seen.said == "unknown" for seen in answers):
        raise NotTried("the recipe cannot read what the shop says")


def judge_with_status(case: Case, *answers: Seen) -> None:
    """The same, with the status that the order has once its webhooks are answered."""
    case.advances(1)
    is_paid = bool(case.paid())
    recipe, waits_for = case.recipe, case.buyer.waits_for
    if is_paid:
        final = waits_for("paid", seconds=recipe.finds_out)
    else:
        final = waits_for("declined", seconds=recipe.settle)
    judge(case, *answers, *([final] if final else []))
    if final and is_paid and final.said == "pending":
        later = f"{recipe.finds_out:g} s later"
        case.finds(Verdict.TOLD, f"the money was taken; {later} the shop still says pending")


def judge_decline(case: Case, seen: Seen) -> None:
    """No money moved, and the shopper is told that the payment was declined."""
    judge(case, seen)
    if not case.findings and seen.said in ("error", "pending"):
        case.finds(Verdict.TOLD, f"the card was declined; the shop says: {seen.said}")


def judge_result(case: Case, *results: str) -> None:
    """The status becomes one of these results. Raises `NotTried` when it cannot be read."""
    case.advances(1)
    case.needs_status()
    seen = case.buyer.waits_for(*results, seconds=case.recipe.finds_out)
    if seen is None or seen.said == "unknown":
        raise NotTried("the recipe cannot read what the shop says")
    if seen.said not in results:
        case.finds(Verdict.TOLD, f"the shop says {seen.said} instead of {' or '.join(results)}")


def judge_webhook(case: Case, key: str) -> None:
    """The shop answers the webhooks of an event with a 2xx. Raises `NotTried` without any."""
    if not (statuses := case.delivered(key)):
        raise NotTried(f"no webhook {key} was sent")
    if bad := [status for status in statuses if status is None or not 200 <= status < 300]:
        case.finds(Verdict.UNSAFE, f"the webhook {key} got {bad[0] or 'no answer'}")


def _judge_answer(case: Case, seen: Seen, *, is_paid: bool) -> None:
    if seen.said == "paid" and not is_paid:
        case.finds(Verdict.TOLD, "the shop says paid, and no money moved")
    if seen.said in FALSE_WHEN_PAID and is_paid:
        case.finds(Verdict.TOLD, f"the shop says {seen.said}, and the money was taken")


def _money(amount: tuple[int, str]) -> str:
    return f"{amount[0]} {amount[1]}"
