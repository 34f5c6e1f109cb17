"""Webhooks: forged, wrong, early, twice, late, or never."""

import time
from collections.abc import Callable
from typing import Any

from omise_sandbox.examine.buyer import Twist
from omise_sandbox.examine.case import Case
from omise_sandbox.examine.judge import judge_with_status
from omise_sandbox.examine.scenario import scenarios
from omise_sandbox.examine.verdicts import NotTried, Verdict
from omise_sandbox.webhooks.deliveries import WRONG_SECRET

RULE = "Nothing moves an order but the charge itself, and every webhook gets a 2xx once it is read."
SOURCE = "docs.omise.co/api-webhooks"
FIX = "Check the signature and its time, then retrieve the charge; ignore keys that are not known."
DAY = 86400


def _event(charge: dict[str, Any], key: str = "charge.complete") -> dict[str, Any]:
    data = {**charge, "status": "successful", "paid": True}
    return {"object": "event", "id": "evnt_test_examine", "key": key, "data": data}


def _lie(*, signed: bool = False, age: float = 0) -> Callable[[Case], None]:
    """A webhook says that a pending charge is paid."""

    def run(case: Case) -> None:
        case.webhook_url()
        charge = case.at_the_bank()
        case.needs_status()
        secret = WRONG_SECRET if signed else None
        if age:
            secret = _secret(case)
        case.posts_webhook(_event(charge), secret=secret, at=time.time() - age)
        judge_with_status(case)

    return run


def _secret(case: Case) -> str:
    if not case.recipe.webhook_secret:
        raise NotTried("the recipe has no webhook_secret")
    return case.recipe.webhook_secret


def _of_another_charge(*, pretends: bool) -> Callable[[Case], None]:
    """A signed webhook of a paid charge; it `pretends` to be of this order by its metadata."""

    def run(case: Case) -> None:
        case.webhook_url()
        charge = case.at_the_bank()
        case.needs_status()
        same = {name: charge[name] for name in ("metadata", "description") if pretends}
        other = case.charges_elsewhere(case.world.token(), **same)
        case.posts_webhook(_event(other), secret=case.recipe.webhook_secret)
        judge_with_status(case)

    return run


def _acknowledged(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Case], None]:
    """A signed and true webhook must get a 2xx."""

    def run(case: Case) -> None:
        case.webhook_url()
        charge = case.buys_and_has_paid()
        event = change({**_event(charge, "charge.create"), "data": charge})
        status = case.posts_webhook(event, secret=case.recipe.webhook_secret)
        if not 200 <= status < 300:
            told = status or "no answer"
            case.finds(Verdict.UNSAFE, f"the webhook {event['key']} got {told}")
        judge_with_status(case)

    return run


def _early(case: Case) -> None:
    """The webhook comes before the answer to the charge."""

    def arrives() -> None:
        (hold,) = case.world.held()
        came = case.waits_for_webhook()
        case.world.release(hold)
        if not came:
            raise NotTried("no webhook was sent before the answer")

    case.webhook_url()
    case.buyer.prepares()
    with case.fault("pause"):
        seen = case.buyer.pays(twist=Twist(meanwhile=arrives))
    judge_with_status(case, seen)


def _delivered(do: str) -> Callable[[Case], None]:
    """The webhook of an approved payment is sent in another way; the shopper never returns."""

    def run(case: Case) -> None:
        case.webhook_url()
        charge = case.at_the_bank()
        case.needs_status()
        with case.webhook_fault(do):
            case.world.at_the_bank(charge["authorize_uri"], "approve")
            case.advances(61)
            judge_with_status(case)

    return run


SCENARIOS = scenarios(
    RULE,
    SOURCE,
    FIX,
    {
        "webhook-unsigned": _lie(),
        "webhook-forged": _lie(signed=True),
        "webhook-old": _lie(age=DAY),
        "webhook-of-a-lower-amount": _of_another_charge(pretends=True),
        "webhook-of-another-charge": _of_another_charge(pretends=False),
        "webhook-on-time": _acknowledged(lambda event: event),
        "webhook-unknown-key": _acknowledged(lambda event: {**event, "key": "charge.blinked"}),
        "webhook-unknown-field": _acknowledged(lambda event: {**event, "colour": "blue"}),
        "webhook-early": _early,
        "webhook-twice": _delivered("duplicate"),
        "webhook-late": _delivered("delay"),
        "webhook-reordered": _delivered("reorder"),
        "webhook-never": _delivered("drop"),
    },
)
