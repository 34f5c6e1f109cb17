"""Webhooks: forged, wrong, twice, late, or never."""

import time
from collections.abc import Callable
from typing import Any

from omise_sandbox.examine.case import Case, NotTried, Verdict
from omise_sandbox.examine.judge import judge_with_status
from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.webhooks.deliveries import WRONG_SECRET

RULE = "Nothing moves an order but the charge itself, and every webhook gets a 2xx once it is read."
SOURCE = "docs.omise.co/api-webhooks"
FIX = "Check the signature and its time, then retrieve the charge; ignore keys that are not known."


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


def _lower_amount(case: Case) -> None:
    """A paid charge of a lower amount has the metadata of this order."""
    case.webhook_url()
    charge = case.at_the_bank()
    case.needs_status()
    cheap = {"metadata": charge["metadata"], "description": charge["description"]}
    other = case.charges_elsewhere(case.world.token(), **cheap)
    case.posts_webhook(_event(other), secret=case.recipe.webhook_secret)
    judge_with_status(case)


def _acknowledged(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Case], None]:
    """A signed and true webhook must get a 2xx."""

    def run(case: Case) -> None:
        case.webhook_url()
        case.buyer.prepares()
        case.buyer.pays(case.world.token())
        for charge in case.charges():
            event = change({**_event(charge, "charge.create"), "data": charge})
            status = case.posts_webhook(event, secret=case.recipe.webhook_secret)
            if not 200 <= status < 300:
                case.finds(Verdict.UNSAFE, f"the webhook {event['key']} got {status or 'nothing'}")
        judge_with_status(case)

    return run


def _delivered(do: str) -> Callable[[Case], None]:
    """The webhook of an approved payment is sent in another way; the shopper never returns."""

    def run(case: Case) -> None:
        case.webhook_url()
        charge = case.at_the_bank()
        case.needs_status()
        case.world.webhook_fails("charge.complete", do)
        case.world.at_the_bank(charge["authorize_uri"], "approve")
        case.world.advance(61)
        judge_with_status(case)

    return run


SCENARIOS = tuple(
    Scenario(name, RULE, SOURCE, FIX, run)
    for name, run in (
        ("webhook-unsigned", _lie()),
        ("webhook-forged", _lie(signed=True)),
        ("webhook-old", _lie(age=86400)),
        ("webhook-of-a-lower-amount", _lower_amount),
        ("webhook-on-time", _acknowledged(lambda event: event)),
        ("webhook-unknown-key", _acknowledged(lambda event: {**event, "key": "charge.blinked"})),
        ("webhook-unknown-field", _acknowledged(lambda event: {**event, "colour": "blue"})),
        ("webhook-twice", _delivered("duplicate")),
        ("webhook-late", _delivered("delay")),
        ("webhook-reordered", _delivered("reorder")),
        ("webhook-never", _delivered("drop")),
    )
)
