"""The style guide: every component in every state, on one page. For development only."""

from datetime import UTC, datetime

from flask import Blueprint, render_template

from storefront.container import services
from storefront.payments.methods import METHODS, group_methods
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.saved_cards import SavedCard
from storefront.payments.statuses import AttemptStatus, PaymentStatus
from storefront.shop.models import Order, OrderLine
from storefront.shop.order_history import HistoryEntry, OrderEvent

bp = Blueprint("styleguide", __name__)

THEN = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)

#: A problem beside every field that the guide shows with one.
PROBLEMS = {
    "wrong": "Enter a valid email address, like name@example.com.",
    "name": "Enter the name on the card.",
    "number": "Check the card number: a digit is wrong or missing.",
    "expiry": "This card has expired. Use another card.",
    "security_code": "Enter the 3 digits from the back of the card.",
}


@bp.get("/styleguide")
def show() -> str:
    """All of it."""
    return render_template(
        "styleguide.html",
        statuses=list(PaymentStatus),
        products=list(services().catalogue)[:2],
        order=an_order(),
        history=[HistoryEntry(event, THEN, an_order().total) for event in OrderEvent],
        payment=a_payment(),
        saved_cards=[
            a_card(1, "Visa", "4242", is_default=True),
            a_card(2, "Mastercard", "4444"),
            a_card(3, "JCB", "0505", is_expired=True),
        ],
        methods=group_methods(list(METHODS.values())),
        problems=PROBLEMS,
    )


def an_order() -> Order:
    """An order that was paid, and never was."""
    currency = services().settings.store_currency
    lines = [
        OrderLine(sku=product.sku, name=product.name, quantity=quantity, currency=currency)
        for quantity, product in enumerate(list(services().catalogue)[:2], start=1)
    ]
    for line in lines:
        line.amount = services().catalogue.product(line.sku).price.amount
    return Order(
        number="K7Q2M9XA4D",
        email="somchai@example.com",
        status=PaymentStatus.PAID,
        amount=sum(line.total.amount for line in lines),
        currency=currency,
        created_at=THEN,
        lines=lines,
    )


def a_payment() -> Payment:
    """The payment of the order, by card."""
    order = an_order()
    payment = Payment(
        reference=order.number,
        amount=order.amount,
        currency=order.currency,
        livemode=False,
        status=PaymentStatus.PAID,
        created_at=THEN,
        paid_at=THEN,
    )
    attempt = PaymentAttempt(
        payment=payment,
        status=AttemptStatus.SUCCEEDED,
        amount=order.amount,
        currency=order.currency,
        card_brand="Visa",
        card_last_digits="4242",
        created_at=THEN,
    )
    payment.attempts.append(attempt)
    return payment


def a_card(
    number: int, brand: str, digits: str, *, is_default: bool = False, is_expired: bool = False
) -> SavedCard:
    """A card that nobody has."""
    return SavedCard(
        id=f"card_{number}",
        brand=brand,
        last_digits=digits,
        name="Somchai Prasert",
        expiration_month=8,
        expiration_year=2024 if is_expired else 2029,
        is_default=is_default,
        is_expired=is_expired,
    )
