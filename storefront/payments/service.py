"""The use cases of paying: open an attempt, submit it to Omise, and find out what became of it.

`pay` opens and submits in one call. A host that commits rows of its own together with the attempt
calls `open_attempt` inside its transaction and `submit` after the commit. No transaction is open
while Omise is being called. Every answer ends in `ChargeSync.apply_charge`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from . import outbox
from .account import MerchantAccount
from .charge_sync import ChargeSync
from .database import Database
from .errors import (
    AmountOutOfRange,
    OperationNotAllowed,
    OtherAccount,
    PaymentMethodMissing,
    PaymentsUnavailable,
    TokenAlreadyUsed,
)
from .host import CardFingerprintRequired, Hooks, PaymentRequest
from .methods import METHODS, MethodKind, Methods, charge_limits
from .models import Payment, PaymentAttempt, TaskKind
from .money import Money
from .omise import Charge, OmiseClient, OmiseError, OmiseRejected, OmiseUnknown, OmiseUnreachable
from .repository import PaymentRepository
from .saved_cards import SavedCards
from .statuses import AttemptStatus, PaymentStatus
from .submission_deadline import SubmissionDeadline

log = logging.getLogger(__name__)

#: How far Omise's clock may be from the clock of this machine.
CLOCK_SKEW = timedelta(minutes=15)

#: At most one question to Omise per attempt in this interval, however often pages ask.
POLL_INTERVAL = timedelta(seconds=1)

#: When the worker first asks about an attempt: later than any call to Omise takes.
RESOLVE_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class OpenedAttempt:
    """The attempt that stands now, and whether this call created it."""

    attempt: PaymentAttempt
    created: bool
    request: PaymentRequest


class PaymentService:
    """Charges once, and finds out what became of it."""

    def __init__(
        self,
        *,
        database: Database,
        repository: PaymentRepository,
        sync: ChargeSync,
        omise: OmiseClient,
        account: MerchantAccount,
        saved_cards: SavedCards,
        methods: Methods,
        deadline: SubmissionDeadline,
        hooks: Hooks,
        capture: bool,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._repository = repository
        self._sync = sync
        self._omise = omise
        self._account = account
        self._saved_cards = saved_cards
        self._methods = methods
        self._deadline = deadline
        self._hooks = hooks
        self._capture = capture
        self._now = now

    # Paying

    def pay(self, request: PaymentRequest) -> Payment:
        """Charge once for the reference, and return its payment in its new status.

        A payment that is unresolved or paid already is returned as it is; nothing is charged again.

        Raises:
            PaymentError: nothing was charged; see errors.py.
        """
        self.check(request)
        return self.submit(self.open(request, self._open_in_transaction))

    def open(
        self, request: PaymentRequest, opener: Callable[[PaymentRequest], OpenedAttempt]
    ) -> OpenedAttempt:
        """Open an attempt by `opener`, which calls `open_attempt` in a transaction of its own.

        It is called again when another request was faster, and when the attempt policy wants to
        know the card's fingerprint.
        """
        try:
            return self._open_once_more(request, opener)
        except CardFingerprintRequired:
            known = request.with_fingerprint(self._fingerprint(request))
            return self._open_once_more(known, opener)

    def check(self, request: PaymentRequest) -> None:
        """Raise unless the request can be charged; asks Omise about a saved card.

        Raises:
            AmountOutOfRange, PaymentMethodMissing, MethodNotOffered, CardNotFound,
            PaymentsUnavailable: nothing was charged.
        """
        self._account.identify()
        total = Money(request.amount, request.currency)
        limits = charge_limits(request.currency)
        if limits and not limits[0] <= request.amount <= limits[1]:
            raise AmountOutOfRange
        if request.source is None:
            method = self._methods.method(request.method, total)
            if method.kind == MethodKind.CARD and not (request.token or request.card):
                raise PaymentMethodMissing
        if request.card:
            self._saved_cards.customer_of(request.owner, request.card)

    def open_attempt(self, connection: Connection, request: PaymentRequest) -> OpenedAttempt:
        """Open an attempt to charge a payment, created if it is new, in the host's transaction.

        When the payment is unresolved or paid, or the same token was sent before, the existing
        attempt is returned and nothing new opens. An amount that changed since a failed attempt
        replaces the amount of the payment.

        Raises:
            TokenAlreadyUsed: the token was sent before, for another payment.
            OtherAccount: the payment is unresolved under the keys of another account.
            PaymentRefused: the attempt policy refused.
            CardFingerprintRequired: the attempt policy needs the card's fingerprint.
        """
        digest = request.token_digest
        used_for = digest and self._repository.payment_id_of_token(connection, digest)
        payment = self._payment_for(connection, request)
        if used_for and payment.is_payable and used_for != payment.id:
            raise TokenAlreadyUsed
        if used_for or not payment.is_payable:
            return OpenedAttempt(payment.attempts[-1], created=False, request=request)
        attempt = PaymentAttempt(
            payment=payment,
            method="source" if request.source else request.method,
            amount=payment.amount,
            currency=payment.currency,
            token_digest=digest,
            card_fingerprint=request.card_fingerprint,
            created_at=self._now(),
        )
        self._hooks.attempt_policy(connection, attempt, request)
        self._sync.transition(connection, payment, PaymentStatus.CONFIRMING)
        self._insert(connection, attempt)
        return OpenedAttempt(attempt, created=True, request=request)

    def owns(self, connection: Connection, reference: str) -> bool:
        """Lock a payment: whether the keys can see its charges; true for a new one."""
        payment = self._repository.lock_by_reference(connection, reference)
        return payment is None or self._account.owns(payment)

    def give_up(self, connection: Connection, reference: str, cause: str) -> bool:
        """Give up a payment so that another takes its place, in the host's transaction.

        A payable one is cancelled, and money that arrives for it later is refunded. One of another
        account is left alone, because these keys cannot see its charges.

        Returns:
            False when it is unresolved, authorized or paid, and so cannot be given up.
        """
        payment = self._repository.lock_by_reference(connection, reference)
        if payment is None or not payment.is_payable:
            return payment is not None and not self._account.owns(payment)
        self._sync.transition(connection, payment, PaymentStatus.CANCELLED, cause)
        return True

    def submit(self, opened: OpenedAttempt) -> Payment:
        """Send an opened attempt to Omise: its payment as it then stands.

        An attempt that this request did not create is not sent again.
        """
        attempt = opened.attempt
        if not opened.created:
            return self._repository.get(attempt.payment.reference)
        return self._send(attempt, opened.request).payment

    def _open_in_transaction(self, request: PaymentRequest) -> OpenedAttempt:
        with self._database.transaction() as connection:
            return self.open_attempt(connection, request)

    @staticmethod
    def _open_once_more(
        request: PaymentRequest, opener: Callable[[PaymentRequest], OpenedAttempt]
    ) -> OpenedAttempt:
        try:
            return opener(request)
        except IntegrityError:  # another request was faster; what it wrote can be read now
            return opener(request)

    def _payment_for(self, connection: Connection, request: PaymentRequest) -> Payment:
        """The payment of the reference, locked; a new one is saved with its first transition."""
        payment = self._repository.lock_by_reference(connection, request.reference)
        if payment is None:
            payment = Payment(
                reference=request.reference,
                amount=request.amount,
                currency=request.currency,
                livemode=self._account.livemode,
                created_at=self._now(),
            )
        if not payment.is_payable:
            if not self._account.owns(payment):
                raise OtherAccount
            return payment
        payment.amount, payment.currency = request.amount, request.currency
        payment.livemode, payment.account = self._account.livemode, self._account.id
        payment.email = request.email or payment.email
        payment.owner = request.owner or payment.owner
        payment.return_to = request.return_to or payment.return_to
        return payment

    def _insert(self, connection: Connection, attempt: PaymentAttempt) -> None:
        """Save a new attempt with the task that finds out what became of it."""
        payment = attempt.payment
        payment.attempts.append(attempt)
        self._repository.save(connection, payment, attempt)
        outbox.schedule_new(
            connection,
            TaskKind.RESOLVE_ATTEMPT,
            attempt.key,
            due_at=attempt.created_at + RESOLVE_DELAY,
        )

    def _fingerprint(self, request: PaymentRequest) -> str | None:
        """The fingerprint of the card; None when Omise does not tell."""
        try:
            if request.token:
                card = self._omise.token(request.token).card
            elif request.card:
                customer_id = self._saved_cards.customer_id(request.owner)
                card = self._omise.card(customer_id, request.card) if customer_id else None
            else:
                card = None
        except OmiseError as error:
            log.warning("card_not_fingerprinted", extra={"reason": str(error)})
            return None
        return card.fingerprint if card else None

    def _send(self, attempt: PaymentAttempt, request: PaymentRequest) -> PaymentAttempt:
        card, customer_id = request.card or request.token, None
        try:
            if request.card:
                customer_id = self._saved_cards.customer_id(request.owner)
            elif request.save_card and request.token:
                customer_id, card = self._save_card(attempt, request)
        except OmiseError as error:  # no charge was asked for yet, so none was made
            return self._sync.mark_rejected(attempt.key, _code_of(error, "card_not_saved"))
        try:
            charge = self._create_charge(attempt, request, card, customer_id)
        except OmiseUnknown:
            return self._sync.mark_unknown(attempt.key)
        except (OmiseRejected, OmiseUnreachable) as error:
            rejected = self._sync.mark_rejected(attempt.key, _code_of(error, "unreachable"))
            self._sync.delete_saved_card(rejected, customer_id)
            return rejected
        return self._sync.apply_charge(charge) or attempt

    def _save_card(self, attempt: PaymentAttempt, request: PaymentRequest) -> tuple[str, str]:
        """Save the token's card for its owner: the ids of the customer and of the card."""
        customer_id, card_id = self._saved_cards.add(
            request.owner, request.token or "", email=request.email
        )
        self._sync.set_saved_card(attempt.key, card_id)
        return customer_id, card_id

    def _create_charge(
        self,
        attempt: PaymentAttempt,
        request: PaymentRequest,
        card: str | None,
        customer_id: str | None,
    ) -> Charge:
        payment, method = attempt.payment, METHODS.get(attempt.method)
        is_card = method is not None and method.kind == MethodKind.CARD
        source: str | dict[str, str] | None = request.source
        if method and not is_card:
            source = {"type": method.type, **method.source}
        expires_after = method.expires_after if method else None
        self._deadline.check(attempt)
        return self._omise.create_charge(
            amount=attempt.amount,
            currency=attempt.currency,
            card=card if is_card else None,
            source=source,
            customer=customer_id,
            return_uri=self._hooks.return_uri(payment),
            metadata={"order": payment.reference, "attempt": attempt.key},
            description=f"Order {payment.reference}",
            capture=self._capture or not is_card,
            ip=request.ip,
            expires_at=attempt.created_at + expires_after if expires_after else None,
        )

    def cancel_pending(self, reference: str) -> Payment:
        """Expire the pending charge so that the shopper can pay another way.

        Raises:
            OperationNotAllowed: no charge is pending; it may be paid by now.
            PaymentsUnavailable: Omise cannot be reached.
        """
        attempt = self._repository.get(reference).unresolved_payment
        if attempt is None or not attempt.charge_id or attempt.status != AttemptStatus.PENDING:
            raise OperationNotAllowed
        try:
            self._sync.apply_charge(self._omise.expire(attempt.charge_id))
        except OmiseRejected:  # it was paid, or has expired, in the meantime
            self._try_to_resolve(attempt)
        except OmiseError as error:
            log.warning("charge_not_expired", extra=_reason(attempt, error))
            raise PaymentsUnavailable from None
        return self._repository.get(reference)

    # Finding out

    def payment(self, reference: str) -> Payment | None:
        """The payment; while its result is unknown Omise is asked, at most once per interval."""
        payment = self._repository.find(reference)
        return self.poll(payment) if payment else None

    def poll(self, payment: Payment) -> Payment:
        """The payment after Omise was asked about it, if it is unresolved and it is time to."""
        attempt = payment.unresolved_payment
        if attempt is None or not self._sync.claim_poll(attempt.key, interval=POLL_INTERVAL):
            return payment
        self._try_to_resolve(attempt)
        return self._repository.get(payment.reference)

    def handle_return(self, reference: str) -> Payment:
        """The payment after the shopper returned from the bank; only Omise is believed.

        Raises:
            PaymentNotFound: there is no such payment.
        """
        payment = self._repository.get(reference)
        attempt = payment.unresolved_payment
        if attempt is None:
            return payment
        self._sync.mark_returned(attempt.key)
        self._try_to_resolve(attempt)
        return self._repository.get(reference)

    def sync_charge(self, charge_id: str) -> PaymentAttempt | None:
        """Fetch a charge and apply it: its attempt, or None when no attempt here created it.

        Raises:
            OmiseError: it cannot be fetched.
        """
        return self._sync.apply_charge(self._omise.charge(charge_id))

    def resolve_unknown(self, attempt: PaymentAttempt) -> None:
        """Find out what became of an attempt to charge, unless other keys made it.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        if not self._account.owns(attempt.payment):
            return
        may_arrive = not self._deadline.has_passed(attempt)  # asked before the search, not after
        charge = self._find_charge(attempt)
        if charge is not None:
            self._sync.apply_charge(charge)
        elif not may_arrive:
            self._sync.mark_rejected(attempt.key, "never_arrived")

    def _try_to_resolve(self, attempt: PaymentAttempt) -> None:
        """Find out, or leave it to the worker: the page says that the payment is confirming."""
        try:
            self.resolve_unknown(attempt)
        except OmiseError as error:
            log.warning("charge_not_fetched", extra=_reason(attempt, error))

    def _find_charge(self, attempt: PaymentAttempt) -> Charge | None:
        """The charge of an attempt: by its id, or by the attempt's key when the answer was lost."""
        if attempt.charge_id:
            return self._omise.charge(attempt.charge_id)
        charges = self._omise.charges(since=attempt.created_at - CLOCK_SKEW)
        return next((c for c in charges if c.metadata.get("attempt") == attempt.key), None)


def _code_of(error: OmiseError, otherwise: str) -> str:
    return error.code if isinstance(error, OmiseRejected) else otherwise


def _reason(attempt: PaymentAttempt, error: OmiseError) -> dict[str, str]:
    return {"payment": attempt.payment.reference, "reason": str(error)}
