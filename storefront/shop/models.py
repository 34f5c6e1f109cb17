"""Orders, their lines, saved addresses, stock, and the mails that were sent."""

import secrets
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Self

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.orm import Base
from storefront.payments.database import UtcDateTime
from storefront.payments.money import Money
from storefront.payments.statuses import SETTLED, PaymentStatus
from storefront.payments.tables import Choice

from .addresses import PREFIX, Address

#: Letters and digits that cannot be confused when read out.
READABLE = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_order_number() -> str:
    """A number for an order, short enough to read out, too long to guess."""
    return "".join(secrets.choice(READABLE) for _ in range(10))


class Order(Base):
    """What a shopper agreed to pay for: priced once, never changed.

    Its number is the reference of its payment, and `status` the status of that payment.
    """

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True, default=new_order_number)
    #: The cart it was made of. One cart makes one order; a cart that changed makes a new one.
    cart_key: Mapped[str | None] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    email: Mapped[str | None] = mapped_column(index=True)
    status: Mapped[PaymentStatus] = mapped_column(
        Choice(PaymentStatus), default=PaymentStatus.AWAITING_PAYMENT
    )
    #: What is charged: the lines, and shipping.
    amount: Mapped[int]
    currency: Mapped[str]
    #: None if nothing is delivered.
    shipping_amount: Mapped[int | None]
    #: The tax that the amount includes, and its rate in hundredths of a percent.
    tax_amount: Mapped[int] = mapped_column(default=0)
    tax_basis_points: Mapped[int] = mapped_column(default=0)
    #: The delivery address, all of it or nothing.
    shipping_name: Mapped[str | None]
    shipping_address: Mapped[str | None]
    shipping_city: Mapped[str | None]
    shipping_postal_code: Mapped[str | None]
    shipping_country: Mapped[str | None]
    shipping_phone: Mapped[str | None]
    #: The language in which it was placed; mails about it are written in it.
    locale: Mapped[str] = mapped_column(default="en")
    #: Whether stock is reserved for it.
    stock_reserved: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    lines: Mapped[list["OrderLine"]] = relationship(lazy="selectin", order_by="OrderLine.id")

    __table_args__ = (Index("ix_orders_status_created_at", "status", "created_at"),)

    @property
    def total(self) -> Money:
        """What the order costs."""
        return Money(self.amount, self.currency)

    @property
    def subtotal(self) -> Money:
        """What its lines cost."""
        return Money(self.amount - (self.shipping_amount or 0), self.currency)

    @property
    def shipping(self) -> Money | None:
        """What delivery costs; None if nothing is delivered."""
        amount = self.shipping_amount
        return None if amount is None else Money(amount, self.currency)

    @property
    def tax(self) -> Money:
        """The tax that the total includes."""
        return Money(self.tax_amount, self.currency)

    @property
    def address(self) -> Address | None:
        """Where it is delivered."""
        return read_address(self)

    @property
    def address_fields(self) -> dict[str, str]:
        """The delivery address as the fields of a form; none without one."""
        values = address_values(self.address)
        return {name: value for name, value in values.items() if value is not None}

    @property
    def is_settled(self) -> bool:
        """Whether its payment is authorized or its money moved."""
        return self.status in SETTLED


def address_values(address: Address | None) -> dict[str, Any]:
    """The values of the columns of an order for its delivery address."""
    given = address.model_dump() if address else {}
    return {PREFIX + name: given.get(name) for name in Address.model_fields}


def read_address(order: Any) -> Address | None:  # noqa: ANN401  # an order, or a row with its columns
    """The delivery address of an order."""
    if order.shipping_name is None:
        return None
    values = {name: getattr(order, PREFIX + name) for name in Address.model_fields}
    return Address.model_construct(**values)


class SavedAddress(Base):
    """The delivery address that a member saved."""

    __tablename__ = "saved_addresses"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    city: Mapped[str]
    postal_code: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str]

    @property
    def value(self) -> Address:
        """The address."""
        values = {name: getattr(self, name) for name in Address.model_fields}
        return Address.model_construct(**values)


class OrderLine(Base):
    """One product of an order, with the name and the price of that day."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    sku: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    amount: Mapped[int]
    currency: Mapped[str]
    #: Whether its quantity is reserved in the stock.
    reserved: Mapped[bool] = mapped_column(default=False)

    @property
    def price(self) -> Money:
        """What one of it costs."""
        return Money(self.amount, self.currency)

    @property
    def total(self) -> Money:
        """What the line costs."""
        return self.price * self.quantity


class Stock(Base):
    """How many of a product are available; a product without a row never runs out."""

    __tablename__ = "stock"

    sku: Mapped[str] = mapped_column(primary_key=True)
    available: Mapped[int]

    __table_args__ = (CheckConstraint("available >= 0"),)


class Mail(Base):
    """A mail that was sent; the constraint keeps it from being sent twice."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    order_number: Mapped[str] = mapped_column(index=True)
    #: The sum of all refunds that the mail confirms; 0 for a receipt, the number of a copy of it.
    amount: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (UniqueConstraint("kind", "order_number", "amount"),)

    @classmethod
    def of(
        cls,
        message: EmailMessage,
        kind: str,
        order_number: str,
        recipient: str,
        at: datetime,
        amount: int = 0,
    ) -> Self:
        """The record of a mail about an order that was sent."""
        return cls(
            kind=kind,
            order_number=order_number,
            amount=amount,
            message_id=message["Message-ID"],
            recipient=recipient,
            subject=message["Subject"],
            sent_at=at,
        )


class Shipment(Base):
    """How far the fulfilment of an order is: packed, or shipped."""

    __tablename__ = "shipments"

    order_number: Mapped[str] = mapped_column(primary_key=True)
    #: Empty when there is none.
    tracking_number: Mapped[str]
    packed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shipped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
