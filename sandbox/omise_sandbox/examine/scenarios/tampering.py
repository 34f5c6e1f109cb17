"""The browser sends what it should not."""

from collections.abc import Callable

from omise_sandbox.examine.buyer import Twist
from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge
from omise_sandbox.examine.scenario import scenarios
from omise_sandbox.examine.verdicts import NotTried, Verdict

RULE = "The shop's server decides amount, currency and customer, never the browser."
SOURCE = "docs.omise.co/charges-api"
FIX = "Compute the amount from the cart on the server; take the customer from the log-in."


def _changed(name: str, value: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        _needs(case, name)
        judge(case, case.buys(Twist(changed={name: value})))

    return run


def _foreign(name: str) -> Callable[[Case], None]:
    """The customer of another shopper, or the card that is saved there."""

    def run(case: Case) -> None:
        _needs(case, name)
        body = {"email": "other@example.com", "card": case.world.token()}
        other = case.world.api("POST", "/customers", body)
        changed = {"customer": other["id"], "card": other["default_card"]}
        case.buys(Twist(changed={name: changed[name], "token": ""}))
        if any(charge["customer"] == other["id"] for charge in case.paid()):
            case.finds(Verdict.MONEY, "the saved card of another customer was charged")

    return run


def _needs(case: Case, name: str) -> None:
    if name not in case.buyer.sent():
        raise NotTried(f"the browser sends no {{{name}}} in this recipe")


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "amount-changed": _changed("amount", "2000"),
        "currency-changed": _changed("currency", "jpy"),
        "foreign-customer": _foreign("customer"),
        "foreign-card": _foreign("card"),
    },
)
