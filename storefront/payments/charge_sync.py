"""What becomes of attempts. `Outcomes.apply` is the one road on which an order moves.

The answer to a charge, the return from the bank, the webhook, the page that asks again, the worker
and the reconciler all end there. Each method is one transaction under the lock of the order's row.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from storefront.models import Attempt, Order, TaskKind
from storefront.shop.inventory import Stockroom

from .database import Database
from .omise import Charge
from .outbox import add_task, drop_task
from .repository import keep, order_of_attempt, write
from .statuses import (
    MONEY_MOVED,
    PROGRESS,
    RELEASED,
    WAITING,
    AttemptKind,
    AttemptState,
    OrderStatus,
    attempt_state_for,
    order_status_for,
)

log = structlog.get_logger()

#: How long after a hold should have lapsed Omise is asked whether it has.
AFTER_THE_HOLD = timedelta(minutes=5)


class Outcomes:
    """Writes down what became of attempts."""

    def __init__(
        self, database: Database, *, stockroom: Stockroom, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._stockroom = stockroom
        self._now = now

    def apply(self, charge: Charge) -> Attempt | None:
        """Let a charge, as Omise tells it, move its attempt and its order: the one road.

        A reading that is older than what is known changes nothing, nor does one that does not match
        its order in amount, currency, mode and number: that one is reported. Gives the attempt, or
        None when the charge is of no attempt of ours.
        """
        with self._database.writing() as session:
            attempt = _attempt_of(session, charge)
            if attempt is None:
                return None
            if differences := differences_of(attempt, charge):
                log.error(
                    "charge_mismatch",
                    order=attempt.order.number,
                    charge=charge.id,
                    differences=differences,
                )
            elif not _is_old(attempt, charge):
                self._take(session, attempt, charge)
            return attempt

    def _take(self, session: Session, attempt: Attempt, charge: Charge) -> None:
        order, state = attempt.order, _state_after(attempt, charge)
        if state in MONEY_MOVED and not self._has_goods(session, order):
            state = AttemptState.SURPLUS  # sold to somebody else by now
        if state is None:
            log.warning("stray_charge", order=order.number, charge=charge.id)
            return
        was_open, was_paid = attempt.is_open, order.paid_at is not None
        refunded = attempt.refunded_amount
        is_decisive = attempt is order.decisive_charge or state in MONEY_MOVED
        _copy(charge, attempt)
        attempt.state = state
        attempt.checked_at = self._now()
        write(session, attempt)
        if state == AttemptState.SURPLUS:
            log.error("surplus_charge", order=order.number, charge=charge.id, amount=charge.amount)
        # Any other try matters to the order only if its money moved after all.
        elif is_decisive:
            self._follow(session, order, attempt, charge)
            self._announce(session, attempt, was_paid=was_paid, refunded=refunded)
        self._schedule(session, attempt)
        if attempt.is_open and not was_open:  # thought never made, and no longer looked after
            add_task(session, TaskKind.RESOLVE_ATTEMPT, attempt.key, due_at=self._now())

    def _has_goods(self, session: Session, order: Order) -> bool:
        """Whether what a late payment is for can still be had; if so, it is taken again."""
        return order.status not in RELEASED or self._stockroom.take_again(session, order)

    def _follow(self, session: Session, order: Order, attempt: Attempt, charge: Charge) -> None:
        """Move the order to where its charge stands, over what happened unseen."""
        status = order_status_for(charge, back_from_bank=attempt.returned_at is not None)
        if order.status == OrderStatus.CANCELLED:
            return  # the shopper gave it up, or the hold was given back
        if charge.paid and order.paid_at is None:
            self._move(session, order, OrderStatus.PAID, charge=charge.id)
        if order.status == OrderStatus.AUTHORIZED and status == OrderStatus.PAYMENT_FAILED:
            status = OrderStatus.EXPIRED  # what was held is held no more
        if status in WAITING and not self._has_goods(session, order):
            return
        self._move(session, order, status, charge=charge.id)

    def _schedule(self, session: Session, attempt: Attempt) -> None:
        """Leave to the worker what is left to do about an attempt."""
        if not attempt.is_open:
            drop_task(session, TaskKind.RESOLVE_ATTEMPT, attempt.key)
        if attempt.state == AttemptState.AUTHORIZED and attempt.expires_at:
            due_at = attempt.expires_at + AFTER_THE_HOLD
            add_task(session, TaskKind.READ_HOLD, attempt.key, due_at=due_at)
        if attempt.state == AttemptState.SURPLUS:
            add_task(session, TaskKind.GIVE_BACK, attempt.key, due_at=self._now())

    def _move(self, session: Session, order: Order, status: OrderStatus, **known: str) -> None:
        if order.status == status:
            return
        log.info("order_moved", order=order.number, old=order.status, new=status, **known)
        move = order.move_to(status, at=self._now(), cause=" ".join(known.values()))
        keep(session, order, move)
        if status in RELEASED:
            self._stockroom.give_back(session, order)

    def _announce(
        self, session: Session, attempt: Attempt, *, was_paid: bool, refunded: int
    ) -> None:
        """Have a receipt sent for what was paid or refunded since."""
        order = attempt.order
        subjects = []
        if order.paid_at and not was_paid:
            subjects.append(f"paid:{order.number}")
        if attempt.refunded_amount > refunded:
            subjects.append(f"refunded:{order.number}:{attempt.refunded_amount}")
        for subject in subjects if order.email else ():
            add_task(session, TaskKind.SEND_RECEIPT, subject, due_at=self._now())

    def refuse(self, attempt_key: str, code: str) -> Attempt:
        """Close an attempt of which it is certain that nothing happened."""
        with self._database.writing() as session:
            attempt = _attempt_by_key(session, attempt_key)
            if attempt.charge_id is not None or not attempt.is_open:
                return attempt
            attempt.state = AttemptState.REFUSED
            attempt.failure_code = code
            write(session, attempt)
            if attempt is attempt.order.decisive_charge:
                self._move(session, attempt.order, OrderStatus.PAYMENT_FAILED, code=code)
            self._schedule(session, attempt)
            return attempt

    def succeed(self, attempt_key: str, *, refund_id: str | None = None) -> None:
        """Close an attempt to capture, void or refund that did what it should."""
        with self._database.writing() as session:
            attempt = _attempt_by_key(session, attempt_key)
            attempt.state = AttemptState.SUCCEEDED
            attempt.refund_id = refund_id or attempt.refund_id
            write(session, attempt)
            self._schedule(session, attempt)

    def lose_sight(self, attempt_key: str) -> Attempt:
        """Note that nobody knows what became of an attempt; the worker is to find out."""
        with self._database.writing() as session:
            attempt = _attempt_by_key(session, attempt_key)
            if attempt.state == AttemptState.STARTED:
                attempt.state = AttemptState.UNKNOWN
                write(session, attempt)
                add_task(session, TaskKind.RESOLVE_ATTEMPT, attempt_key, due_at=self._now())
                log.warning("attempt_unknown", order=attempt.order.number)
            return attempt

    def came_back(self, attempt_key: str) -> None:
        """Note that the shopper returned from the bank, whatever they did there."""
        with self._database.writing() as session:
            attempt = _attempt_by_key(session, attempt_key)
            attempt.returned_at = attempt.returned_at or self._now()
            write(session, attempt)
            if attempt.order.status == OrderStatus.AWAITING_PAYMENT:
                self._move(session, attempt.order, OrderStatus.CONFIRMING, cause="came back")

    def keeps_card(self, attempt_key: str, card_id: str | None) -> None:
        """Note which saved card an attempt brought with it."""
        with self._database.writing() as session:
            attempt = _attempt_by_key(session, attempt_key)
            attempt.new_card_id = card_id
            write(session, attempt)

    def claim_check(self, attempt_key: str, *, fresh_for: timedelta) -> bool:
        """Whether it is the caller's turn to ask Omise about an attempt; one caller is told so."""
        now = self._now()
        due = or_(Attempt.checked_at.is_(None), Attempt.checked_at <= now - fresh_for)
        claim = update(Attempt).where(Attempt.key == attempt_key, due).values(checked_at=now)
        with self._database.writing() as session:
            return session.execute(claim.returning(Attempt.id)).first() is not None


