"""The transitions of a charge. Each returns a new version of the charge.

`charge_states.TRANSITIONS` lists the transitions; this file alone knows their effect on amounts and
times.
"""

from omise_sandbox.resources.dispute_transitions import open_if_card_says_so
from omise_sandbox.rules.cards import BEHAVIOURS
from omise_sandbox.rules.charge_states import ON_TIMEOUT, TRANSITIONS
from omise_sandbox.rules.money import convert
from omise_sandbox.rules.source_types import SOURCE_TYPES
from omise_sandbox.storage.clock import month_of
from omise_sandbox.storage.records import Card, Charge
from omise_sandbox.storage.world import World


def transition(charge: Charge, to: str) -> str:
    """The next state. Raises `ValueError` for a transition that does not exist."""
    if to not in TRANSITIONS[charge.state]:
        raise ValueError(f"{charge.id}: no transition from {charge.state} to {to}")
    return to


def accepted(world: World, charge: Charge) -> Charge:
    """The bank approves: the charge is authorized, and captured at once if it asks for that."""
    now = world.now()
    if not charge.capture:
        return charge._replace(state=transition(charge, "authorized"), authorized_at=now)
    is_final = charge.source and not SOURCE_TYPES[charge.source.type].refundable
    return charge._replace(
        state=transition(charge, "final" if is_final else "captured"),
        authorized_at=now,
        paid_at=now,
        transaction=world.new_id("trxn"),
    )


def failed(charge: Charge, code: str) -> Charge:
    """The bank declines, or the shopper cancels."""
    return charge._replace(state=transition(charge, "failed"), failure_code=code)


def bank_decision(world: World, charge: Charge) -> Charge:
    """The result of the card once the shopper has nothing left to confirm."""
    code = failure_of(world, charge.card) if charge.card else None
    return failed(charge, code) if code else accepted(world, charge)


def failure_of(world: World, card: Card) -> str | None:
    """Why the card is declined: it has expired, or its number selects a failure."""
    if (card.expiration_year, card.expiration_month) < month_of(world.now()):
        return "expired_card"
    return BEHAVIOURS[card.behaviour].failure_code


def captured(world: World, charge: Charge, amount: int) -> Charge:
    """The authorized amount is captured, or a part of it; the fees follow the part."""
    return charge._replace(
        state=transition(charge, "captured"),
        captured_amount=amount,
        funding_amount=convert(amount, charge.currency, charge.funding_currency),
        paid_at=world.now(),
        transaction=world.new_id("trxn"),
    )


def reversed_(world: World, charge: Charge) -> Charge:
    """The authorization is released."""
    return charge._replace(state=transition(charge, "reversed"), closed_at=world.now())


def expired(charge: Charge, at: int) -> Charge:
    """`expires_at` has passed without payment or capture."""
    return charge._replace(state=transition(charge, ON_TIMEOUT[charge.state]), closed_at=at)


def refunded(charge: Charge, refund_id: str, amount: int, *, voided: bool) -> Charge:
    """The charge is refunded in full or in part."""
    total = charge.refunded_amount + amount
    state = "captured"
    if total >= charge.captured_amount:
        state = "voided" if voided else "refunded"
    return charge._replace(
        state=transition(charge, state),
        refunded_amount=total,
        refunds=(*charge.refunds, refund_id),
    )


def settle(world: World, charge: Charge, failure_code: str | None) -> Charge:
    """Complete a charge that waits for the shopper, with the event `charge.complete`."""
    after = failed(charge, failure_code) if failure_code else accepted(world, charge)
    world.save(after, event="charge.complete")
    open_if_card_says_so(world, after)
    return after
