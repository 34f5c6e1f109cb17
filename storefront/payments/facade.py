"""What a host calls: hooks, payments, operations and saved cards, over one engine."""

from abc import ABC, abstractmethod

from sqlalchemy.engine import Connection

from .engine import PaymentEngine
from .host import (
    AttemptPolicy,
    CanAccept,
    DisputeChanged,
    Hooks,
    OnChange,
    PaymentRequest,
    StatusChanged,
)
from .models import Payment, PaymentAttempt
from .saved_cards import SavedCards
from .service import OpenedAttempt
from .transaction_guard import guard


class PaymentsFacade(ABC):
    """The methods of `OmisePayments` that need no web framework."""

    def __init__(self) -> None:
        self._hooks = Hooks()

    @property
    @abstractmethod
    def engine(self) -> PaymentEngine:
        """The engine of the host."""

    @property
    @abstractmethod
    def client_ip(self) -> str | None:
        """The address of the shopper; None outside of a request."""

    # Hooks

    def on_change(self, hook: OnChange) -> OnChange:
        """Register the hook that runs after the commit of a change; see host.py."""
        self._hooks.on_change = hook
        return hook

    def status_changed(self, hook: StatusChanged) -> StatusChanged:
        """Register the hook that runs inside the transaction of a change."""
        self._hooks.status_changed = hook
        return hook

    def dispute_changed(self, hook: DisputeChanged) -> DisputeChanged:
        """Register the hook that hears of disputes, inside the transaction that records them."""
        self._hooks.dispute_changed = hook
        return hook

    def can_accept(self, hook: CanAccept) -> CanAccept:
        """Register the hook that decides about money that arrives late."""
        self._hooks.can_accept = hook
        return hook

    def attempt_policy(self, hook: AttemptPolicy) -> AttemptPolicy:
        """Register the hook that may refuse an attempt."""
        self._hooks.attempt_policy = hook
        return hook

    @property
    def _writer(self) -> PaymentEngine:
        """The engine, for what may write.

        Raises:
            UncommittedTransaction: commit the host's own changes first (SQLite).
        """
        guard(self.engine.database.engine)
        return self.engine

    # Paying

    def pay(
        self,
        reference: object,
        amount: int,
        currency: str,
        *,
        token: str | None = None,
        card: str | None = None,
        source: str | None = None,
        method: str = "card",
        option: str | None = None,
        save_card: bool = False,
        owner: object = None,
        email: str | None = None,
        name: str | None = None,
        phone: str | None = None,
        return_to: str | None = None,
        context: object = None,
    ) -> Payment:
        """Charge once for a reference, and return its payment in its new status.

        Args:
            reference: the host's order number: ASCII letters, digits and `-._~:` only.
            amount: in the smallest unit of the currency.
            currency: ISO 4217 code.
            token: of a card, as Omise.js gives it.
            card: the id of a saved card of the owner, instead of a token.
            source: the id of a source, instead of a card.
            method: of `methods.METHODS`, for a source that the engine creates.
            option: the bank, or the number of months, for a method that asks for it.
            save_card: whether the token's card is saved for the owner.
            owner: the user whose saved cards may be used.
            email: of the shopper.
            name: of the shopper, for methods that tell them how to pay.
            phone: the same.
            return_to: where the shopper goes after the bank: a path or an address of the host.
            context: passed on to the attempt policy.

        Raises:
            PaymentError: nothing was charged; its `message` is fit for the shopper.
            ValueError: the reference does not fit into an address.
            UncommittedTransaction: commit the host's own changes before paying (SQLite).
        """
        return self._writer.service.pay(
            PaymentRequest(
                reference=str(reference),
                amount=amount,
                currency=currency,
                token=token or None,
                card=card or None,
                source=source or None,
                method=method,
                option=option,
                save_card=save_card,
                owner=None if owner is None else str(owner),
                email=email,
                name=name,
                phone=phone,
                return_to=return_to,
                ip=self.client_ip,
                context=context,
            )
        )

    def open_attempt(
        self, connection: Connection, request: PaymentRequest, *, is_new: bool = False
    ) -> OpenedAttempt:
        """Open an attempt inside the host's transaction; see `PaymentService.open_attempt`."""
        return self.engine.service.open_attempt(connection, request, is_new=is_new)

    def submit(self, opened: OpenedAttempt) -> Payment:
        """Send an opened attempt after the host's commit."""
        return self._writer.service.submit(opened)

    def payment(self, reference: object) -> Payment | None:
        """The payment of a reference; while it is unresolved its charge is fetched."""
        return self._writer.resolver.payment(str(reference))

    def cancel_pending(self, reference: object) -> Payment:
        """Expire the pending charge so that the shopper can pay another way.

        Returns:
            The payment as it then stands; still awaiting, if Omise refuses to expire its charge.

        Raises:
            OperationNotAllowed: no charge is pending.
            PaymentNotFound, PaymentsUnavailable: nothing has changed.
        """
        return self._writer.resolver.cancel_pending(str(reference))

    # Operations

    def capture(self, reference: object, amount: int, *, idempotency_key: str) -> PaymentAttempt:
        """Capture an authorized payment; look at the attempt's status, as for `refund`."""
        return self._writer.operations.capture(
            str(reference), amount=amount, idempotency_key=idempotency_key
        )

    def void(self, reference: object, *, idempotency_key: str) -> PaymentAttempt:
        """Release an authorized payment; look at the attempt's status, as for `refund`."""
        return self._writer.operations.void(str(reference), idempotency_key=idempotency_key)

    def refund(
        self, reference: object, amount: int, *, idempotency_key: str, reason: str = ""
    ) -> PaymentAttempt:
        """Refund captured money; the same key refunds once.

        Returns:
            The attempt. Rejected: nothing was refunded, also when Omise could not be reached, and a
            new try needs a new key. Unknown: the worker finds out.

        Raises:
            PaymentError: nothing was refunded; see `PaymentOperations`.
        """
        return self._writer.operations.refund(
            str(reference), amount=amount, idempotency_key=idempotency_key, reason=reason
        )

    @property
    def saved_cards(self) -> SavedCards:
        """The saved cards of owners."""
        return self._writer.saved_cards
