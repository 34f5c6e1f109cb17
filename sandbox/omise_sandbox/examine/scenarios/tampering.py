"""The browser sends what it should not."""

from collections.abc import Callable

from omise_sandbox.examine.case import Case, NotTried, Verdict
from omise_sandbox.examine.judge import judge
from omise_sandbox.examine.scenario import Scenario

RULE = "The shop's server decides amount, currency and customer, never the browser."
SOURCE = "docs.omise.co/charges-api"
FIX = "Compute the amount from the cart on the server; take the customer from the log-in."


def _changed(name: str, value: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        _needs(case, name)
        case.buyer.prepares()
        judge(case, case.buyer.pays(case.world.token(), **{name: value}))

    return run


def _foreign_customer(case: Case) -> None:
    _needs(case, "customer")
    body = {"email": "other@example.com", "card": case.world.token()}
    other = case.world.api("POST", "/customers", body)
    case.buyer.prepares()
    case.buyer.pays("", customer=other["id"])
    if any(charge["customer"] == other["id"] for charge in case.paid()):
        case.finds(Verdict.MONEY, "the saved card of another customer was charged")


def _needs(case: Case, name: str) -> None:
    if not any(step.sends(name) for step in case.recipe.buy):
        raise NotTried(f"the browser sends no {{{name}}} in this recipe")


SCENARIOS = tuple(
    Scenario(name, RULE, SOURCE, FIX, run)
    for name, run in (
        ("amount-changed", _changed("amount", "2000")),
        ("currency-changed", _changed("currency", "jpy")),
        ("foreign-customer", _foreign_customer),
    )
)