def differences_of(attempt: Attempt, charge: Charge) -> dict[str, tuple[object, object]]:
    """Where a charge is not the one that was asked for: what we know, what Omise tells."""
    pairs = {
        "amount": (attempt.amount, charge.amount),
        "currency": (attempt.currency, charge.currency),
        "livemode": (attempt.order.livemode, charge.livemode),
        "order": (attempt.order.number, charge.metadata.get("order")),
        "charge": (attempt.charge_id or charge.id, charge.id),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _is_old(attempt: Attempt, charge: Charge) -> bool:
    """Whether the reading stands behind what is known: charges only ever go forward."""
    if PROGRESS[attempt_state_for(charge)] < PROGRESS[attempt.state]:
        return True
    return charge.refunded_amount < attempt.refunded_amount


def _state_after(attempt: Attempt, charge: Charge) -> AttemptState | None:
    """The state that a charge puts its attempt in; None when it must wait for another to end."""
    state = attempt_state_for(charge)
    others = [other for other in attempt.order.attempts if other is not attempt]
    if state in MONEY_MOVED and attempt.state not in MONEY_MOVED:
        has_other = attempt.order.payment is not None
        is_unwanted = attempt.order.status == OrderStatus.CANCELLED
        return AttemptState.SURPLUS if has_other or is_unwanted else state
    if attempt.state == AttemptState.SURPLUS:
        return AttemptState.SURPLUS
    must_wait = not attempt.is_open and any(other.is_open for other in others)
    return None if state == AttemptState.PENDING and must_wait else state


def _copy(charge: Charge, attempt: Attempt) -> None:
    attempt.charge_id = charge.id
    attempt.authorize_uri = charge.authorize_uri
    attempt.code_uri = charge.code_uri
    attempt.expires_at = charge.expires_at
    attempt.captured_amount = charge.captured_amount
    attempt.refunded_amount = charge.refunded_amount
    attempt.failure_code = _failure_code(charge)
    if charge.card:
        attempt.card_brand = charge.card.brand
        attempt.card_last_digits = charge.card.last_digits
        attempt.card = charge.card.fingerprint or None


def _failure_code(charge: Charge) -> str | None:
    if charge.status == "expired":
        return "timeout"
    return charge.failure_code or ("unspecified" if charge.status == "failed" else None)


def _attempt_of(session: Session, charge: Charge) -> Attempt | None:
    """The attempt that a charge names in its metadata, with its order locked."""
    key = charge.metadata.get("attempt")
    attempt = _locked(session, key) if isinstance(key, str) else None
    return attempt if attempt and attempt.kind == AttemptKind.CHARGE else None


def _attempt_by_key(session: Session, key: str) -> Attempt:
    """The attempt, with its order locked."""
    attempt = _locked(session, key)
    if attempt is None:
        raise LookupError(f"no attempt {key}")
    return attempt


def _locked(session: Session, key: str) -> Attempt | None:
    """The attempt with its order and the other attempts, which are only read under the lock."""
    order = order_of_attempt(session, key)
    return next((each for each in order.attempts if each.key == key), None) if order else None
