"""Submits an opened attempt to Omise. Every response ends in `ChargeSync`."""

from .charge_sync import ChargeSync
from .errors import PaymentError
from .host import Hooks, PaymentRequest
from .methods import METHODS, MethodKind
from .models import PaymentAttempt
from .omise import Charge, OmiseClient, OmiseError, OmiseRejected, OmiseUnknown, OmiseUnreachable
from .saved_cards import SavedCards
from .statuses import AttemptStatus
from .submission_deadline import SubmissionDeadline


class AttemptSubmitter:
    """Creates the charge of an attempt, once."""

    def __init__(
        self,
        *,
        sync: ChargeSync,
        omise: OmiseClient,
        saved_cards: SavedCards,
        deadline: SubmissionDeadline,
        hooks: Hooks,
        capture: bool,
    ) -> None:
        self._sync = sync
        self._omise = omise
        self._saved_cards = saved_cards
        self._deadline = deadline
        self._hooks = hooks
        self._capture = capture

    def submit(self, attempt: PaymentAttempt, request: PaymentRequest) -> PaymentAttempt:
        """Create the charge of an attempt, and save its card first if the request says so.

        Returns:
            The attempt with the outcome: charged, declined, rejected or unknown.

        Raises:
            PaymentError: nothing was sent, so the attempt is closed, and the shopper can try again.
        """
        try:
            return self._submit(attempt, request)
        except PaymentError:
            self._sync.mark_rejected(attempt.key, "not_sent")
            raise

    def _submit(self, attempt: PaymentAttempt, request: PaymentRequest) -> PaymentAttempt:
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
        applied = self._sync.apply_charge(charge)
        if applied is None or applied.status == AttemptStatus.STARTED:  # it cannot be true
            return self._sync.mark_unknown(attempt.key)
        return applied

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
        source: str | dict[str, str | int] | None = request.source
        if method and not is_card:
            source = method.source_with(request.option, request.contact)
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


def _code_of(error: OmiseError, otherwise: str) -> str:
    return error.code if isinstance(error, OmiseRejected) else otherwise
