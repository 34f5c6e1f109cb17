"""The life of a payment: an attempt is committed, Omise is asked, and what it answers is applied.

`Payments.pay` is where it begins. Afterwards the return from the bank, the webhook, the order page
that asks again and the worker come through `come_back`, `read`, `refresh` and `resolve`. All
of them end in `Outcomes.apply`, the one road on which an order moves. No transaction is open while
Omise is being asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from storefront.errors import (
    AmountChanged,
    AmountOutOfRange,
    EmptyCart,
    MoveNotPossible,
    PaymentsUnavailable,
    UnknownCard,
)
from storefront.fraud.velocity import CardFingerprintRequired
from storefront.models import Attempt, Order
from storefront.shop.cart import Cart
from storefront.shop.shopper import Shopper

from .charge_sync import Outcomes
from .ledger import Ledger, Means
from .methods import CARD, METHODS, MethodKind, Methods
from .money import Money
from .omise import (
    Charge,
    OmiseClient,
    OmiseError,
    OmiseRejected,
    OmiseUnknown,
    OmiseUnreachable,
)
from .saved_cards import SavedCards
from .statuses import AttemptState

log = structlog.get_logger()

#: How far Omise's clock may stand from ours.
CLOCK_SKEW = timedelta(minutes=15)

#: How long one reading of an open attempt stays fresh, so that a page that asks often does not
#: make us ask Omise as often.
FRESH = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class LatestArrival:
    """How long after an attempt began its call may still reach Omise.

    Only then is a charge that cannot be found known never to have been made. So a call that might
    arrive later must not begin.
    """

    after: timedelta
    #: How long one call takes at most.
    call: timedelta
    now: Callable[[], datetime]

    def has_passed(self, attempt: Attempt) -> bool:
        """Whether nothing more of the attempt can arrive."""
        return self.now() - attempt.created_at > self.after

    def check(self, attempt: Attempt) -> None:
        """Say nothing when a call that begins now arrives in time.

        Raises:
            OmiseUnreachable: when the attempt was held up for too long, so that nothing is sent.
        """
        if self.now() - attempt.created_at + self.call > self.after:
            raise OmiseUnreachable("too late to ask")


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    """How the shopper wants to pay: a fresh token, one of their saved cards, or another method."""

    method: str = CARD
    token: str | None = field(default=None, repr=False)
    card: str | None = None
    save_card: bool = False
    email: str | None = None
    #: The total that the shopper saw, in subunits; it is only ever compared.
    seen_amount: int | None = None


class Payments:
    """The use cases of paying, over the ledger and Omise."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        outcomes: Outcomes,
        omise: OmiseClient,
        saved_cards: SavedCards,
        methods: Methods,
        limits: tuple[Money, Money],
        latest_arrival: LatestArrival,
        return_uri: Callable[[Order], str],
        capture: bool = True,
    ) -> None:
        self._ledger = ledger
        self._outcomes = outcomes
        self._omise = omise
        self._saved_cards = saved_cards
        self._methods = methods
        self._limits = limits
        self._latest_arrival = latest_arrival
        self._return_uri = return_uri
        self._capture = capture

    def pay(self, cart: Cart, shopper: Shopper, choice: PaymentChoice) -> Order:
        """Charge for the cart once, and give its order, whatever came of it.

        A cart that is being paid already, by another click or in another tab, gives the order of
        that attempt; nothing is charged again.

        Raises:
            EmptyCart, AmountChanged, AmountOutOfRange, TokenAlreadyUsed, OutOfStock: nothing was
                charged.
            TooManyTries: when too many cards were declined before.
            InvalidForm: when the way to pay is not offered.
            UnknownCard: when the saved card is not the shopper's.
            PaymentsUnavailable: when Omise cannot be asked about the saved card.
        """
        self._check(cart, choice)
        method = self._methods.method(choice.method, cart.total)
        customer_id = self._saved_cards.owned(shopper, choice.card) if choice.card else None
        means = Means(email=choice.email, token=choice.token, method=method.type)
        try:
            begun = self._ledger.begin(cart, shopper, means)
        except CardFingerprintRequired:
            card = self._fingerprint(choice, customer_id)
            begun = self._ledger.begin(cart, shopper, means.with_card(card))
        if not begun.is_new:
            return self._ledger.order(begun.attempt.order.number)
        return self._send(begun.attempt, shopper, choice, customer_id).order

    def _check(self, cart: Cart, choice: PaymentChoice) -> None:
        if cart.is_empty:
            raise EmptyCart
        if choice.seen_amount is not None and choice.seen_amount != cart.total.amount:
            raise AmountChanged(cart.total)
        least, most = self._limits
        if not least.amount <= cart.total.amount <= most.amount:
            raise AmountOutOfRange

    def _fingerprint(self, choice: PaymentChoice, customer_id: str | None) -> str | None:
        """The fingerprint of the chosen card; None when Omise does not tell it."""
        try:
            if choice.token:
                card = self._omise.token(choice.token).card
            elif choice.card and customer_id:
                card = self._omise.card(customer_id, choice.card)
            else:
                card = None
        except OmiseError as error:
            log.warning("card_not_looked_up", reason=str(error))
            return None
        return card.fingerprint if card else None

    def _send(
        self, attempt: Attempt, shopper: Shopper, choice: PaymentChoice, customer_id: str | None
    ) -> Attempt:
        """Ask Omise for the charge, and note what came of it: the attempt as it then stands."""
        card_id, new_card_id = choice.card, None
        if choice.save_card and choice.token:
            try:
                customer_id, new_card_id = self._saved_cards.add(shopper, choice.token)
            except OmiseError as error:  # no charge was asked for yet, so none was made
                code = _code_of(error, otherwise="card_not_saved")
                return self._outcomes.refuse(attempt.key, code)
            self._outcomes.keeps_card(attempt.key, new_card_id)
            card_id = new_card_id
        try:
            charge = self._charge(attempt, card_id or choice.token, customer_id, shopper)
        except OmiseUnknown:
            return self._outcomes.lose_sight(attempt.key)
        except (OmiseRejected, OmiseUnreachable) as error:
            code = _code_of(error, otherwise="unreachable")
            refused = self._outcomes.refuse(attempt.key, code)
            self._forget_card(customer_id, new_card_id)
            return refused
        return self.take(charge) or attempt

    def _charge(
        self, attempt: Attempt, card: str | None, customer_id: str | None, shopper: Shopper
    ) -> Charge:
        order, method = attempt.order, METHODS[attempt.method]
        is_card = method.kind == MethodKind.CARD
        self._latest_arrival.check(attempt)
        return self._omise.create_charge(
            amount=attempt.amount,
            currency=attempt.currency,
            card=card,
            source=None if is_card else {"type": method.type, **method.source},
            customer=customer_id,
            return_uri=self._return_uri(order),
            metadata={"order": order.number, "attempt": attempt.key},
            description=f"Order {order.number}",
            capture=self._capture or not is_card,
            ip=shopper.ip,
            expires_at=attempt.created_at + method.lasts if method.lasts else None,
        )

    def give_up(self, order: Order) -> Order:
        """The order after a payment that waits for the shopper was closed, so they can pay anew.

        Raises:
            MoveNotPossible: when nothing waits for the shopper; it may be paid by now.
            PaymentsUnavailable: when Omise cannot be asked.
        """
        attempt = order.open_payment
        if attempt is None or not attempt.charge_id or attempt.state != AttemptState.PENDING:
            raise MoveNotPossible
        try:
            self.take(self._omise.expire(attempt.charge_id))
        except OmiseRejected:  # it was paid, or has expired, in the meantime
            self._try_to_resolve(attempt)
        except OmiseError as error:
            log.warning("charge_not_expired", order=order.number, reason=str(error))
            raise PaymentsUnavailable from None
        return self._ledger.order(order.number)

    # Finding out

    def refresh(self, order: Order) -> Order:
        """The order after Omise was asked about its open payment, if it has one and it is time."""
        attempt = order.open_payment
        if attempt is None or not self._outcomes.claim_check(attempt.key, fresh_for=FRESH):
            return order
        self._try_to_resolve(attempt)
        return self._ledger.order(order.number)

    def come_back(self, order: Order) -> Order:
        """The order after the shopper returned from the bank; only Omise is believed."""
        attempt = order.open_payment
        if attempt is None:
            return order
        self._outcomes.came_back(attempt.key)
        self._try_to_resolve(attempt)
        return self._ledger.order(order.number)

    def read(self, charge_id: str) -> Attempt | None:
        """Read a charge anew and apply it: its attempt, or None when it is of no attempt of ours.

        Raises:
            OmiseError: when it cannot be read.
        """
        return self.take(self._omise.charge(charge_id))

    def resolve(self, attempt: Attempt) -> None:
        """Find out what became of an attempt to pay, if it is of the mode of our keys.

        Raises:
            OmiseError: when Omise cannot be asked.
        """
        if not self._ledger.is_of_our_mode(attempt.order):
            return
        can_arrive = not self._latest_arrival.has_passed(attempt)  # while we look, too
        charge = self._find(attempt)
        if charge is not None:
            self.take(charge)
        elif not can_arrive:
            self._outcomes.refuse(attempt.key, "never_arrived")

    def _try_to_resolve(self, attempt: Attempt) -> None:
        """Find out, or leave it to the worker: the page says that it is being found out."""
        try:
            self.resolve(attempt)
        except OmiseError as error:
            log.warning("charge_not_read", order=attempt.order.number, reason=str(error))

    def _find(self, attempt: Attempt) -> Charge | None:
        """The charge of an attempt: by its id, or by the attempt's key when the answer was lost."""
        if attempt.charge_id:
            return self._omise.charge(attempt.charge_id)
        charges = self._omise.charges(since=attempt.created_at - CLOCK_SKEW)
        return next((c for c in charges if c.metadata.get("attempt") == attempt.key), None)

    def take(self, charge: Charge) -> Attempt | None:
        """Apply a charge that was just read, and forget a card that was saved for nothing."""
        attempt = self._outcomes.apply(charge)
        if attempt and attempt.state == AttemptState.DECLINED and attempt.new_card_id:
            self._forget_card(charge.customer_id, attempt.new_card_id)
            self._outcomes.keeps_card(attempt.key, None)
        return attempt

    def _forget_card(self, customer_id: str | None, card_id: str | None) -> None:
        """Delete a card that was saved for a payment which then failed."""
        if customer_id is None or card_id is None:
            return
        try:
            self._saved_cards.forget(customer_id, card_id)
        except (UnknownCard, PaymentsUnavailable) as error:
            log.warning("card_not_forgotten", error=type(error).__name__)


def _code_of(error: OmiseError, *, otherwise: str) -> str:
    return error.code if isinstance(error, OmiseRejected) else otherwise
