"""Compares a charge with the attempt that created it. No I/O."""

from .models import PaymentAttempt
from .omise import Charge, Dispute, Refund
from .omise.json_values import remark
from .statuses import DISPUTE_RANK, FUNDED, STATE_RANK, DisputeStatus, attempt_status_for

#: The statuses of a charge (docs.omise.co/charges-api).
CHARGE_STATUSES = frozenset({"pending", "successful", "failed", "expired", "reversed"})


def attempt_key(made: Charge | Refund) -> str:
    """The attempt's key in the metadata of what it made; empty when others made it.

    Others may write anything there: any type, and texts that a database does not store.
    """
    return remark(made.metadata.get("attempt")) or ""


def contradictions(attempt: PaymentAttempt, charge: Charge) -> dict[str, tuple[object, object]]:
    """Where a charge differs from its attempt, or cannot be true: expected and actual values.

    The reference in the metadata counts only while the charge's id is not recorded, and if it is
    there: others may rewrite the metadata of a charge later.
    """
    pairs: dict[str, tuple[object, object]] = {
        "amount": (attempt.amount, charge.amount),
        "currency": (attempt.currency, charge.currency),
        "livemode": (attempt.payment.livemode, charge.livemode),
        "charge": (attempt.charge_id or charge.id, charge.id),
    }
    if attempt.charge_id is None and (order := charge.metadata.get("order")) is not None:
        pairs["order"] = (attempt.payment.reference, order)
    found = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if charge.status not in CHARGE_STATUSES:
        found["status"] = ("a known status", charge.status)
    if not 0 <= charge.refunded_amount <= charge.captured_amount <= charge.amount:
        found["captured"] = (charge.captured_amount, charge.refunded_amount)
    if charge.dispute and not _can_be_true(charge.dispute, charge):
        found["dispute"] = (charge.captured_amount, charge.dispute)
    return found


def _can_be_true(dispute: Dispute, charge: Charge) -> bool:
    is_known = dispute.status in list(DisputeStatus)
    is_of_charge = (dispute.charge_id, dispute.currency) == (charge.id, charge.currency)
    left = charge.captured_amount - charge.refunded_amount
    is_lost = dispute.status == DisputeStatus.LOST
    most = left if is_lost else charge.captured_amount
    return is_known and is_of_charge and 0 < dispute.amount <= most


def is_stale(attempt: PaymentAttempt, charge: Charge) -> bool:
    """Whether the charge is older than what is recorded: charges only go forward."""
    if STATE_RANK[attempt_status_for(charge)] < STATE_RANK[attempt.status]:
        return True
    return charge.refunded_amount < attempt.refunded_amount


def copy_charge(charge: Charge, attempt: PaymentAttempt) -> None:
    """Copy what the attempt records of its charge."""
    attempt.charge_id = charge.id
    attempt.authorize_uri = charge.authorize_uri
    attempt.qr_uri = charge.qr_uri
    attempt.payment_code = charge.payment_code
    attempt.expires_at = charge.expires_at
    attempt.captured_amount = charge.captured_amount
    attempt.refunded_amount = charge.refunded_amount
    attempt.failure_code = _failure_code(charge)
    attempt.missing_3ds_fields = ", ".join(charge.missing_3ds_fields) or None
    attempt.authenticated_by = charge.authenticated_by
    attempt.merchant_advice = charge.merchant_advice
    attempt.merchant_advice_code = charge.merchant_advice_code
    if attempt_status_for(charge) in FUNDED:
        attempt.saved_card_id = None  # the bank accepted the card: it stays saved
    if charge.card:
        attempt.card_brand = charge.card.brand
        attempt.card_last_digits = charge.card.last_digits
        attempt.card_fingerprint = charge.card.fingerprint or None


def _failure_code(charge: Charge) -> str | None:
    if charge.status == "expired":
        return "timeout"
    return charge.failure_code or ("unspecified" if charge.status == "failed" else None)


def copy_dispute(charge: Charge, attempt: PaymentAttempt) -> bool:
    """Copy what the attempt records of its charge's dispute: whether it got further."""
    dispute = charge.dispute
    if dispute is None:
        return False
    status = DisputeStatus(dispute.status)
    if attempt.dispute_status and dispute.id == attempt.dispute_id:
        is_news = DISPUTE_RANK[status] > DISPUTE_RANK[attempt.dispute_status]
    else:
        is_news = attempt.dispute_status != DisputeStatus.LOST
    if is_news:
        attempt.dispute_id, attempt.dispute_status = dispute.id, status
        attempt.disputed_amount = dispute.amount
    return is_news
