"""How a charge moves from one situation to the next. Each step gives a new version of it.

Which roads exist is told by `situations.ROADS`; what a step means for the amounts and times is told
here, and nowhere else.
"""

from omise_sandbox.rules.cards import BEHAVIOURS
from omise_sandbox.rules.charge_states import PENDING, ROADS
from omise_sandbox.rules.money import converted
from omise_sandbox.rules.source_types import SOURCE_TYPES
from omise_sandbox.storage.clock import month_of
from omise_sandbox.storage.records import Card, Charge
from omise_sandbox.storage.world import World


def road(charge: Charge, to: str) -> str:
    """The next situation, if a road leads there; one that does not exist is a bug and says so."""
    if to not in ROADS[charge.situation]:
        raise ValueError(f"{charge.id}: no road from {charge.situation} to {to}")
    return to


def accepted(world: World, charge: Charge) -> Charge:
    """The bank says yes: the money is held, and taken at once if the charge asks for that."""
    now = world.now()
    if not charge.capture:
        return charge._replace(situation=road(charge, "authorized"), authorized_at=now)
    is_final = charge.source and not SOURCE_TYPES[charge.source.type].refundable
    return charge._replace(
        situation=road(charge, "final" if is_final else "captured"),
        authorized_at=now,
        paid_at=now,
        transaction=world.new_id("trxn"),
    )


def failed(charge: Charge, code: str) -> Charge:
    """The bank, or the shopper, says no."""
    return charge._replace(situation=road(charge, "failed"), failure_code=code)


def answered_by_bank(world: World, charge: Charge) -> Charge:
    """What the card brings about, once nothing is left to ask of the shopper."""
    code = failure_of(world, charge.card) if charge.card else None
    return failed(charge, code) if code else accepted(world, charge)


def failure_of(world: World, card: Card) -> str | None:
    """Why the card is declined: its month is over, or its number stands for a failure."""
    if (card.expiration_year, card.expiration_month) < month_of(world.now()):
        return "expired_card"
    return BEHAVIOURS[card.behaviour].failure_code


def captured(world: World, charge: Charge, amount: int) -> Charge:
    """The held money is taken, or a part of it; fees are then those of the part."""
    return charge._replace(
        situation=road(charge, "captured"),
        captured_amount=amount,
        funding_amount=converted(amount, charge.currency, charge.funding_currency),
        paid_at=world.now(),
        transaction=world.new_id("trxn"),
    )


def reversed_(world: World, charge: Charge) -> Charge:
    """The held money is let go."""
    return charge._replace(situation=road(charge, "reversed"), closed_at=world.now())


def expired(charge: Charge, at: int) -> Charge:
    """Time is up: nobody paid, or nobody captured."""
    return charge._replace(situation=road(charge, PENDING[charge.situation]), closed_at=at)


def refunded(charge: Charge, refund_id: str, amount: int, *, voided: bool) -> Charge:
    """Some or all of the money is given back."""
    total = charge.refunded_amount + amount
    situation = "captured"
    if total >= charge.captured_amount:
        situation = "voided" if voided else "refunded"
    return charge._replace(
        situation=road(charge, situation),
        refunded_amount=total,
        refunds=(*charge.refunds, refund_id),
    )


def settle(world: World, charge: Charge, failure_code: str | None) -> Charge:
    """End a charge that waits for the shopper, and tell so by `charge.complete`."""
    after = failed(charge, failure_code) if failure_code else accepted(world, charge)
    world.save(after, event="charge.complete")
    return after
