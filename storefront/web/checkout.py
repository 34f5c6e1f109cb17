"""The checkout page, and the route that charges."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, TooManyRequests

from storefront.container import services
from storefront.errors import CartChanged, LoginRequired, StorefrontError
from storefront.payments.decline_messages import DeclineMessage
from storefront.payments.errors import PaymentError
from storefront.payments.method_offers import group_methods
from storefront.payments.methods import CARD
from storefront.payments.models import Payment
from storefront.payments.saved_cards import SavedCard
from storefront.payments.statuses import PaymentStatus
from storefront.shop.addresses import FIELDS
from storefront.shop.cart import Cart
from storefront.shop.orders import CartOrder
from storefront.web.card_form import saved_cards
from storefront.web.checkout_check import form_problems, short_lines
from storefront.web.checkout_errors import reject
from storefront.web.cookie_check import check_cookies
from storefront.web.delivery import delivery
from storefront.web.error_pages import error_message
from storefront.web.forms import ChargeForm, get_text, request_fields
from storefront.web.payment_cart import (
    bring_back_unpaid_cart,
    can_be_paid,
    cart_aside,
    follow_payment,
)
from storefront.web.rejected_form import (
    RejectedForm,
    find_rejected_form,
    forget_rejected_form,
    keep_rejected_form,
)
from storefront.web.responses import error_json, order_address, payment_json, wants_json
from storefront.web.session import cart, grant_order_access, save_cart, shopper

bp = Blueprint("checkout", __name__)

for kind in (StorefrontError, PaymentError, TooManyRequests):
    bp.register_error_handler(kind, reject)


@bp.get("/checkout")
def show() -> ResponseReturnValue:
    """Show the checkout; a cart whose payment has started redirects to its order."""
    if shown_without_mark := check_cookies():
        return shown_without_mark
    bring_back_unpaid_cart()
    basket = cart()
    key = cart_aside() if basket.is_empty else None
    order = services().orders.find_by_cart(key or basket.key)
    payment = order and services().engine.repository.get(order.number)
    if order and payment and not can_be_paid(payment):
        grant_order_access(order.number)
        follow_payment(key or basket.key, payment)
        return redirect(url_for("orders.show", number=order.number), 303)
    if basket.is_empty:
        return redirect(url_for("cart.show"), 303)
    save_cart(basket)
    return page(basket, order, find_rejected_form(basket))


@bp.get("/charge")
def retry() -> ResponseReturnValue:
    """The address of an error page, opened again, leads back to the checkout."""
    if wants_json():
        raise MethodNotAllowed(["POST"])
    return redirect(url_for("checkout.show"), 303)


@bp.post("/checkout")
def update() -> ResponseReturnValue:
    """Show the checkout with what was typed, and the total for the chosen country."""
    keep_rejected_form({}, cart())
    return redirect(url_for("checkout.show"), 303)


@bp.post("/checkout/check")
def check() -> ResponseReturnValue:
    """Check the form before the card becomes a token: 204, or the problems by field as JSON."""
    problems, sold_out = form_problems(shopper()), short_lines(cart())
    if sold_out:
        problems["amount"] = error_message(next(iter(sold_out.values())))
    if not problems:
        return "", 204
    message = " ".join(problems.values())
    return error_json(message, "invalid_form", 422, problems=problems, sold_out=list(sold_out))


@bp.post("/checkout/remove-line")
def remove_line() -> ResponseReturnValue:
    """Take a product off the order."""
    basket = cart()
    basket.change(get_text(request.form, "sku"), 0)
    save_cart(basket)
    return redirect(url_for(".show"), 303)


@bp.post("/charge")
def charge() -> ResponseReturnValue:
    """Charge a token or a saved card once, then show the order."""
    bring_back_unpaid_cart()
    who, basket = shopper(), cart()
    form = ChargeForm.parse(
        request_fields(),
        needs_email=not who.is_member and not request.is_json,
        countries=services().pricing.countries,
    )
    if form.choice.save_card and not who.is_member:
        raise LoginRequired
    shown = form.cart_key or (cart_aside() if basket.is_empty else None)
    if shown and shown != basket.key:
        return resubmitted(shown)
    payment = services().checkout.pay(basket, who, form.choice)
    if form.choice.address and form.save_address and who.user_id is not None:
        services().address_book.save(who.user_id, form.choice.address)
    grant_order_access(payment.reference)
    follow_payment(basket.key, payment)
    forget_rejected_form()
    return respond(payment)


def respond(payment: Payment) -> ResponseReturnValue:
    """The result of a payment: JSON for programs, the order page for people."""
    return payment_json(payment) if wants_json() else redirect(order_address(payment), 303)


def resubmitted(cart_key: str) -> ResponseReturnValue:
    """The order of a page that is submitted again after its cart was paid.

    Raises:
        CartChanged: if the cart of the page has no order of this shopper.
    """
    order = services().orders.find_by_cart(cart_key)
    if order is None or not shopper().may_see(order.number, order.user_id):
        raise CartChanged
    return respond(services().engine.repository.get(order.number))


def page(basket: Cart, order: CartOrder | None, rejected: RejectedForm) -> str:
    """The checkout page, with the input of a rejected form and its errors."""
    who, typed, problems = shopper(), rejected.typed, rejected.problems
    cards, unavailable = saved_cards(who)
    shipping = delivery(basket, order, who, typed)
    return render_template(
        "checkout/show.html",
        cart=basket,
        delivery=shipping,
        totals=shipping.totals,
        address_places={name: name for name in FIELDS},
        email=typed.get("email") or who.email or (order and order.email) or "",
        decline=None if problems else last_decline(order),
        problems=problems,
        saved_cards=cards,
        saved_cards_unavailable=unavailable,
        chosen_card=chosen_card(cards, typed),
        save_card=bool(typed.get("save_card")),
        typed=typed,
        methods=group_methods(services().engine.methods.for_total(shipping.totals.total)),
        card_brands=services().engine.methods.card_brands(),
        chosen_method=typed.get("method") or CARD,
        sold_out=short_lines(basket),
    )


def last_decline(order: CartOrder | None) -> DeclineMessage | None:
    """Why the last payment for this cart failed, when the shopper comes back to try again."""
    if order is None:
        return None
    payment = services().engine.repository.get(order.number)
    return payment.decline if payment.status == PaymentStatus.PAYMENT_FAILED else None


def chosen_card(cards: list[SavedCard], typed: Mapping[str, str]) -> str:
    """The card of a rejected form; before that the default one, else the first that can be used."""
    usable = sorted((c for c in cards if not c.is_expired), key=lambda card: not card.is_default)
    if typed.get("card") in {"", *(card.id for card in usable)}:
        return typed["card"]
    return usable[0].id if usable else ""
