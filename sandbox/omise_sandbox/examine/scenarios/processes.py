"""The shop's process ends in the middle of a payment."""

from omise_sandbox.examine.buyer import Twist
from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge_with_status
from omise_sandbox.examine.scenario import scenarios
from omise_sandbox.examine.shop_process import ShopProcess
from omise_sandbox.examine.verdicts import NotTried

RULE = "A payment that was under way when the shop ended is found again, and not charged twice."
SOURCE = "docs.omise.co/charges-api"
FIX = (
    "Store the order and its key before the call; search the charge by its metadata after a start."
)


#: Webhooks that met no shop are sent again within this time (s).
RETRIED = 30


def _killed(case: Case) -> None:
    shop = _process(case)
    _pays_while_the_shop_dies(case, shop)
    case.advances(RETRIED)
    judge_with_status(case, case.buyer.reloads())


def _killed_then_paid_again(case: Case) -> None:
    shop = _process(case)
    _pays_while_the_shop_dies(case, shop)
    case.advances(RETRIED)
    judge_with_status(case, case.buyer.goes_back_and_pays())


def _process(case: Case) -> ShopProcess:
    if case.shop is None:
        raise NotTried("the recipe does not tell how to start the shop")
    return case.shop


def _pays_while_the_shop_dies(case: Case, shop: ShopProcess) -> None:
    """The charge is made; the shop ends before it gets the answer, and starts again."""

    def dies() -> None:
        (hold,) = case.world.held()
        case.timeline.add("the shop is killed")
        shop.kill()
        case.world.release(hold)
        shop.start()
        case.timeline.add("the shop is started")

    case.buyer.prepares()
    with case.fault("pause"):
        case.buyer.pays(twist=Twist(meanwhile=dies))


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "shop-killed-during-the-charge": _killed,
        "shop-killed-then-paid-again": _killed_then_paid_again,
    },
)
