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

SAMPLE_TIME = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)

#: An error for each field that the guide shows with one.
PROBLEMS = {
    "wrong": "Enter a valid email address, like name@example.com.",
    "name": "Enter the name on the card.",
    "number": "Check the card number: a digit is wrong or missing.",
    "expiry": "This card has expired. Use another card.",
    "security_code": "Enter the 3 digits from the back of the card.",
}


@bp.get("/styleguide")
def show() -> str:
    """Show every component."""
    return render_template(
        "styleguide.html",
        statuses=list(PaymentStatus),
        products=list(services().catalogue)[:2],
        order=sample_order(),
        history=[HistoryEntry(event, SAMPLE_TIME, sample_order().total) for event in OrderEvent],
        payment=sample_payment(),
        saved_cards=[
            sample_card(1, "Visa", "4242", is_default=True),
            sample_card(2, "Mastercard", "4444"),
            sample_card(3, "JCB", "0505", is_expired=True),
        ],
        methods=group_methods(list(METHODS.values())),
        problems=PROBLEMS,
    )


def sample_order() -> Order:
    """A sample order, paid."""
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
        created_at=SAMPLE_TIME,
        lines=lines,
    )


def sample_payment() -> Payment:
    """The payment of the sample order, by card."""
    order = sample_order()
    payment = Payment(
        reference=order.number,
        amount=order.amount,
        currency=order.currency,
        livemode=False,
        status=PaymentStatus.PAID,
        created_at=SAMPLE_TIME,
        paid_at=SAMPLE_TIME,
    )
    attempt = PaymentAttempt(
        payment=payment,
        status=AttemptStatus.SUCCEEDED,
        amount=order.amount,
        currency=order.currency,
        card_brand="Visa",
        card_last_digits="4242",
        created_at=SAMPLE_TIME,
    )
    payment.attempts.append(attempt)
    return payment


def sample_card(
    number: int, brand: str, digits: str, *, is_default: bool = False, is_expired: bool = False
) -> SavedCard:
    """A sample saved card."""
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
