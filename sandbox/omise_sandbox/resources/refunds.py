"""Refunds: full and partial (docs.omise.co/refunds-api)."""

from omise_sandbox.resources import charges
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.charge_transitions import refunded
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.rules.money import convert
from omise_sandbox.serializers.charges import can_void, is_refundable, refunds_of, serialize_refund
from omise_sandbox.serializers.expansion import expanded
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.storage.collection import slice_of
from omise_sandbox.storage.records import Charge, Refund


def create(call: ApiCall) -> Json:
    """POST /charges/:id/refunds: `amount`, at most the captured amount not yet refunded.

    A full refund before settlement is a void. Raises 400 `failed_refund`, or 400 `failed_void` when
    `void` is requested too late or for a part.
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
    return serialize_refund(world, refund)


def retrieve(call: ApiCall) -> Json:
    """GET /charges/:id/refunds/:id."""
    charge = charges.find(call)
    refund = call.world.store.refunds.get(call.ids[1])
    if refund is None or refund.charge != charge.id:
        raise not_found("refund", call.ids[1])
    return expanded(call, serialize_refund(call.world, refund))


def of_charge(call: ApiCall) -> Json:
    """GET /charges/:id/refunds: a page of refunds."""
    world, charge, now = call.world, charges.find(call), call.world.now()
    page = param_types.page(call.params)
    total, wanted = slice_of(refunds_of(world, charge), page)
    data = [serialize_refund(world, refund) for refund in wanted]
    return serialize_list(data, f"/charges/{charge.id}/refunds", total, now, page)


def index(call: ApiCall) -> Json:
    """GET /refunds: a page of the refunds of all charges."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params)
    total, refunds = world.store.refunds.page(page)
    data = [serialize_refund(world, refund) for refund in refunds]
    return serialize_list(data, "/refunds", total, now, page)


def _amount(call: ApiCall, charge: Charge) -> int:
    if not is_refundable(charge, call.world.now()):
        raise ApiError("failed_refund")
    amount = param_types.integer(call.params, "amount")
    if amount is None:
        raise ApiError("failed_refund", "amount is not a number")
    if not 0 < amount <= charge.captured_amount - charge.refunded_amount:
        raise ApiError("failed_refund")
    return amount


def _funding_amount(charge: Charge, amount: int) -> int:
    """In the account's currency; all refunds together add up to what the charge brought."""
    before, after = (
        convert(total, charge.currency, charge.funding_currency)
        for total in (charge.refunded_amount, charge.refunded_amount + amount)
    )
    return after - before


def _is_void(call: ApiCall, charge: Charge, amount: int) -> bool:
    possible = amount == charge.captured_amount and can_void(charge, call.world.now())
    if param_types.flag(call.params, "void", default=False) and not possible:
        raise ApiError("failed_void")
    return possible
