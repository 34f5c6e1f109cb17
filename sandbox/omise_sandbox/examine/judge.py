"""Compares two ledgers: the money that moved at the sandbox, and what the shop says."""

from omise_sandbox.examine.buyer import Seen
from omise_sandbox.examine.case import Case, NotTried, Verdict

FALSE_WHEN_PAID = ("declined", "error")


def judge(case: Case, *answers: Seen, once: bool = True) -> None:
    """Note what is wrong with one purchase: with the money, and with each answer.

    Raises:
        NotTried: when nothing is wrong with the money, and no answer can be read.
    """
    paid = case.paid()
    if once and len(paid) > 1:
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
    case.world.advance(1)
    expected = "paid" if case.paid() else "declined"
    final = case.buyer.waits_for(expected)
    judge(case, *answers, *([final] if final else []))


def judge_decline(case: Case, seen: Seen) -> None:
    """No money moved, and the shopper is told that the payment was declined."""
    judge(case, seen)
    if not case.findings and seen.said in ("error", "pending"):
        case.finds(Verdict.TOLD, f"the card was declined; the shop says: {seen.said}")


def _judge_answer(case: Case, seen: Seen, *, is_paid: bool) -> None:
    if seen.said == "paid" and not is_paid:
        case.finds(Verdict.TOLD, "the shop says paid, and no money moved")
    if seen.said in FALSE_WHEN_PAID and is_paid:
        case.finds(Verdict.TOLD, f"the shop says {seen.said}, and the money was taken")


def _money(amount: tuple[int, str]) -> str:
    return f"{amount[0]} {amount[1]}"
