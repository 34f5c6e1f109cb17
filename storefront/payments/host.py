"""The seam between the engine and its host: what a host asks for, and the hooks it may set.

Each hook has a default that does nothing. Hooks that get a connection run inside the transaction
that changes the payment, under the lock of its row: they must be short, call no network, and write
through that connection. An exception they raise rolls the whole transaction back.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from sqlalchemy.engine import Connection

from .dispute_models import PaymentDispute
from .errors import CardNotSaved, MethodNotOffered, PaymentMethodMissing
from .i18n import gettext_noop
from .methods import CARD, METHODS, Contact, MethodKind
from .models import Payment, PaymentAttempt
from .statuses import PaymentStatus

#: docs.omise.co/currency-and-amount
CURRENCY_CODE = re.compile("[A-Z]{3}")
#: A reference is a part of the address to which the bank sends the shopper back.
REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._~:-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRequest:
    """What a host asks the engine to charge, and how.

    A card is charged by a fresh `token` or by a saved `card` of the `owner`; every other method by
    its name (`method="promptpay"`) or by the id of a source that Omise.js created (`source`).

    Raises:
        ValueError: the reference does not fit into an address, or the currency is no code of three
            letters. One in small letters, as Omise takes it too, becomes large.
    """

    reference: str  #: the host's order number, fit for an address: see `REFERENCE`
    amount: int  #: in the smallest unit of the currency
    currency: str
    token: str | None = field(default=None, repr=False)
    card: str | None = None
    source: str | None = None
    method: str = CARD
    #: The bank, or the number of months, for a method that asks for it.
    option: str | None = None
    #: Whether the token's card is kept for the owner.
    save_card: bool = False
    #: The opaque id of the user whose saved cards may be used.
    owner: str | None = None
    email: str | None = None
    #: The name and the phone number, for methods that tell the shopper how to pay.
    name: str | None = None
    phone: str | None = None
    #: Where the shopper goes after the bank.
    return_to: str | None = None
    ip: str | None = None
    #: Anything the host's attempt policy wants to know; the engine does not look at it.
    context: object = None
    #: The fingerprint of the card, once Omise was asked for it.
    card_fingerprint: str | None = None
    #: Whether Omise was asked for the fingerprint, even in vain.
    is_fingerprinted: bool = False

    def __post_init__(self) -> None:
        if not REFERENCE.fullmatch(self.reference):
            raise ValueError(
                f"the reference {self.reference!r} does not fit into an address: use letters of "
                "ASCII, digits and -._~: only, with a letter or a digit first"
            )
        code = self.currency.upper()
        if not CURRENCY_CODE.fullmatch(code):
            raise ValueError(f"a currency is a code of three letters like THB, not {code!r}")
        object.__setattr__(self, "currency", code)

    def check_complete(self) -> None:
        """Raise unless everything is there that the request to Omise consists of; asks nothing.

        Raises:
            PaymentMethodMissing, MethodNotOffered, MethodOptionMissing, ContactIncomplete,
            CardNotSaved: nothing was charged.
        """
        if self.save_card and self.token and self.owner is None:
            raise CardNotSaved(gettext_noop("Log in to save this card."))
        if self.source is not None:
            return
        method = METHODS.get(self.method)
        if method is None:
            raise MethodNotOffered
        if method.kind != MethodKind.CARD:
            method.source_with(self.option, self.contact)
        elif not (self.token or self.card):
            raise PaymentMethodMissing

    @property
    def contact(self) -> Contact:
        """Who pays."""
        return Contact(self.name, self.email, self.phone)

    @property
    def token_digest(self) -> str | None:
        """What is stored of the token."""
        return hashlib.sha256(self.token.encode()).hexdigest() if self.token else None

    def with_fingerprint(self, fingerprint: str | None) -> Self:
        """The same request, after Omise was asked for the card's fingerprint."""
        return replace(self, card_fingerprint=fingerprint, is_fingerprinted=True)


class CardFingerprintRequired(Exception):
    """Raised by an attempt policy that cannot decide before it knows the card's fingerprint.

    The engine asks Omise for it, outside of the transaction, and opens the attempt once more.
    """


class StatusChanged(Protocol):
    """Called when a payment changes status, and with `old` as `new` when its status stays.

    That is so when more of it is refunded, and when the result of its charge is lost.
    """

    def __call__(
        self,
        connection: Connection,
        payment: Payment,
        old: PaymentStatus,
        new: PaymentStatus,
        /,
    ) -> None:
        """Write the host's own rows that depend on the status."""


class DisputeChanged(Protocol):
    """Called when a cardholder disputes a charge, and at every step until the bank decides.

    A dispute that is lost changes the status of the payment too: see `StatusChanged`.
    """

    def __call__(
        self, connection: Connection, payment: Payment, dispute: PaymentDispute, /
    ) -> None:
        """Write the host's own rows, such as a task to tell its staff."""


class CanAccept(Protocol):
    """Called when money arrives for a payment that had failed, expired or was cancelled."""

    def __call__(self, connection: Connection, payment: Payment, /) -> bool:
        """Whether the host can still deliver; if not, the money is refunded."""


class AttemptPolicy(Protocol):
    """Called before an attempt to charge opens."""

    def __call__(
        self, connection: Connection, attempt: PaymentAttempt, request: PaymentRequest, /
    ) -> None:
        """Raise PaymentRefused (or a subclass) to refuse the attempt."""


class OnChange(Protocol):
    """Called after the commit of a change, at least once, also by the worker."""

    def __call__(self, payment: Payment, /) -> None:
        """Bring the host's order up to date; an exception makes the worker call again."""


def _status_changed(*_: object) -> None:
    """Do nothing."""


def _dispute_changed(*_: object) -> None:
    """Do nothing."""


def _can_accept(*_: object) -> bool:
    """Accept every late payment."""
    return True


def _attempt_policy(*_: object) -> None:
    """Allow every attempt."""


def _after_error() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Hooks:
    """The hooks of a host."""

    status_changed: StatusChanged = _status_changed
    dispute_changed: DisputeChanged = _dispute_changed
    can_accept: CanAccept = _can_accept
    attempt_policy: AttemptPolicy = _attempt_policy
    on_change: OnChange | None = None
    #: Called when `on_change` has raised in a request, which goes on: repairs the host's session.
    after_error: Callable[[], None] = _after_error
    #: The address to which the bank sends the shopper of a payment back.
    return_uri: Callable[[Payment], str | None] = field(default=lambda payment: payment.return_to)
