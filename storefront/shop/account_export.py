"""What the shop knows of a member, in a form that programs read."""

from collections.abc import Iterable

from storefront.accounts.models import User
from storefront.payments.saved_cards import SavedCard

from .addresses import Address
from .models import Order


def account_data(
    user: User, orders: Iterable[Order], cards: Iterable[SavedCard], address: Address | None
) -> dict[str, object]:
    """The account, its orders, saved cards and address; amounts are in the smallest unit."""
    return {
        "email": user.email,
        "email_verified_at": user.email_verified_at and user.email_verified_at.isoformat(),
        "created_at": user.created_at.isoformat(),
        "language": user.locale,
        "address": address and address.model_dump(),
        "orders": [_order(order) for order in orders],
        "cards": [
            {"brand": card.brand, "last_digits": card.last_digits, "name": card.name}
            for card in cards
        ],
    }


def _order(order: Order) -> dict[str, object]:
    own = {
        column.name: getattr(order, column.name)
        for column in Order.core().columns
        if column.name not in INTERNAL
    }
    lines = [
        {"sku": line.sku, "name": line.name, "quantity": line.quantity, "amount": line.amount}
        for line in order.lines
    ]
    return {**own, "created_at": order.created_at.isoformat(), "lines": lines}


#: Columns of an order that say nothing of a person.
INTERNAL = frozenset({"id", "cart_key", "user_id", "stock_reserved"})
