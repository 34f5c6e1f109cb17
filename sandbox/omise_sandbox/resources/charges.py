"""Charges: create, retrieve, list, update, and what a merchant can do to one.

Source: docs.omise.co/charges-api.
"""

from omise_sandbox.resources import charge_transitions
from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.resources.charge_params import new_charge
from omise_sandbox.rules import param_types
from omise_sandbox.rules.cards import BEHAVIOURS
from omise_sandbox.rules.charge_states import SITUATIONS
from omise_sandbox.rules.errors import Refusal, not_found
from omise_sandbox.serializers.charges import charge_shape
from omise_sandbox.serializers.events import event_shape
from omise_sandbox.serializers.expansion import expanded
from omise_sandbox.serializers.lists import list_shape, slice_of
from omise_sandbox.serializers.sources import document_shape
from omise_sandbox.storage.records import Charge
from omise_sandbox.storage.world import World


def create(call: Call) -> Json:
    """POST /charges: by token, by customer, by customer and card, or by source.

    A declined card is a 200 with status `failed`. The token is used up once a charge exists, and
    not by a request that was refused.
    """
    world = call.world
    charge = _first_step(world, new_charge(call))
    if charge.source and charge.source.id not in world.ledger.sources.by_id:
        world.save(charge.source)
    world.save(charge, event="charge.create")
    return charge_shape(world, charge, world.now())


def _first_step(world: World, charge: Charge) -> Charge:
    """Where a new charge goes at once; one that needs the shopper stays waiting."""
    if charge.source:
        return charge
    three_ds = needed_three_ds(world, charge)
    if three_ds == "enrolment_fails":
        return charge_transitions.failed(charge, "payment_rejected")
    return charge if three_ds else charge_transitions.answered_by_bank(world, charge)


def needed_three_ds(world: World, charge: Charge) -> str | None:
    """The kind of 3-D Secure that the charge must go through, if any.

    Raises 400 `invalid_charge` when it must and has no `return_uri`.
    """
    setting = world.settings.three_ds
    if setting == "never" or charge.card is None:
        return None
    kind = BEHAVIOURS[charge.card.behaviour].three_ds or (setting == "always" and "challenge")
    if kind and not charge.return_uri:
        raise Refusal("invalid_charge", "return uri is invalid")
    return kind or None


def retrieve(call: Call) -> Json:
    """GET /charges/:id. 404 for an unknown one. `expand` puts objects for ids."""
    charge = find(call)
    shape = charge_shape(call.world, charge, call.world.now())
    return expanded(call, shape)


def document(call: Call) -> Json:
    """GET /charges/:id/documents/:id: the picture that the shopper pays by."""
    charge = find(call)
    if charge.document != call.ids[1]:
        raise not_found("document", call.ids[1])
    return document_shape(call.world, charge)


def find(call: Call) -> Charge:
    """The charge named in the path. Raises 404 `not_found`."""
    charge = call.world.ledger.charges.get(call.ids[0])
    if charge is None:
        raise not_found("charge", call.ids[0])
    return charge


def _in_time(call: Call) -> Charge:
    """The charge named in the path. Raises 404, or 400 `expired_charge` when its time is up."""
    charge = find(call)
    if SITUATIONS[charge.situation].expired:
        raise Refusal("expired_charge")
    return charge


def index(call: Call) -> Json:
    """GET /charges: a page of them."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params, now)
    total, charges = world.ledger.charges.page(page)
    data = [charge_shape(world, charge, now, listed=True) for charge in charges]
    return list_shape(data, "/charges", total, now, page)


def update(call: Call) -> Json:
    """PATCH /charges/:id: description and metadata; metadata is replaced as a whole (assumed)."""
    charge = find(call)
    if "description" in call.params:
        charge = charge._replace(description=param_types.text(call.params, "description"))
    if "metadata" in call.params:
        charge = charge._replace(metadata=param_types.mapping(call.params, "metadata") or None)
    return _saved(call, charge, "charge.update")


def capture(call: Call) -> Json:
    """POST /charges/:id/capture: all of it, or `capture_amount` of a `pre_auth` charge.

    Raises 400 `expired_charge` when its time is up, else 400 `failed_capture`.
    """
    charge = _in_time(call)
    if charge.situation != "authorized":
        raise Refusal("failed_capture", "Charge is not authorized")
    amount = _capture_amount(call, charge)
    return _saved(call, charge_transitions.captured(call.world, charge, amount), "charge.capture")


def _capture_amount(call: Call, charge: Charge) -> int:
    if "capture_amount" not in call.params:
        return charge.amount
    amount = param_types.integer(call.params, "capture_amount")
    if amount is None or not 0 < amount <= charge.amount:
        raise Refusal("failed_capture", "capture amount is invalid")  # words assumed
    if amount < charge.amount and charge.authorization_type != "pre_auth":
        raise Refusal("failed_capture", "partial capture needs authorization_type pre_auth")
    return amount


def reverse(call: Call) -> Json:
    """POST /charges/:id/reverse: lets an uncaptured authorisation go.

    Raises 400 `expired_charge` when its time is up, else 400 `failed_reverse`.
    """
    charge = _in_time(call)
    if charge.situation != "authorized":
        raise Refusal("failed_reverse")
    return _saved(call, charge_transitions.reversed_(call.world, charge), "charge.reverse")


def expire(call: Call) -> Json:
    """POST /charges/:id/expire: ends a charge that waits for the shopper. 400 `failed_expire`."""
    charge, now = find(call), call.world.now()
    if charge.situation != "waiting":
        raise Refusal("failed_expire")
    ended = charge_transitions.expired(charge._replace(expires_at=now), now)
    return _saved(call, ended, "charge.expire")


def mark_as_paid(call: Call) -> Json:
    """POST /charges/:id/mark_as_paid (test mode): as if the shopper had paid."""
    return _marked(call, None)


def mark_as_failed(call: Call) -> Json:
    """POST /charges/:id/mark_as_failed (test mode): as if it had gone wrong; code assumed."""
    return _marked(call, "failed_processing")


def _marked(call: Call, failure_code: str | None) -> Json:
    if call.world.livemode:
        raise Refusal("feature_not_supported", "only test charges can be marked")
    charge = _in_time(call)
    if charge.situation != "waiting":
        status = SITUATIONS[charge.situation].status
        raise Refusal("bad_request", f"charge is {status} and can't be marked")  # assumed
    ended = charge_transitions.settle(call.world, charge, failure_code)
    return charge_shape(call.world, ended, call.world.now())


def events(call: Call) -> Json:
    """GET /charges/:id/events: what happened to the charge."""
    charge, world, now = find(call), call.world, call.world.now()
    page = param_types.page(call.params, now)
    ids = world.ledger.events_of.get(charge.id, ())
    found = [event for event_id in ids if (event := world.ledger.events.get(event_id))]
    total, wanted = slice_of(found, page)
    data = [event_shape(world, event) for event in wanted]
    return list_shape(data, f"/charges/{charge.id}/events", total, now, page)


def _saved(call: Call, charge: Charge, event: str) -> Json:
    call.world.save(charge, event=event)
    return charge_shape(call.world, charge, call.world.now())
