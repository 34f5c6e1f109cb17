"""The cart in the session follows its payment.

While the result is not known, the cart is set aside: the shopper is not to pay again. It comes back
when the payment fails or expires, and is gone when it succeeds.
"""

from flask import session

from storefront.container import services
from storefront.payments.models import Payment
from storefront.payments.statuses import CLOSED, SETTLED, PaymentStatus
from storefront.shop.cart import MOST_OF_ONE, Cart
from storefront.web import device
from storefront.web.session import cart, save_cart

#: Where the session keeps the cart that is set aside.
ASIDE = "cart_aside"


def follow_payment(key: str, payment: Payment) -> None:
    """Clear, set aside or bring back the cart with that key, as its payment stands."""
    if payment.status in CLOSED:
        is_here = key in {_key_of("cart"), _key_of(ASIDE)}
        for name in ("cart", ASIDE):
            if _key_of(name) == key:
                session.pop(name)
        if is_here and payment.status in SETTLED:
            device.remember_payment()
    elif is_confirming(payment) and _key_of("cart") == key:
        session[ASIDE] = session.pop("cart")
    elif can_be_paid(payment) and _key_of(ASIDE) == key:
        _bring_back()


def is_confirming(payment: Payment) -> bool:
    """Whether the shopper reads that they must not pay again."""
    return payment.status == PaymentStatus.CONFIRMING and not can_be_paid(payment)


def can_be_paid(payment: Payment) -> bool:
    """Whether the cart can be paid at the checkout: it failed, or other keys started it."""
    return payment.is_payable or not services().engine.account.owns(payment)


def bring_back_unpaid_cart() -> None:
    """Bring the cart that is set aside back, if its payment has failed meanwhile."""
    key = _key_of(ASIDE)
    if key is None:
        return
    order = services().orders.find_by_cart(key)
    if order is None:
        _bring_back()
    else:
        follow_payment(key, services().engine.repository.get(order.number))


def cart_aside() -> str | None:
    """The key of the cart whose payment is being confirmed."""
    return _key_of(ASIDE)


def _bring_back() -> None:
    """Put what was set aside in the cart, with what the shopper has put in it meanwhile."""
    parts, current = services(), cart()
    back = Cart.from_session(session.pop(ASIDE), parts.catalogue, parts.settings.store_currency)
    for sku, quantity in current.quantities.items():
        back.change(sku, min(MOST_OF_ONE, back.quantities.get(sku, 0) + quantity))
    save_cart(back)


def _key_of(name: str) -> str | None:
    """The key of a cart in the session."""
    match session.get(name):
        case {"key": str(key)}:
            return key
    return None
