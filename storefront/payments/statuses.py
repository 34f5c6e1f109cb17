"""Statuses of payments and attempts as tables, and what a charge of Omise means for them. No I/O.

docs/payment-states.md shows the same tables; a test keeps them the same.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from .errors import InvalidTransition

if TYPE_CHECKING:
    from .omise import Charge


class PaymentStatus(StrEnum):
    """What the shopper sees of a payment."""

    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMING = "confirming"
    AUTHORIZED = "authorized"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    EXPIRED = "expired"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class OperationType(StrEnum):
    """What an attempt does with the money of a payment."""

    CHARGE = "charge"  #: charge it, or authorize it
    CAPTURE = "capture"  #: capture an authorized charge
    VOID = "void"  #: release an authorized charge
    REFUND = "refund"  #: return captured money


class DisputeStatus(StrEnum):
    """How far a dispute of a charge got (docs.omise.co/disputes-api)."""

    OPEN = "open"  #: the bank has taken the money; the merchant may answer
    PENDING = "pending"  #: the merchant answered, and the bank decides
    WON = "won"  #: the merchant has the money again
    LOST = "lost"  #: the cardholder has it


class AttemptStatus(StrEnum):
    """How far an attempt got."""

    STARTED = "started"  #: committed; the request to Omise is being sent
    UNKNOWN = "unknown"  #: sent, no usable answer: it may have happened
    PENDING = "pending"  #: Omise has the charge and waits for the shopper or the bank
    AUTHORIZED = "authorized"  #: authorized, not yet captured
    SUCCEEDED = "succeeded"  #: the money moved
    DECLINED = "declined"  #: the bank declined it, or it expired
    REJECTED = "rejected"  #: Omise rejected it or was never reached: nothing happened
    SURPLUS = "surplus"  #: money moved that the payment no longer asks for; it is refunded


#: Disputes without a decision; their money may not be refunded as well.
UNDECIDED = frozenset({DisputeStatus.OPEN, DisputeStatus.PENDING})

#: Disputes only go forward. A reading of no higher rank than the recorded status changes nothing.
DISPUTE_RANK = {
    DisputeStatus.OPEN: 0,
    DisputeStatus.PENDING: 1,
    DisputeStatus.WON: 2,
    DisputeStatus.LOST: 2,
}

#: While an attempt is unresolved no other may open for the same payment (a unique index).
UNRESOLVED = frozenset({AttemptStatus.STARTED, AttemptStatus.UNKNOWN, AttemptStatus.PENDING})

#: Charges only go forward. A reading of a lower rank than the recorded status is stale.
STATE_RANK = {
    AttemptStatus.STARTED: 0,
    AttemptStatus.UNKNOWN: 0,
    AttemptStatus.REJECTED: 0,
    AttemptStatus.PENDING: 1,
    AttemptStatus.AUTHORIZED: 2,
    AttemptStatus.DECLINED: 3,
    AttemptStatus.SUCCEEDED: 3,
    AttemptStatus.SURPLUS: 3,
}

#: Attempts by which a payment is authorized or paid.
FUNDED = frozenset({AttemptStatus.AUTHORIZED, AttemptStatus.SUCCEEDED})

#: Attempts after which nothing was charged.
FAILED = frozenset({AttemptStatus.DECLINED, AttemptStatus.REJECTED})

#: Statuses of a payment in which each operation may start.
ALLOWED_OPERATIONS = {
    OperationType.CHARGE: frozenset(
        {PaymentStatus.AWAITING_PAYMENT, PaymentStatus.PAYMENT_FAILED, PaymentStatus.EXPIRED}
    ),
    OperationType.CAPTURE: frozenset({PaymentStatus.AUTHORIZED}),
    OperationType.VOID: frozenset({PaymentStatus.AUTHORIZED}),
    OperationType.REFUND: frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED}),
}

#: Payments that are authorized, or whose money moved.
SETTLED = frozenset(
    {
        PaymentStatus.AUTHORIZED,
        PaymentStatus.PAID,
        PaymentStatus.PARTIALLY_REFUNDED,
        PaymentStatus.REFUNDED,
    }
)

#: Payments that take no further attempt to charge.
CLOSED = SETTLED | {PaymentStatus.CANCELLED}

#: Payments for which nothing is reserved any more.
ABANDONED = frozenset(
    {PaymentStatus.PAYMENT_FAILED, PaymentStatus.EXPIRED, PaymentStatus.CANCELLED}
)

#: Payments whose result is not known yet.
IN_PROGRESS = frozenset({PaymentStatus.AWAITING_PAYMENT, PaymentStatus.CONFIRMING})

#: Allowed transitions, each with its reason. Any other is a bug.
TRANSITIONS: dict[PaymentStatus, dict[PaymentStatus, str]] = {
    PaymentStatus.AWAITING_PAYMENT: {
        PaymentStatus.CONFIRMING: "the result of the charge is not known yet",
        PaymentStatus.AUTHORIZED: "the charge is authorized",
        PaymentStatus.PAID: "the charge is successful",
        PaymentStatus.PAYMENT_FAILED: "the charge failed or was rejected",
        PaymentStatus.EXPIRED: "the charge expired",
        PaymentStatus.CANCELLED: "the host cancelled the payment, or the charge was reversed",
    },
    PaymentStatus.CONFIRMING: {
        PaymentStatus.AWAITING_PAYMENT: "the charge waits for the shopper at the bank",
        PaymentStatus.AUTHORIZED: "the charge is authorized",
        PaymentStatus.PAID: "the charge is successful",
        PaymentStatus.PAYMENT_FAILED: "the charge failed, or was never made",
        PaymentStatus.EXPIRED: "the charge expired",
        PaymentStatus.CANCELLED: "the charge was reversed",
    },
    PaymentStatus.PAYMENT_FAILED: {
        PaymentStatus.CONFIRMING: "the shopper tries again",
        PaymentStatus.AWAITING_PAYMENT: "a late charge waits for the shopper at the bank",
        PaymentStatus.AUTHORIZED: "a late charge is authorized",
        PaymentStatus.PAID: "a late charge is successful",
        PaymentStatus.EXPIRED: "a late charge expired",
        PaymentStatus.CANCELLED: "the host cancelled the payment, or the charge was reversed",
    },
    PaymentStatus.EXPIRED: {
        PaymentStatus.CONFIRMING: "the shopper tries again",
        PaymentStatus.AUTHORIZED: "a late charge is authorized",
        PaymentStatus.PAID: "a late charge is successful",
        PaymentStatus.CANCELLED: "the host cancelled the payment",
    },
    PaymentStatus.AUTHORIZED: {
        PaymentStatus.PAID: "the charge was captured",
        PaymentStatus.CANCELLED: "the charge was voided",
        PaymentStatus.EXPIRED: "the authorization expired",
    },
    PaymentStatus.PAID: {
        PaymentStatus.PARTIALLY_REFUNDED: "a part was refunded, or lost in a dispute",
        PaymentStatus.REFUNDED: "all of it was refunded, or lost in a dispute",
    },
    PaymentStatus.PARTIALLY_REFUNDED: {
        PaymentStatus.REFUNDED: "the rest was refunded, or lost in a dispute",
    },
    PaymentStatus.REFUNDED: {},
    PaymentStatus.CANCELLED: {},
}


def check_transition(reference: str, old: PaymentStatus, new: PaymentStatus) -> None:
    """Raise unless the transition is allowed; staying in the same status is.

    Raises:
        InvalidTransition: when the table has no such transition.
    """
    if new != old and new not in TRANSITIONS[old]:
        raise InvalidTransition(f"payment {reference}: {old} to {new}")


def payment_status_for(charge: Charge, *, returned: bool, charged_back: int = 0) -> PaymentStatus:
    """The status that a charge gives its payment.

    Args:
        charge: as it was just read.
        returned: the shopper is back from the bank.
        charged_back: what a dispute that was lost took of it.
    """
    match charge.status:
        case "successful":
            return _after_capture(charge, charge.refunded_amount + charged_back)
        case "failed":
            return PaymentStatus.PAYMENT_FAILED
        case "expired":
            return PaymentStatus.EXPIRED
        case "reversed":
            return PaymentStatus.CANCELLED
        case _ if charge.authorized:
            return PaymentStatus.AUTHORIZED
        case _ if charge.needs_shopper and not returned:
            return PaymentStatus.AWAITING_PAYMENT
        case _:
            return PaymentStatus.CONFIRMING


def _after_capture(charge: Charge, returned_amount: int) -> PaymentStatus:
    if not returned_amount:
        return PaymentStatus.PAID
    if returned_amount < charge.captured_amount:
        return PaymentStatus.PARTIALLY_REFUNDED
    return PaymentStatus.REFUNDED


def attempt_status_for(charge: Charge) -> AttemptStatus:
    """The status that a charge gives the attempt that made it."""
    match charge.status:
        case "successful":
            return AttemptStatus.SUCCEEDED
        case "failed" | "expired" | "reversed":
            return AttemptStatus.DECLINED
        case _ if charge.authorized:
            return AttemptStatus.AUTHORIZED
        case _:
            return AttemptStatus.PENDING
