"""Refunds: money given back, in part or in full (docs.omise.co/refunds-api)."""

from omise_sandbox.resources import charges
from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.resources.charge_transitions import refunded
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import Refusal, not_found
from omise_sandbox.rules.money import converted
from omise_sandbox.serializers.charges import can_void, is_refundable, refund_shape, refunds_of
from omise_sandbox.serializers.expansion import expanded
from omise_sandbox.serializers.lists import list_shape, slice_of
from omise_sandbox.storage.records import Charge, Refund


def create(call: Call) -> Json:
    """POST /charges/:id/refunds: `amount`, at most what is left of the captured amount.

    A full refund before settlement is a void. Raises 400 `failed_refund`, or 400 `failed_void`
    when `void` is asked for too late or for a part.
    """
    world, charge = call.world, charges.find(call)
    amount = _amount(call, charge)
    voided = _is_void(call, charge, amount)
    refund = Refund(
        id=world.new_id("rfnd"),
        created_at=world.now(),
        charge=charge.id,
        amount=amount,
        currency=charge.currency,
        funding_amount=_funding_amount(charge, amount),
        funding_currency=charge.funding_currency,
        transaction=world.new_id("trxn"),
        voided=voided,
        metadata=param_types.mapping(call.params, "metadata") or None,
    )
    world.save(refunded(charge, refund.id, amount, voided=voided))
    world.save(refund, event="refund.create")
    return refund_shape(world, refund)


def retrieve(call: Call) -> Json:
    """GET /charges/:id/refunds/:id."""
    charge = charges.find(call)
    refund = call.world.ledger.refunds.get(call.ids[1])
    if refund is None or refund.charge != charge.id:
        raise not_found("refund", call.ids[1])
    return expanded(call, refund_shape(call.world, refund))


def of_charge(call: Call) -> Json:
    """GET /charges/:id/refunds: a page of them."""
    world, charge, now = call.world, charges.find(call), call.world.now()
    page = param_types.page(call.params, now)
    total, wanted = slice_of(refunds_of(world, charge), page)
    data = [refund_shape(world, refund) for refund in wanted]
    return list_shape(data, f"/charges/{charge.id}/refunds", total, now, page)


def index(call: Call) -> Json:
    """GET /refunds: a page of the refunds of all charges."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params, now)
    total, refunds = world.ledger.refunds.page(page)
    data = [refund_shape(world, refund) for refund in refunds]
    return list_shape(data, "/refunds", total, now, page)


def _amount(call: Call, charge: Charge) -> int:
    if not is_refundable(charge, call.world.now()):
        raise Refusal("failed_refund")
    amount = param_types.integer(call.params, "amount")
    if amount is None:
        raise Refusal("failed_refund", "amount is not a number")
    if not 0 < amount <= charge.captured_amount - charge.refunded_amount:
        raise Refusal("failed_refund")
    return amount


def _funding_amount(charge: Charge, amount: int) -> int:
    """In the account's currency, so that all refunds together give back what the charge brought."""
    before, after = (
        converted(total, charge.currency, charge.funding_currency)
        for total in (charge.refunded_amount, charge.refunded_amount + amount)
    )
    return after - before


def _is_void(call: Call, charge: Charge, amount: int) -> bool:
    possible = amount == charge.captured_amount and can_void(charge, call.world.now())
    if param_types.flag(call.params, "void", default=False) and not possible:
        raise Refusal("failed_void")
    return possible
