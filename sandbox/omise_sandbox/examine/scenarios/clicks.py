"""The shopper clicks twice, reloads, or goes back."""

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge, judge_with_status
from omise_sandbox.examine.scenario import Scenario

RULE = "One purchase is charged once, and every answer about it is true."
SOURCE = "docs.omise.co/charges-api"
FIX = "Give each purchase a key, store it before the charge, and answer a repetition by it."


def _ordinary(case: Case) -> None:
    case.buyer.prepares()
    judge_with_status(case, case.buyer.pays(case.world.token()))


def _two_clicks(case: Case) -> None:
    case.buyer.prepares()
    judge(case, *case.buyer.clicks([case.world.token()] * 2))


def _two_tokens(case: Case) -> None:
    case.buyer.prepares()
    judge(case, *case.buyer.clicks([case.world.token(), case.world.token()]))


def _reload(case: Case) -> None:
    case.buyer.prepares()
    token = case.world.token()
    judge(case, case.buyer.pays(token), case.buyer.pays(token))


def _back(case: Case) -> None:
    case.buyer.prepares()
    judge(case, case.buyer.pays(case.world.token()), case.buyer.pays(case.world.token()))


SCENARIOS = tuple(
    Scenario(name, RULE, SOURCE, FIX, run)
    for name, run in (
        ("ordinary-purchase", _ordinary),
        ("two-clicks", _two_clicks),
        ("two-clicks-with-two-tokens", _two_tokens),
        ("reload", _reload),
        ("back-and-pay-again", _back),
    )
)
