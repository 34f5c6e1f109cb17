"""Opens payment attempts, and submits them.

`pay` opens and submits in one call. A host that commits rows of its own together with the attempt
calls `open_attempt` inside its transaction and `submit` after the commit. No transaction is open
during a request to Omise.
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
from .database import UNAVAILABLE, Database, is_unavailable
from .errors import (
    AmountOutOfRange,
    DatabaseUnavailable,
    OtherAccount,
    TokenAlreadyUsed,
)
from .host import CardFingerprintRequired, Hooks, PaymentRequest
from .method_offers import Methods
from .methods import SOURCE, charge_limits
from .models import Payment, PaymentAttempt
from .money import Money
from .omise import OmiseClient, OmiseError
from .patience import Patience
from .repository import PaymentRepository
from .saved_cards import SavedCards
from .statuses import PaymentStatus
from .submission import AttemptSubmitter
from .task_models import TaskKind

log = logging.getLogger(__name__)

#: When the worker first resolves an attempt: later than any call to Omise takes.
RESOLVE_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class OpenedAttempt:
    """The attempt that stands now, and whether this call created it."""

    attempt: PaymentAttempt
    created: bool
    request: PaymentRequest


class PaymentService:
    """Opens one attempt at a time for a payment, and submits it."""

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
        submitter: AttemptSubmitter,
        patience: Patience,
        hooks: Hooks,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._repository = repository
        self._sync = sync
        self._omise = omise
        self._account = account
        self._saved_cards = saved_cards
        self._methods = methods
        self._submitter = submitter
        self._patience = patience
        self._hooks = hooks
        self._now = now

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

        It is called again when another request was faster, when the attempt policy wants to know
        the card's fingerprint, and after a moment when it raises RetryShortly.

        Raises:
            DatabaseUnavailable: the attempt cannot be recorded; and what `opener` raises.
        """
        try:
            try:
                return self._open_once_more(request, opener)
            except CardFingerprintRequired:
                known = request.with_fingerprint(self._fingerprint(request))
                return self._open_once_more(known, opener)
        except UNAVAILABLE as error:
            if not is_unavailable(error):
                raise
            log.exception("attempt_not_recorded")
            raise DatabaseUnavailable from error

    def check(self, request: PaymentRequest) -> None:
        """Raise unless the request can be charged; asks Omise about a saved card.

        Raises:
            AmountOutOfRange, PaymentMethodMissing, MethodNotOffered, MethodOptionMissing,
            ContactIncomplete, CardNotFound, CardNotSaved, PaymentsUnavailable: nothing was charged.
        """
        request.check_complete()
        self._account.identify()
        total = Money(request.amount, request.currency)
        limits = charge_limits(request.currency)
        if limits and not limits[0] <= request.amount <= limits[1]:
            raise AmountOutOfRange
        if request.source is None:
            method = self._methods.method(request.method, total)
            method.check_option(request.option)
        if request.card:
            self._saved_cards.customer_of(request.owner, request.card)

    def open_attempt(
        self, connection: Connection, request: PaymentRequest, *, is_new: bool = False
    ) -> OpenedAttempt:
        """Open an attempt to charge a payment, created if it is new, in the host's transaction.

        When the payment is unresolved or paid, or the same token was sent before, the existing
        attempt is returned and nothing new opens. An amount that changed since a failed attempt
        replaces the amount of the payment.

        Args:
            connection: the host's transaction.
            request: what is charged, and how.
            is_new: whether the host made the reference in this transaction, so that no payment has
                it yet.

        Raises:
            TokenAlreadyUsed: the token was sent before, for another payment.
            OtherAccount: the payment is unresolved under the keys of another account.
            PaymentRefused: the attempt policy refused.
            CardFingerprintRequired: the attempt policy needs the card's fingerprint.
            PaymentMethodMissing, MethodNotOffered, MethodOptionMissing, ContactIncomplete,
            CardNotSaved: the request lacks something.
        """
        request.check_complete()
        self._repository.lock_sqlite(connection)  # what is read below stays true until the commit
        digest = request.token_digest
        used_for = digest and self._repository.payment_id_of_token(connection, digest)
        payment = (
            self._new_payment(request) if is_new else self._locked_payment(connection, request)
        )
        if used_for and payment.is_payable and used_for != payment.id:
            raise TokenAlreadyUsed
        if used_for or not payment.is_payable:
            return OpenedAttempt(payment.attempts[-1], created=False, request=request)
        attempt = PaymentAttempt(
            payment=payment,
            method=SOURCE if request.source else request.method,
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
        self._repository.lock_sqlite(connection)
        payment = self._repository.lock_by_reference(connection, reference)
        return payment is None or self._account.owns(payment)

    def give_up(self, connection: Connection, reference: str, cause: str) -> bool:
        """Give up a payment so that another takes its place, in the host's transaction.

        A payable one is cancelled, and money that arrives for it later is refunded. One of another
        account is left alone, because these keys cannot see its charges.

        Returns:
            False when it is unresolved, authorized or paid, and so cannot be given up.
        """
        self._repository.lock_sqlite(connection)
        payment = self._repository.lock_by_reference(connection, reference)
        if payment is None or not payment.is_payable:
            return payment is not None and not self._account.owns(payment)
        self._sync.transition(connection, payment, PaymentStatus.CANCELLED, cause)
        return True

    def submit(self, opened: OpenedAttempt) -> Payment:
        """Send an opened attempt to Omise: its payment as it then stands.

        An attempt that this request did not create is not sent again. If the database cannot record
        the response, the payment is returned as unresolved: the worker finds the charge later.
        """
        attempt = opened.attempt
        if not opened.created:
            return self._repository.get(attempt.payment.reference)
        try:
            return self._submitter.submit(attempt, opened.request).payment
        except UNAVAILABLE:
            log.exception("response_not_recorded", extra={"payment": attempt.payment.reference})
            return attempt.payment

    def _open_in_transaction(self, request: PaymentRequest) -> OpenedAttempt:
        with self._database.transaction() as connection:
            return self.open_attempt(connection, request)

    def _open_once_more(
        self, request: PaymentRequest, opener: Callable[[PaymentRequest], OpenedAttempt]
    ) -> OpenedAttempt:
        try:
            return self._patience.call(lambda: opener(request))
        except IntegrityError:  # another request was faster; what it wrote can be read now
            return self._patience.call(lambda: opener(request))

    def _locked_payment(self, connection: Connection, request: PaymentRequest) -> Payment:
        """The payment of the reference, locked; a new one if there is none."""
        payment = self._repository.lock_by_reference(connection, request.reference)
        if payment is None:
            return self._new_payment(request)
        if not payment.is_payable:
            if not self._account.owns(payment):
                raise OtherAccount
            return payment
        self._update(payment, request)
        return payment

    def _new_payment(self, request: PaymentRequest) -> Payment:
        """A payment that is saved with its first transition."""
        payment = Payment(
            reference=request.reference,
            amount=request.amount,
            currency=request.currency,
            livemode=self._account.livemode,
            created_at=self._now(),
        )
        self._update(payment, request)
        return payment

    def _update(self, payment: Payment, request: PaymentRequest) -> None:
        """Let a payable payment owe what the request says."""
        payment.amount, payment.currency = request.amount, request.currency
        payment.livemode, payment.account = self._account.livemode, self._account.id
        payment.email = request.email or payment.email
        payment.owner = request.owner or payment.owner
        payment.return_to = request.return_to or payment.return_to

    def _insert(self, connection: Connection, attempt: PaymentAttempt) -> None:
        """Save a new attempt with the task that resolves it."""
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
        """The fingerprint of the card; None when Omise does not return it."""
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
