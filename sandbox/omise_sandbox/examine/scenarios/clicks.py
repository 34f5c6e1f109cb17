"""The shopper clicks twice, reloads, or goes back."""

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge, judge_with_status
from omise_sandbox.examine.scenario import scenarios

RULE = "One purchase is charged once, and every answer about it is true."
SOURCE = "docs.omise.co/charges-api"
FIX = "Give each purchase a key, store it before the charge, and answer a repetition by it."


def _ordinary(case: Case) -> None:
    judge_with_status(case, case.buys())


def _two_clicks(case: Case) -> None:
    case.buyer.prepares()
    judge(case, *case.buyer.clicks_twice())


def _two_tabs(case: Case) -> None:
    case.buyer.prepares()
    judge(case, *case.buyer.pays_in_two_tabs())


def _reload(case: Case) -> None:
    judge(case, case.buys(), case.buyer.reloads())


def _back(case: Case) -> None:
    judge(case, case.buys(), case.buyer.goes_back_and_pays())


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "ordinary-purchase": _ordinary,
        "two-clicks": _two_clicks,
        "two-tabs": _two_tabs,
        "reload": _reload,
        "back-and-pay-again": _back,
    },
)
