"""Charges: create, retrieve, list, update, and the operations of a merchant.

Source: docs.omise.co/charges-api.
"""

from omise_sandbox.resources import charge_transitions
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.charge_params import new_charge
from omise_sandbox.resources.dispute_transitions import open_if_card_says_so
from omise_sandbox.rules import param_types
from omise_sandbox.rules.cards import BEHAVIOURS
from omise_sandbox.rules.charge_states import CHARGE_STATES
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.serializers.charges import serialize_charge
from omise_sandbox.serializers.events import serialize_event
from omise_sandbox.serializers.expansion import expanded
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.serializers.sources import serialize_document
from omise_sandbox.storage.collection import slice_of
from omise_sandbox.storage.records import Charge
from omise_sandbox.storage.world import World


def create(call: ApiCall) -> Json:
    """POST /charges: by token, by customer, by customer and card, or by source.

    A declined card is a 200 with status `failed`. A charge uses up its token; a rejected request
    does not.
    """
    world = call.world
    charge = new_charge(call)
    if call.declined_as:
        charge = charge_transitions.failed(charge, call.declined_as)
    else:
        charge = _first_step(world, charge)
    if charge.source and charge.source.id not in world.store.sources.by_id:
        world.save(charge.source)
    world.save(charge, event="charge.create")
    open_if_card_says_so(world, charge)
    return serialize_charge(world, world.store.charges.by_id[charge.id], world.now())


def _first_step(world: World, charge: Charge) -> Charge:
    """The first transition of a new charge; one that needs the shopper keeps waiting."""
    if charge.source:
        return charge
    three_ds = required_three_ds(world, charge)
    if three_ds is None:
        return charge_transitions.bank_decision(world, charge)
    charge = charge._replace(three_ds=True)
    if three_ds == "enrolment_fails":
        return charge_transitions.failed(charge, "payment_rejected")
    return charge


def required_three_ds(world: World, charge: Charge) -> str | None:
    """The kind of 3-D Secure that the charge needs, if any.

    Raises 400 `invalid_charge` when it needs one and has no `return_uri`.
    """
    setting, asked = world.settings.three_ds, charge.three_ds
    if charge.card is None or (setting == "never" and not asked):
        return None
    kind = BEHAVIOURS[charge.card.behaviour].three_ds
    if kind is None and (asked or setting == "always"):
        kind = "challenge"
    if kind and not charge.return_uri:
        raise ApiError("invalid_charge", "return uri is invalid")
    return kind


def retrieve(call: ApiCall) -> Json:
    """GET /charges/:id. 404 for an unknown one. `expand` replaces ids by objects."""
    charge = find(call)
    shape = serialize_charge(call.world, charge, call.world.now())
    return expanded(call, shape)


def document(call: ApiCall) -> Json:
    """GET /charges/:id/documents/:id: the QR image of the charge."""
    charge = find(call)
    if charge.document != call.ids[1]:
        raise not_found("document", call.ids[1])
    return serialize_document(call.world, charge)


def find(call: ApiCall) -> Charge:
    """The charge in the path. Raises 404 `not_found`."""
    charge = call.world.store.charges.get(call.ids[0])
    if charge is None:
        raise not_found("charge", call.ids[0])
    return charge


def _in_time(call: ApiCall) -> Charge:
    """The charge in the path. Raises 404, or 400 `expired_charge` when it has expired."""
    charge = find(call)
    if CHARGE_STATES[charge.state].expired:
        raise ApiError("expired_charge")
    return charge


def index(call: ApiCall) -> Json:
    """GET /charges: a page of charges."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params)
    total, charges = world.store.charges.page(page)
    data = [serialize_charge(world, charge, now, listed=True) for charge in charges]
    return serialize_list(data, "/charges", total, now, page)


def update(call: ApiCall) -> Json:
    """PATCH /charges/:id: description and metadata; metadata is replaced as a whole (assumed)."""
    charge = find(call)
    if "description" in call.params:
        charge = charge._replace(description=param_types.text(call.params, "description"))
    if "metadata" in call.params:
        charge = charge._replace(metadata=param_types.mapping(call.params, "metadata") or None)
    return _saved(call, charge, "charge.update")


def capture(call: ApiCall) -> Json:
    """POST /charges/:id/capture: everything, or `capture_amount` of a `pre_auth` charge.

    Raises 400 `expired_charge` after expiry, else 400 `failed_capture`.
    """
    charge = _in_time(call)
    if charge.state != "authorized":
        raise ApiError("failed_capture", "Charge is not authorized")
    amount = _capture_amount(call, charge)
    captured = charge_transitions.captured(call.world, charge, amount)
    _saved(call, captured, "charge.capture")
    open_if_card_says_so(call.world, captured)
    return serialize_charge(call.world, find(call), call.world.now())


def _capture_amount(call: ApiCall, charge: Charge) -> int:
    amount = param_types.integer(call.params, "capture_amount")
    if amount == 0 or "capture_amount" not in call.params:  # omise-java sends 0 for everything
        return charge.amount
    if amount is None or not 0 < amount <= charge.amount:
        raise ApiError("failed_capture", "capture amount is invalid")  # message assumed
    if amount < charge.amount and charge.authorization_type != "pre_auth":
        raise ApiError("failed_capture", "partial capture needs authorization_type pre_auth")
    return amount


def reverse(call: ApiCall) -> Json:
    """POST /charges/:id/reverse: release an uncaptured authorization.

    Raises 400 `expired_charge` after expiry, else 400 `failed_reverse`.
    """
    charge = _in_time(call)
    if charge.state != "authorized":
        raise ApiError("failed_reverse")
    return _saved(call, charge_transitions.reversed_(call.world, charge), "charge.reverse")


def expire(call: ApiCall) -> Json:
    """POST /charges/:id/expire: end a charge that waits for the shopper. 400 `failed_expire`."""
    charge, now = find(call), call.world.now()
    if charge.state != "waiting":
        raise ApiError("failed_expire")
    ended = charge_transitions.expired(charge._replace(expires_at=now), now)
    return _saved(call, ended, "charge.expire")


def mark_as_paid(call: ApiCall) -> Json:
    """POST /charges/:id/mark_as_paid (test mode): as if the shopper had paid."""
    return _marked(call, None)


def mark_as_failed(call: ApiCall) -> Json:
    """POST /charges/:id/mark_as_failed (test mode): as if the payment had failed; code assumed."""
    return _marked(call, "failed_processing")


def _marked(call: ApiCall, failure_code: str | None) -> Json:
    if call.world.livemode:
        raise ApiError("feature_not_supported", "only test charges can be marked")
    charge = _in_time(call)
    if charge.state != "waiting":
        status = CHARGE_STATES[charge.state].status
        raise ApiError("bad_request", f"charge is {status} and can't be marked")  # assumed
    ended = charge_transitions.settle(call.world, charge, failure_code)
    return serialize_charge(call.world, ended, call.world.now())


def events(call: ApiCall) -> Json:
    """GET /charges/:id/events: the events of the charge."""
    charge, world, now = find(call), call.world, call.world.now()
    page = param_types.page(call.params)
    ids = world.store.events_of.get(charge.id, ())
    found = [event for event_id in ids if (event := world.store.events.get(event_id))]
    total, wanted = slice_of(found, page)
    data = [serialize_event(world, event) for event in wanted]
    return serialize_list(data, f"/charges/{charge.id}/events", total, now, page)


def _saved(call: ApiCall, charge: Charge, event: str) -> Json:
    call.world.save(charge, event=event)
    return serialize_charge(call.world, charge, call.world.now())
