"""Charges and refunds (fixtures of omise-php)."""

from omise_sandbox.resources.api_call import Json
from omise_sandbox.rules.charge_states import CHARGE_STATES, FAILURES, MERCHANT_ADVICE
from omise_sandbox.rules.fees import rates_of
from omise_sandbox.rules.money import fees
from omise_sandbox.serializers.cards import serialize_card
from omise_sandbox.serializers.disputes import serialize_dispute
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.serializers.sources import merchant_pays_interest, serialize_charged_source
from omise_sandbox.storage.clock import DAY, iso, iso_or_none
from omise_sandbox.storage.records import Charge, Refund
from omise_sandbox.storage.world import World

#: When a charge settles and a full refund is no longer a void. A day is assumed.
SETTLES_AFTER = DAY
REFUND_WINDOW = 365 * DAY
MAX_REFUNDS = 15


def serialize_charge(world: World, charge: Charge, now: int, *, listed: bool = False) -> Json:
    """A charge, with all keys; three are omitted where the recordings omit them."""
    flags = CHARGE_STATES[charge.state]
    fee_rate, vat_rate = rates_of(charge)
    fee, fee_vat, net = fees(charge.funding_amount, fee_rate, vat_rate)
    over = now >= charge.expires_at
    refundable = is_refundable(charge, now)
    shape = {
        "object": "charge",
        "id": charge.id,
        "location": f"/charges/{charge.id}",
        "amount": charge.amount,
        "authorization_type": charge.authorization_type,
        "authorized_amount": charge.amount,
        "captured_amount": charge.captured_amount,
        "acquirer_reference_number": None,
        "net": net,
        "fee": fee,
        "fee_vat": fee_vat,
        "interest": 0,
        "interest_vat": 0,
        "funding_amount": charge.funding_amount,
        "refunded_amount": charge.refunded_amount,
        "transaction_fees": {
            "fee_flat": "0.0",
            "fee_rate": fee_rate.text,
            "vat_rate": vat_rate.text,
        },
        "platform_fee": charge.platform_fee or {"fixed": None, "amount": None, "percentage": None},
        "currency": charge.currency,
        "funding_currency": charge.funding_currency,
        "ip": charge.ip,
        "refunds": _refunds(world, charge, now),
        "link": None,
        "description": charge.description,
        "metadata": charge.metadata or {},
        "card": serialize_card(world, charge.card) if charge.card else None,
        "source": serialize_charged_source(world, charge) if charge.source else None,
        "schedule": None,
        "linked_account": None,
        "customer": charge.customer,
        "dispute": serialize_dispute(world, charge.dispute) if charge.dispute else None,
        "transaction": charge.transaction,
        "failure_code": charge.failure_code,
        "failure_message": FAILURES.get(charge.failure_code) if charge.failure_code else None,
        "merchant_advice": None,
        "merchant_advice_code": None,
        "status": flags.status,
        "authorize_uri": charge.authorize_uri,
        "return_uri": charge.return_uri,
        "created_at": iso(charge.created_at),
        "paid_at": iso_or_none(charge.paid_at),
        "authorized_at": iso_or_none(charge.authorized_at),
        "expires_at": iso(charge.expires_at),
        "expired_at": _expired_at(charge, over),
        "reversed_at": iso_or_none(charge.closed_at) if flags.reversed else None,
        "multi_capture": False,
        "zero_interest_installments": merchant_pays_interest(charge.source),
        "branch": None,
        "terminal": None,
        "device": None,
        "authorized": flags.authorized,
        "capturable": flags.capturable,
        "capture": charge.capture,
        "disputable": flags.disputable and charge.dispute is None,
        "livemode": world.livemode,
        "refundable": refundable,
        "partially_refundable": refundable,
        "reversed": flags.reversed,
        "reversible": flags.reversible,
        "voided": flags.voided,
        "paid": flags.paid,
        "expired": flags.expired or (flags.status == "failed" and over),
        "can_perform_void": can_void(charge, now),
        "approval_code": None,
    }
    if world.dialect.newer_charge_fields:
        _add_newer_fields(shape, charge)
    if flags.omits_amounts and not listed and charge.authorization_type is None:
        del shape["authorization_type"], shape["authorized_amount"], shape["captured_amount"]
    return shape


def _add_newer_fields(body: Json, charge: Charge) -> None:
    """The fields that came after the recordings (schema; texts of the advice assumed)."""
    if charge.failure_code:
        body["merchant_advice"] = MERCHANT_ADVICE.get(charge.failure_code)
    body["missing_3ds_fields"] = _missing_three_ds_fields(charge)
    body["authenticated_by"] = "3DS" if charge.three_ds else None
    body["statement_descriptor"] = charge.statement_descriptor


def _missing_three_ds_fields(charge: Charge) -> list[str]:
    """3-D Secure needs the buyer's email or phone number (names from omise-woocommerce)."""
    if not charge.three_ds or charge.card is None or charge.card.has_email:
        return []
    has_phone = (charge.card.address or {}).get("phone_number")
    return [] if has_phone else ["email", "phone_number"]


def serialize_refund(world: World, refund: Refund) -> Json:
    """A refund."""
    return {
        "object": "refund",
        "id": refund.id,
        "location": f"/charges/{refund.charge}/refunds/{refund.id}",
        "livemode": world.livemode,
        "voided": refund.voided,
        "currency": refund.currency,
        "amount": refund.amount,
        "metadata": refund.metadata or {},
        "charge": refund.charge,
        "capture": None,
        "terminal": None,
        "transaction": refund.transaction,
        "status": "closed",
        "funding_amount": refund.funding_amount,
        "funding_currency": refund.funding_currency,
        "created_at": iso(refund.created_at),
        "acquirer_reference_number": None,
        "approval_code": None,
    }


def is_refundable(charge: Charge, now: int) -> bool:
    """Whether the charge can be refunded: 15 times, in 365 days (docs.omise.co/refunds-api)."""
    return (
        CHARGE_STATES[charge.state].refundable
        and _is_undisputed(charge)
        and len(charge.refunds) < MAX_REFUNDS
        and now <= (charge.paid_at or 0) + REFUND_WINDOW
    )


def can_void(charge: Charge, now: int) -> bool:
    """Whether a full refund would be a void: nothing has settled yet."""
    return (
        CHARGE_STATES[charge.state].refundable
        and _is_undisputed(charge)
        and not charge.refunds
        and now < (charge.paid_at or 0) + SETTLES_AFTER
    )


def _is_undisputed(charge: Charge) -> bool:
    """A disputed charge cannot be refunded (recorded), unless the merchant won (assumed)."""
    return charge.dispute is None or charge.dispute.status == "won"


def refunds_of(world: World, charge: Charge) -> list[Refund]:
    """The refunds of this version of the charge, oldest first."""
    if not charge.refunds:
        return []
    found = (world.store.refunds.get(refund_id) for refund_id in charge.refunds)
    return [refund for refund in found if refund]


def _refunds(world: World, charge: Charge, now: int) -> Json:
    shapes = [serialize_refund(world, refund) for refund in refunds_of(world, charge)]
    return serialize_list(shapes, f"/charges/{charge.id}/refunds", len(shapes), now)


def _expired_at(charge: Charge, over: bool) -> str | None:
    """Also set on settled charges once `expires_at` has passed, as recordings show."""
    if charge.state in ("expired", "lapsed"):
        return iso_or_none(charge.closed_at)
    return iso(charge.expires_at) if over and charge.state not in ("reversed",) else None
