"""The states of an order and of an attempt to pay it, as tables, and what a charge means there.

Nothing here does I/O. docs/payment-states.md shows the same tables.
"""

from enum import StrEnum

from storefront.errors import InvalidTransition

from .omise import Charge


class OrderStatus(StrEnum):
    """What the shopper should see of an order."""

    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMING = "confirming"
    AUTHORIZED = "authorized"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    EXPIRED = "expired"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class AttemptKind(StrEnum):
    """What a try is to do with the money of an order."""

    CHARGE = "charge"  #: take it, or have it held
    CAPTURE = "capture"  #: take what is held
    VOID = "void"  #: give back what is held
    REFUND = "refund"  #: give back what was taken


class AttemptState(StrEnum):
    """How far one try got."""

    STARTED = "started"  #: committed; the call to Omise is going out
    UNKNOWN = "unknown"  #: sent, no usable answer: it may have happened
    PENDING = "pending"  #: Omise has the charge and waits for somebody
    AUTHORIZED = "authorized"  #: the money is held, not yet taken
    SUCCEEDED = "succeeded"  #: the money moved
    DECLINED = "declined"  #: the bank said no, or the time ran out
    REFUSED = "refused"  #: Omise said no, or was never reached: nothing happened
    SURPLUS = "surplus"  #: money moved that no order asks for any more; it is given back


#: While an attempt is open no other may start for the same order (the database holds us to it).
OPEN = frozenset({AttemptState.STARTED, AttemptState.UNKNOWN, AttemptState.PENDING})

#: Omise's charges only ever go forward. A reading that stands behind what we know is an old one.
PROGRESS = {
    AttemptState.STARTED: 0,
    AttemptState.UNKNOWN: 0,
    AttemptState.REFUSED: 0,
    AttemptState.PENDING: 1,
    AttemptState.AUTHORIZED: 2,
    AttemptState.DECLINED: 3,
    AttemptState.SUCCEEDED: 3,
    AttemptState.SURPLUS: 3,
}

#: Attempts for which the order's money is held or was taken.
MONEY_MOVED = frozenset({AttemptState.AUTHORIZED, AttemptState.SUCCEEDED})

#: From which orders money may be moved how.
MOVABLE = {
    AttemptKind.CHARGE: frozenset(
        {OrderStatus.AWAITING_PAYMENT, OrderStatus.PAYMENT_FAILED, OrderStatus.EXPIRED}
    ),
    AttemptKind.CAPTURE: frozenset({OrderStatus.AUTHORIZED}),
    AttemptKind.VOID: frozenset({OrderStatus.AUTHORIZED}),
    AttemptKind.REFUND: frozenset({OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED}),
}

#: Orders whose money has been promised or moved.
SETTLED = frozenset(
    {
        OrderStatus.AUTHORIZED,
        OrderStatus.PAID,
        OrderStatus.PARTIALLY_REFUNDED,
        OrderStatus.REFUNDED,
    }
)

#: Orders whose cart is done with: it leads to nothing new.
CLOSED = SETTLED | {OrderStatus.CANCELLED}

#: Orders of which nothing is set aside any more.
RELEASED = frozenset({OrderStatus.PAYMENT_FAILED, OrderStatus.EXPIRED, OrderStatus.CANCELLED})

#: Orders whose payment is under way.
WAITING = frozenset({OrderStatus.AWAITING_PAYMENT, OrderStatus.CONFIRMING})

