"""Payments, attempts and transitions as plain dataclasses. No I/O.

Times are aware and in UTC; amounts are in the smallest unit of their currency.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .decline_messages import DeclineMessage, decline_message
from .money import Money
from .statuses import (
    ALLOWED_OPERATIONS,
    FUNDED,
    SETTLED,
    UNDECIDED,
    UNRESOLVED,
    AttemptStatus,
    DisputeStatus,
    OperationType,
    PaymentStatus,
    check_transition,
)


@dataclass(kw_only=True, slots=True)
class Record:
    """A row of the database; `stored` holds the values it was read or written with."""

    id: int | None = None
    stored: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(kw_only=True, slots=True, eq=False)
class Payment(Record):
    """A reference that owes an amount; its status is what the shopper sees."""

    reference: str  #: unique: the host's order number
    amount: int
    currency: str
    livemode: bool
    #: The id of the Omise account that was asked; None while it is not known.
    account: str | None = None
    status: PaymentStatus = PaymentStatus.AWAITING_PAYMENT
    #: Where the shopper goes after the bank: an address of the host.
    return_to: str | None = None
    email: str | None = None
    #: The opaque id of the user whose saved cards may be used.
    owner: str | None = None
    created_at: datetime
    paid_at: datetime | None = None
    attempts: list[PaymentAttempt] = field(default_factory=list)

    @property
    def total(self) -> Money:
        """What the payment asks for."""
        return Money(self.amount, self.currency)

    @property
    def latest_attempt(self) -> PaymentAttempt | None:
        """The latest attempt to charge."""
        charges = (a for a in reversed(self.attempts) if a.type == OperationType.CHARGE)
        return next(charges, None)

    @property
    def funded_attempt(self) -> PaymentAttempt | None:
        """The attempt by which the payment is authorized or paid."""
        charges = (a for a in self.attempts if a.type == OperationType.CHARGE)
        return next((a for a in charges if a.status in FUNDED), None)

    @property
    def current_attempt(self) -> PaymentAttempt | None:
        """The attempt that decides the status: the funded one, else the latest."""
        return self.funded_attempt or self.latest_attempt

    @property
    def unresolved_attempt(self) -> PaymentAttempt | None:
        """The attempt whose result is not known yet, of any type."""
        return next((attempt for attempt in self.attempts if attempt.is_unresolved), None)

    @property
    def unresolved_payment(self) -> PaymentAttempt | None:
        """The attempt to charge whose result is not known yet."""
        attempt = self.unresolved_attempt
        return attempt if attempt and attempt.type == OperationType.CHARGE else None

    @property
    def refundable(self) -> Money:
        """What was captured, and neither refunded yet nor lost in a dispute."""
        return Money(self.funded_attempt.kept_amount if self.funded_attempt else 0, self.currency)

    @property
    def dispute_status(self) -> DisputeStatus | None:
        """How far the dispute of the charge got, if the cardholder disputes it."""
        return self.funded_attempt.dispute_status if self.funded_attempt else None

    @property
    def is_disputed(self) -> bool:
        """Whether the bank has yet to decide on a dispute; refunds are held back until then."""
        return self.dispute_status in UNDECIDED

    @property
    def charged_back_amount(self) -> int:
        """What was lost in a dispute."""
        return self.funded_attempt.charged_back_amount if self.funded_attempt else 0

    @property
    def refunded_amount(self) -> int:
        """What was refunded so far."""
        return self.funded_attempt.refunded_amount if self.funded_attempt else 0

    @property
    def authorize_uri(self) -> str | None:
        """Where to send the shopper now: the bank or wallet; None when there is nothing to do."""
        attempt = self.unresolved_payment
        if attempt is None or self.status != PaymentStatus.AWAITING_PAYMENT or attempt.qr_uri:
            return None
        return attempt.authorize_uri

    @property
    def qr_uri(self) -> str | None:
        """The image of the QR code to scan now, at Omise."""
        attempt = self.unresolved_payment
        return attempt.qr_uri if attempt else None

    @property
    def payment_code(self) -> str | None:
        """The number with which to pay at a shop now."""
        attempt = self.unresolved_payment
        return attempt.payment_code if attempt else None

    @property
    def decline(self) -> DeclineMessage | None:
        """Why the current attempt failed, in words for the shopper."""
        return self.current_attempt.decline if self.current_attempt else None

    @property
    def method(self) -> str:
        """The payment method of the current attempt."""
        return self.current_attempt.method if self.current_attempt else ""

    @property
    def card_label(self) -> str | None:
        """The card of the current attempt in words, such as Visa •••• 4242."""
        return self.current_attempt.card_label if self.current_attempt else None

    @property
    def expires_at(self) -> datetime | None:
        """Until when the current charge can be paid, or stays authorized."""
        return self.current_attempt.expires_at if self.current_attempt else None

    @property
    def is_payable(self) -> bool:
        """Whether a new attempt to charge may open."""
        return self.can(OperationType.CHARGE)

    @property
    def is_settled(self) -> bool:
        """Whether the payment is authorized, or its money moved."""
        return self.status in SETTLED

    def can(self, operation: OperationType) -> bool:
        """Whether an attempt of that type may open now."""
        if operation == OperationType.REFUND and (self.is_disputed or not self.refundable.amount):
            return False
        return self.status in ALLOWED_OPERATIONS[operation] and self.unresolved_attempt is None

    def attempt(self, key: str) -> PaymentAttempt | None:
        """The attempt with that key."""
        return next((attempt for attempt in self.attempts if attempt.key == key), None)

    def transition_to(
        self, status: PaymentStatus, *, at: datetime, cause: str = ""
    ) -> PaymentTransition:
        """Change the status; the returned transition is to be saved with the payment.

        Raises:
            InvalidTransition: when the table has no such transition.
        """
        check_transition(self.reference, self.status, status)
        transition = PaymentTransition(
            payment_id=self.id, at=at, old=self.status, new=status, cause=cause
        )
        if status == PaymentStatus.PAID and self.paid_at is None:
            self.paid_at = at
        self.status = status
        return transition


@dataclass(kw_only=True, slots=True, eq=False)
class PaymentAttempt(Record):
    """One call that may move money, committed before Omise is called."""

    payment: Payment = field(repr=False)
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    type: OperationType = OperationType.CHARGE
    method: str = "card"
    status: AttemptStatus = AttemptStatus.STARTED
    amount: int
    currency: str
    #: A digest of the token, never the token: the same token sent twice is the same attempt.
    token_digest: str | None = None
    #: The charge that this attempt created; other types act on the charge of their payment.
    charge_id: str | None = None
    refund_id: str | None = None
    authorize_uri: str | None = None
    qr_uri: str | None = None
    payment_code: str | None = None
    #: Until when the charge can be paid, or until when it stays authorized.
    expires_at: datetime | None = None
    captured_amount: int = 0
    refunded_amount: int = 0
    #: The latest dispute of the charge; `Disputes` has every one with its reason.
    dispute_id: str | None = None
    dispute_status: DisputeStatus | None = None
    disputed_amount: int = 0
    #: Card saved by this attempt; deleted if the attempt is declined.
    saved_card_id: str | None = None
    #: Why the merchant refunds.
    reason: str | None = None
    #: Omise's code for a failure, or one of the engine.
    failure_code: str | None = None
    #: What 3-D Secure lacked and how it ended; what the card network advises after a decline.
    missing_3ds_fields: str | None = None
    authenticated_by: str | None = None
    merchant_advice: str | None = None
    merchant_advice_code: str | None = None
    card_brand: str | None = None
    card_last_digits: str | None = None
    #: The same for every token of one card.
    card_fingerprint: str | None = None
    created_at: datetime
    #: When the shopper returned from the bank.
    returned_at: datetime | None = None
    #: When Omise was last asked about it.
    polled_at: datetime | None = None

    @property
    def is_unresolved(self) -> bool:
        """Whether the result is not known yet."""
        return self.status in UNRESOLVED

    @property
    def charged_back_amount(self) -> int:
        """What was lost in a dispute."""
        return self.disputed_amount if self.dispute_status == DisputeStatus.LOST else 0

    @property
    def kept_amount(self) -> int:
        """What was captured, less refunds and what was lost in a dispute."""
        return self.captured_amount - self.refunded_amount - self.charged_back_amount

    @property
    def card_label(self) -> str | None:
        """The card in words, such as Visa •••• 4242."""
        return f"{self.card_brand} •••• {self.card_last_digits}" if self.card_brand else None

    @property
    def decline(self) -> DeclineMessage | None:
        """What went wrong and what to do next, in words for the shopper."""
        return decline_message(self.failure_code) if self.failure_code else None


@dataclass(kw_only=True, slots=True, eq=False)
class PaymentTransition(Record):
    """A payment going from one status to the next."""

    payment_id: int | None
    at: datetime
    old: PaymentStatus
    new: PaymentStatus
    #: The charge id or the code that caused it.
    cause: str
