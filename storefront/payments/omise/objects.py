"""Omise's objects as the shop uses them, at API version 2019-05-29; unknown keys are ignored.

Amounts are whole subunits of the currency, times are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from .json_values import integer, mapping, object_id, optional_text, remark, remarks, text, time

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """The account whose keys are set (docs.omise.co/account-api)."""

    id: str
    livemode: bool

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The account in an answer of Omise."""
        return cls(text(data["id"]), data["livemode"])


@dataclass(frozen=True, slots=True)
class Card:
    """A card as Omise shows it: enough to recognise, never enough to pay with."""

    id: str
    brand: str
    last_digits: str
    name: str
    expiration_month: int
    expiration_year: int
    fingerprint: str
    deleted: bool = False

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The card in an answer of Omise."""
        return cls(
            id=text(data["id"]),
            brand=text(data["brand"] or "Card"),
            last_digits=text(data["last_digits"] or ""),
            name=text(data["name"] or ""),
            expiration_month=integer(data["expiration_month"] or 0),
            expiration_year=integer(data["expiration_year"] or 0),
            fingerprint=text(data["fingerprint"] or ""),
            deleted=data.get("deleted", False),
        )


@dataclass(frozen=True, slots=True)
class Token:
    """A single-use reference to a card, good for one charge or one customer."""

    id: str = field(repr=False)
    used: bool
    card: Card | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The token in an answer of the vault; its card may be gone once it is used."""
        card = data.get("card")
        return cls(text(data["id"]), data["used"], Card.from_json(card) if card else None)


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back of a charge."""

    id: str
    charge_id: str
    amount: int
    currency: str
    voided: bool
    metadata: dict[str, Any]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The refund in an answer of Omise."""
        return cls(
            id=text(data["id"]),
            charge_id=object_id(data["charge"]) or "",
            amount=integer(data["amount"]),
            currency=text(data["currency"]).upper(),
            voided=bool(data.get("voided")),
            metadata=mapping(data.get("metadata")),
        )


@dataclass(frozen=True, slots=True)
class Dispute:
    """A charge that the cardholder disputes at their bank (docs.omise.co/disputes-api)."""

    id: str
    charge_id: str
    status: str  #: open, pending, won or lost
    amount: int
    currency: str
    reason_code: str | None
    reason: str | None
    created_at: datetime
    closed_at: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The dispute in an answer of Omise."""
        return cls(
            id=text(data["id"]),
            charge_id=object_id(data["charge"]) or "",
            status=text(data["status"]),
            amount=integer(data["amount"]),
            currency=text(data["currency"]).upper(),
            reason_code=optional_text(data.get("reason_code")),
            reason=optional_text(data.get("reason_message")),
            created_at=time(data["created_at"]),
            closed_at=time(data["closed_at"]) if data.get("closed_at") else None,
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """One try to take money, as Omise tells it."""

    id: str
    status: str  #: pending, successful, failed, reversed or expired
    amount: int
    currency: str
    livemode: bool
    authorized: bool
    paid: bool
    captured_amount: int
    refunded_amount: int
    voided: bool
    authorize_uri: str | None
    failure_code: str | None
    failure_message: str | None
    metadata: dict[str, Any]
    card: Card | None
    customer_id: str | None
    created_at: datetime
    expires_at: datetime | None
    expired: bool = False
    reversed: bool = False
    capturable: bool = False
    reversible: bool = False
    #: Where the picture of the code to scan is, for payments that have one. It needs no key.
    qr_uri: str | None = None
    #: The number with which it is paid at a shop.
    payment_code: str | None = None
    dispute: Dispute | None = None
    #: What 3-D Secure lacked of the cardholder, such as email or phone_number.
    missing_3ds_fields: tuple[str, ...] = ()
    #: How the cardholder was authenticated: 3DS, PASSKEY, or None.
    authenticated_by: str | None = None
    #: What the card network advises after a decline, in words and as its code.
    merchant_advice: str | None = None
    merchant_advice_code: str | None = None
    refunds: tuple[Refund, ...] = ()  #: the first page of them; Omise takes fifteen at most
    #: The whole object as Omise sent it, for fields that are not listed here.
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @property
    def needs_shopper(self) -> bool:
        """Whether the shopper must go to `authorize_uri`, scan the code or pay at a shop.

        The address is given with every charge that had a return address, settled or not, so the
        status decides.
        """
        has_something = bool(self.authorize_uri or self.qr_uri or self.payment_code)
        return self.status == "pending" and not self.authorized and has_something

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The charge in an answer of Omise; an amount that is no whole number is an error.

        `captured_amount` is missing from some answers; it is then the whole amount once paid.
        """
        card = data.get("card")
        paid = bool(data["paid"])
        return cls(
            id=text(data["id"]),
            status=text(data["status"]),
            amount=integer(data["amount"]),
            currency=text(data["currency"]).upper(),
            livemode=bool(data["livemode"]),
            authorized=bool(data["authorized"]),
            paid=paid,
            captured_amount=integer(data.get("captured_amount", data["amount"])) if paid else 0,
            refunded_amount=integer(data.get("refunded_amount", 0)),
            voided=bool(data.get("voided")),
            authorize_uri=optional_text(data.get("authorize_uri")),
            failure_code=optional_text(data.get("failure_code")),
            failure_message=optional_text(data.get("failure_message")),
            metadata=mapping(data.get("metadata")),
            card=Card.from_json(card) if card else None,
            customer_id=object_id(data.get("customer")),
            created_at=time(data["created_at"]),
            expires_at=time(data["expires_at"]) if data.get("expires_at") else None,
            expired=bool(data.get("expired")),
            reversed=bool(data.get("reversed")),
            capturable=bool(data.get("capturable")),
            reversible=bool(data.get("reversible")),
            qr_uri=_qr_uri(data.get("source")),
            payment_code=_payment_code(data.get("source")),
            dispute=Dispute.from_json(data["dispute"]) if data.get("dispute") else None,
            missing_3ds_fields=remarks(data.get("missing_3ds_fields")),
            authenticated_by=remark(data.get("authenticated_by")),
            merchant_advice=remark(data.get("merchant_advice")),
            merchant_advice_code=remark(data.get("merchant_advice_code")),
            refunds=tuple(Refund.from_json(row) for row in data["refunds"]["data"]),
            raw=data,
        )


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, whose cards Omise keeps."""

    id: str
    deleted: bool
    default_card: str | None
    cards: tuple[Card, ...]  #: the first page of them, oldest first
    card_count: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The customer in an answer of Omise, with the first page of their cards."""
        return cls(
            id=text(data["id"]),
            deleted=bool(data.get("deleted")),
            default_card=object_id(data.get("default_card")),
            cards=tuple(Card.from_json(card) for card in data["cards"]["data"]),
            card_count=integer(data["cards"]["total"]),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    rows: tuple[Json, ...]
    total: int  #: in the whole list

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The part of a list in an answer of Omise."""
        return cls(tuple(data["data"]), integer(data["total"]))


def _qr_uri(source: Json | None) -> str | None:
    """Where the picture of the code of a charged source is (docs.omise.co/promptpay)."""
    code = source.get("scannable_code") if isinstance(source, Mapping) else None
    return text(code["image"]["download_uri"]) if code else None


def _payment_code(source: Json | None) -> str | None:
    """The number with which a charged source is paid at a shop (docs.omise.co/sources-api)."""
    references = source.get("references") if isinstance(source, Mapping) else None
    return optional_text(references.get("payment_code")) if references else None