#: Where an order may go next, and why. A road that is not here does not exist.
TRANSITIONS: dict[OrderStatus, dict[OrderStatus, str]] = {
    OrderStatus.AWAITING_PAYMENT: {
        OrderStatus.CONFIRMING: "it is not known yet whether the charge succeeded",
        OrderStatus.AUTHORIZED: "the bank holds the money",
        OrderStatus.PAID: "the charge is successful",
        OrderStatus.PAYMENT_FAILED: "the charge failed or was refused",
        OrderStatus.EXPIRED: "the time to pay ran out",
        OrderStatus.CANCELLED: "the shopper changed the cart, or the charge was reversed",
    },
    OrderStatus.CONFIRMING: {
        OrderStatus.AWAITING_PAYMENT: "the charge waits for the shopper at the bank",
        OrderStatus.AUTHORIZED: "the bank holds the money",
        OrderStatus.PAID: "the charge is successful",
        OrderStatus.PAYMENT_FAILED: "the charge failed, or was never made",
        OrderStatus.EXPIRED: "the time to pay ran out",
        OrderStatus.CANCELLED: "the charge was reversed",
    },
    OrderStatus.PAYMENT_FAILED: {
        OrderStatus.CONFIRMING: "the shopper tries again",
        OrderStatus.AWAITING_PAYMENT: "a charge thought lost waits at the bank",
        OrderStatus.AUTHORIZED: "a charge thought lost was made after all",
        OrderStatus.PAID: "a charge thought lost was made after all",
        OrderStatus.EXPIRED: "a charge thought lost was never paid",
        OrderStatus.CANCELLED: "the shopper changed the cart, or the charge was reversed",
    },
    OrderStatus.EXPIRED: {
        OrderStatus.CONFIRMING: "the shopper tries again",
        OrderStatus.AUTHORIZED: "a charge thought lost was made after all",
        OrderStatus.PAID: "a charge thought lost was made after all",
        OrderStatus.CANCELLED: "the shopper changed the cart",
    },
    OrderStatus.AUTHORIZED: {
        OrderStatus.PAID: "the money was captured",
        OrderStatus.CANCELLED: "the hold was given back",
        OrderStatus.EXPIRED: "the hold lapsed",
    },
    OrderStatus.PAID: {
        OrderStatus.PARTIALLY_REFUNDED: "a part was refunded",
        OrderStatus.REFUNDED: "all of it was refunded",
    },
    OrderStatus.PARTIALLY_REFUNDED: {
        OrderStatus.REFUNDED: "the rest was refunded",
    },
    OrderStatus.REFUNDED: {},
    OrderStatus.CANCELLED: {},
}


def check_transition(number: str, old: OrderStatus, new: OrderStatus) -> None:
    """Say nothing when the order may go from the old status to the new one, or stays.

    Raises:
        InvalidTransition: when there is no such road.
    """
    if new != old and new not in TRANSITIONS[old]:
        raise InvalidTransition(f"order {number}: {old} to {new}")


def order_status_for(charge: Charge, *, back_from_bank: bool) -> OrderStatus:
    """What a charge, as Omise tells it, means for its order."""
    match charge.status:
        case "successful":
            return _after_payment(charge)
        case "failed":
            return OrderStatus.PAYMENT_FAILED
        case "expired":
            return OrderStatus.EXPIRED
        case "reversed":
            return OrderStatus.CANCELLED
        case _ if charge.authorized:
            return OrderStatus.AUTHORIZED
        case _ if charge.needs_shopper and not back_from_bank:
            return OrderStatus.AWAITING_PAYMENT
        case _:
            return OrderStatus.CONFIRMING


def _after_payment(charge: Charge) -> OrderStatus:
    if not charge.refunded_amount:
        return OrderStatus.PAID
    if charge.refunded_amount < charge.captured_amount:
        return OrderStatus.PARTIALLY_REFUNDED
    return OrderStatus.REFUNDED


def attempt_state_for(charge: Charge) -> AttemptState:
    """What a charge, as Omise tells it, means for the attempt that made it."""
    match charge.status:
        case "successful":
            return AttemptState.SUCCEEDED
        case "failed" | "expired" | "reversed":
            return AttemptState.DECLINED
        case _ if charge.authorized:
            return AttemptState.AUTHORIZED
        case _:
            return AttemptState.PENDING
