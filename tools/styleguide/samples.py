"""What the style guide shows: an order, its payment and saved cards."""

from datetime import UTC, datetime

from storefront.container import services
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.saved_cards import SavedCard
from storefront.payments.statuses import AttemptStatus, PaymentStatus
from storefront.shop.models import Order, OrderLine

SAMPLE_TIME = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)


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
