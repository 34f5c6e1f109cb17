"""Triggers: cause an event on a real object, through a legal transition.

An object that is named must be in a state that allows the event; otherwise the newest suitable
object is used, or a new one is created.
"""

from collections.abc import Callable
from typing import NamedTuple

from omise_sandbox.resources import (
    charge_transitions,
    charges,
    customers,
    dispute_transitions,
    disputes,
    refunds,
    tokens,
)
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules.cards import NUMBERS
from omise_sandbox.rules.charge_states import CHARGE_STATES
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.storage.records import Event
from omise_sandbox.storage.world import World

MONEY = {"amount": 100_000, "currency": "thb"}
RETURN_URI = "https://shop.example/back"
VISA = "4242424242424242"
THREE_DS_VISA = NUMBERS["asks_three_ds"]


class ChargeTrigger(NamedTuple):
    """An event of a charge: the states that allow it, its cause, and how to create a charge."""

    states: frozenset[str]
    cause: Callable[[ApiCall, str], object]
    create: Callable[[ApiCall], str]


def trigger(call: ApiCall, event: str, charge: str | None = None) -> Event:
    """Cause the event; returns it. Raises `ApiError` when the state of the object forbids it."""
    if event in CHARGE_TRIGGERS:
        row = CHARGE_TRIGGERS[event]
        row.cause(call, _charge(call, row, event, charge))
    elif event in OTHER_TRIGGERS and not charge:
        OTHER_TRIGGERS[event](call)
    else:
        known = CHARGE_TRIGGERS if charge else CHARGE_TRIGGERS | OTHER_TRIGGERS
        raise ApiError("bad_request", f"event must be one of {', '.join(known)}")
    events = call.world.store.events.all(newest_first=True)
    return next(found for found in events if found.key == event)


def _charge(call: ApiCall, row: ChargeTrigger, event: str, named: str | None) -> str:
    """The id of the charge to use."""
    if named:
        return _checked(call.world, row, event, named)
    found = call.world.store.charges.all(newest_first=True)
    suitable = (each.id for each in found if each.state in row.states and not each.dispute)
    return next(suitable, None) or row.create(call)


def _checked(world: World, row: ChargeTrigger, event: str, named: str) -> str:
    charge = world.store.charges.get(named)
    if charge is None:
        raise not_found("charge", named)
    if charge.dispute and event in ("refund.create", "dispute.create"):
        raise ApiError("bad_request", f"{named} is disputed")
    if charge.state not in row.states:
        needed = " or ".join(sorted(row.states)) or "new"
        message = f"{named} is {charge.state}; {event} needs a charge that is {needed}"
        raise ApiError("bad_request", message)
    return named


def _token(call: ApiCall, number: str = VISA) -> str:
    card = {
        "name": "SOMCHAI PRASERT",
        "number": number,
        "expiration_month": 12,
        "expiration_year": 2099,
        "security_code": "123",
    }
    token: str = tokens.create(call.following(card=card))["id"]
    return token


def _new_charge(number: str = VISA, **params: object) -> Callable[[ApiCall], str]:
    def create(call: ApiCall) -> str:
        card = _token(call, number)
        charge: str = charges.create(call.following(card=card, **MONEY, **params))["id"]
        return charge

    return create


def _by(operation: Callable[[ApiCall], object]) -> Callable[[ApiCall, str], object]:
    """The operation on the charge as the cause."""
    return lambda call, charge: operation(call.following(charge))


def _complete(call: ApiCall, charge: str) -> object:
    world = call.world
    return charge_transitions.settle(world, world.store.charges.by_id[charge], None)


def _refund(call: ApiCall, charge: str) -> object:
    paid = call.world.store.charges.by_id[charge]
    amount = paid.captured_amount - paid.refunded_amount
    return refunds.create(call.following(charge, amount=amount))


def _update(call: ApiCall, charge: str) -> object:
    description = call.world.store.charges.by_id[charge].description or "Updated"
    return charges.update(call.following(charge, description=description))


def _created(call: ApiCall, charge: str) -> None:
    """The creation of the charge is the event."""


def _customer(call: ApiCall) -> str:
    """The newest customer with a card, or a new one."""
    for customer in call.world.store.customers.all(newest_first=True):
        if customer.cards:
            return customer.id
    customer_id: str = _new_customer(call)["id"]
    return customer_id


def _new_customer(call: ApiCall) -> Json:
    return customers.create(call.following(email="somchai@example.com", card=_token(call)))


def _update_customer(call: ApiCall) -> object:
    return customers.update(call.following(_customer(call), description="Updated"))


def _add_card(call: ApiCall) -> object:
    return customers.update(call.following(_customer(call), card=_token(call)))


def _card_call(call: ApiCall, **params: object) -> ApiCall:
    customer = call.world.store.customers.by_id[_customer(call)]
    return call.following(customer.id, customer.cards[-1].id, **params)


def _dispute(call: ApiCall) -> str:
    """The newest undecided dispute, or a new one."""
    for dispute in call.world.store.disputes.all(newest_first=True):
        if dispute.status in dispute_transitions.UNDECIDED:
            return dispute.id
    dispute_id: str = disputes.create(call.following(_new_charge()(call)))["id"]
    return dispute_id


WAITING, AUTHORIZED = frozenset({"waiting"}), frozenset({"authorized"})
ASK_THE_BANK = _new_charge(THREE_DS_VISA, return_uri=RETURN_URI)
AUTHORIZE = _new_charge(capture=False)

CHARGE_TRIGGERS = {
    "charge.create": ChargeTrigger(frozenset(), _created, _new_charge()),
    "charge.complete": ChargeTrigger(WAITING, _complete, ASK_THE_BANK),
    "charge.expire": ChargeTrigger(WAITING, _by(charges.expire), ASK_THE_BANK),
    "charge.update": ChargeTrigger(frozenset(CHARGE_STATES), _update, _new_charge()),
    "charge.capture": ChargeTrigger(AUTHORIZED, _by(charges.capture), AUTHORIZE),
    "charge.reverse": ChargeTrigger(AUTHORIZED, _by(charges.reverse), AUTHORIZE),
    "refund.create": ChargeTrigger(frozenset({"captured"}), _refund, _new_charge()),
    "dispute.create": ChargeTrigger(frozenset({"captured"}), _by(disputes.create), _new_charge()),
}
OTHER_TRIGGERS: dict[str, Callable[[ApiCall], object]] = {
    "customer.create": _new_customer,
    "customer.update": _update_customer,
    "customer.update.card": _add_card,
    "customer.destroy": lambda call: customers.delete(call.following(_customer(call))),
    "card.update": lambda call: customers.update_card(_card_call(call, name="SOMSRI JAIDEE")),
    "card.destroy": lambda call: customers.delete_card(_card_call(call)),
    "dispute.update": lambda call: disputes.update(
        call.following(_dispute(call), message="The goods were delivered")
    ),
    "dispute.accept": lambda call: disputes.accept_dispute(call.following(_dispute(call))),
    "dispute.close": lambda call: dispute_transitions.close(
        call.world, call.world.store.disputes.by_id[_dispute(call)], won=True
    ),
}
