"""What the session says of a shopper: who they are, their cart, the orders they may see."""

import secrets

from flask import request, session
from flask_login import current_user, login_user, logout_user

from storefront.container import services
from storefront.errors import LoginRequired, UnknownOrder
from storefront.models import Order, User
from storefront.payments.statuses import CLOSED
from storefront.shop.cart import Cart
from storefront.shop.shopper import Shopper
from storefront.web.language import language

#: Under which name a session keeps its log-in, be it a shopper's or of staff.
LOG_IN = "log_in"

#: As many orders as a guest's session remembers.
REMEMBERED = 20


def shopper() -> Shopper:
    """The person behind this request."""
    member = current_user if current_user.is_authenticated else None
    return Shopper(
        user_id=member and member.id,
        email=member and member.email,
        orders=tuple(number for number in _remembered() if isinstance(number, str)),
        ip=request.remote_addr,
        session_key=_session_key(),
        locale=language(),
    )


def member() -> Shopper:
    """The signed-in shopper.

    Raises:
        LoginRequired: when nobody is signed in.
    """
    who = shopper()
    if not who.is_member:
        raise LoginRequired
    return who


def cart() -> Cart:
    """The shopper's cart; whatever is unreadable in the session is left out."""
    parts = services()
    return Cart.from_session(session.get("cart"), parts.catalogue, parts.settings.store_currency)


def keep_cart(kept: Cart) -> None:
    """Put the cart in the session."""
    session["cart"] = kept.to_session()


def done_with_cart(order: Order) -> None:
    """Give the shopper a new cart once this one cannot be paid any more."""
    kept = session.get("cart")
    if order.status in CLOSED and isinstance(kept, dict) and kept.get("key") == order.cart_key:
        session.pop("cart")


def remember_order(number: str) -> None:
    """Let this session see an order."""
    others = [other for other in _remembered() if other != number]
    session["orders"] = [*others, number][-REMEMBERED:]


def own_order(number: str) -> Order:
    """The order with that number, if it is the shopper's.

    Raises:
        UnknownOrder: when it is not, exactly as when there is none.
    """
    order = services().ledger.order(number)
    if not shopper().may_see(order):
        raise UnknownOrder(number)
    return order


def log_in(user: User) -> None:
    """Start a new session for a member; the cart and the orders of the guest come along."""
    start_over("cart", "orders", "language")
    session[LOG_IN] = services().log_ins.begin()
    login_user(user)


def log_out() -> None:
    """Leave nothing of the member behind but the language."""
    logout_user()
    start_over("language")


def start_over(*names: str) -> None:
    """End this session's log-in, for every copy of the cookie, and keep only what is named."""
    services().log_ins.end(session.get(LOG_IN))
    forget_all_but(*names)


def forget_all_but(*names: str) -> None:
    """Keep only what is named in this session."""
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)


def member_of(user_id: object) -> User | None:
    """The member whom the session names; None when its log-in has ended."""
    key = services().log_ins.key_of(session.get(LOG_IN))
    return services().accounts.by_session(str(user_id), key) if key else None


def _session_key() -> str:
    """The name of the session, given when somebody first needs it."""
    key = session.get("key")
    if not isinstance(key, str):
        key = session["key"] = secrets.token_hex(8)
    return key


def _remembered() -> list[object]:
    kept = session.get("orders")
    return kept if isinstance(kept, list) else []
