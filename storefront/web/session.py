"""The session of a shopper: who they are, their cart, the orders they may open."""

import secrets
from collections.abc import Collection

from flask import request, session
from flask_login import UserMixin, current_user, login_user, logout_user

from storefront.accounts.models import User
from storefront.container import services
from storefront.errors import LoginRequired, UnknownOrder
from storefront.shop.cart import Cart
from storefront.shop.models import Order
from storefront.shop.shopper import Shopper
from storefront.web import device
from storefront.web.language import request_language

#: Where the session keeps the claims of its login, of a shopper or of staff.
LOGIN = "login"

#: A session opens at most this many orders of a guest.
MAX_REMEMBERED_ORDERS = 20


class Member(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """A logged-in shopper, as Flask-Login needs one."""

    def __init__(self, user: User) -> None:
        self.id = user.id
        self.email = user.email
        self.verified_email = user.verified_email
        self.pending_email = user.pending_email
        self.session_version = user.session_version

    def get_id(self) -> str:
        """The account in the session; no longer valid once its sessions are revoked."""
        return f"{self.id}.{self.session_version}"


def load_member(member_id: object) -> Member | None:
    """The member with the `Member.get_id` of a session; None if the session is not valid."""
    user_id, _, session_version = str(member_id).partition(".")
    key = services().sessions.validate(session.get(LOGIN))
    if key is None or not (user_id.isdecimal() and session_version.isdecimal()):
        return None
    user = services().accounts.by_session(int(user_id), int(session_version), key)
    member = Member(user) if user else None
    return member if member and member.get_id() == member_id else None


def shopper() -> Shopper:
    """The shopper who sent this request."""
    member = current_user if current_user.is_authenticated else None
    known_device = device.paying()
    return Shopper(
        user_id=member and member.id,
        email=member and member.email,
        verified_email=member and member.verified_email,
        orders=tuple(number for number in _remembered_orders() if isinstance(number, str)),
        ip=request.remote_addr,
        session_key=known_device or _session_key(),
        is_known=known_device is not None,
        locale=request_language(),
    )


def member() -> Shopper:
    """The logged-in shopper.

    Raises:
        LoginRequired: if the shopper is a guest.
    """
    who = shopper()
    if not who.is_member:
        raise LoginRequired
    return who


def log_in(user: User) -> None:
    """Start a new session for a member, with the cart and the orders of the guest."""
    end_session(keep=("cart", "cart_aside", "checkout", "orders", "language"))
    session[LOGIN] = services().sessions.start()
    login_user(Member(user))


def log_out() -> None:
    """End the member's session; only the language stays."""
    logout_user()
    end_session(keep=("language",))


def end_session(*, keep: Collection[str] = ()) -> None:
    """Revoke the login of this session, for every copy of the cookie, and reset the session."""
    services().sessions.revoke(session.get(LOGIN))
    reset_session(keep=keep)


def reset_session(*, keep: Collection[str]) -> None:
    """Remove everything from the session but the named keys."""
    kept = {name: session[name] for name in keep if name in session}
    session.clear()
    session.update(kept)


def cart() -> Cart:
    """The shopper's cart; entries of the session that cannot be read are left out."""
    parts = services()
    return Cart.from_session(session.get("cart"), parts.catalogue, parts.settings.store_currency)


def has_cart() -> bool:
    """Whether the session has a cart, even an empty one."""
    return "cart" in session


def save_cart(changed: Cart) -> None:
    """Store the cart in the session."""
    session["cart"] = changed.to_session()


def grant_order_access(number: str) -> None:
    """Let this session open an order."""
    others = [other for other in _remembered_orders() if other != number]
    session["orders"] = [*others, number][-MAX_REMEMBERED_ORDERS:]


def get_own_order(number: str) -> Order:
    """The order with that number, if this shopper may open it.

    Raises:
        UnknownOrder: if not; the same as for an order that does not exist.
    """
    order = services().orders.get(number)
    if not shopper().may_see(order.number, order.user_id, order.email):
        raise UnknownOrder(number)
    return order


def check_own_order(number: str) -> None:
    """Raise unless this shopper may open the order; reads only who placed it.

    Raises:
        UnknownOrder: as `get_own_order` does.
    """
    if not shopper().may_see(number, *services().orders.buyer_of(number)):
        raise UnknownOrder(number)


def _session_key() -> str:
    """A random name of the session, created on first use."""
    key = session.get("key")
    if not isinstance(key, str):
        key = session["key"] = secrets.token_hex(8)
    return key


def _remembered_orders() -> list[object]:
    stored = session.get("orders")
    return stored if isinstance(stored, list) else []
