"""The checkout page, and the route that charges."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import (
    AmountChanged,
    CardNumberRefused,
    CartChanged,
    InvalidForm,
    LoginRequired,
    OutOfStock,
    StockOnHold,
    StorefrontError,
    TooManyAttempts,
    TooManyUnpaidOrders,
)
from storefront.payments.decline_messages import DeclineMessage
from storefront.payments.errors import (
    AmountOutOfRange,
    MethodNotOffered,
    PaymentError,
    PaymentMethodMissing,
    TokenAlreadyUsed,
)
from storefront.payments.methods import CARD, group_methods
from storefront.payments.models import Payment
from storefront.payments.saved_cards import SavedCard
from storefront.payments.statuses import PaymentStatus
from storefront.shop.addresses import PREFIX, Address
from storefront.shop.models import Order
from storefront.web.card_form import saved_cards
from storefront.web.delivery import delivery
from storefront.web.error_handlers import handle_storefront_error, send_retry_after
from storefront.web.error_pages import error_message, error_page, error_response
from storefront.web.forms import ChargeForm, get_typed, request_fields
from storefront.web.responses import order_address, payment_json, wants_json
from storefront.web.session import cart, clear_paid_cart, grant_order_access, save_cart, shopper

bp = Blueprint("checkout", __name__)


@bp.get("/checkout")
def show() -> ResponseReturnValue:
    """Show the checkout; a cart whose payment has started redirects to its order."""
    basket = cart()
    order = services().orders.find_by_cart(basket.key)
    if order and not is_payable(order):
        grant_order_access(order.number)
        clear_paid_cart(basket.key, order.status)
        return redirect(url_for("orders.show", number=order.number), 303)
    if basket.is_empty:
        return redirect(url_for("cart.show"), 303)
    save_cart(basket)
    return page()


@bp.post("/checkout")
def update() -> ResponseReturnValue:
    """Show the checkout with what was typed and the total for the chosen country."""
    return redirect(url_for("cart.show"), 303) if cart().is_empty else page()


@bp.post("/charge")
def charge() -> ResponseReturnValue:
    """Charge a token or a saved card once, then show the order."""
    who, basket = shopper(), cart()
    form = ChargeForm.parse(
        request_fields(),
        needs_email=not who.is_member and not request.is_json,
        countries=services().pricing.countries,
    )
    if form.choice.save_card and not who.is_member:
        raise LoginRequired
    if form.cart_key and form.cart_key != basket.key:
        return resubmitted(form.cart_key)
    payment = services().checkout.pay(basket, who, form.choice)
    if form.choice.address and form.save_address and who.user_id is not None:
        services().address_book.save(who.user_id, form.choice.address)
    grant_order_access(payment.reference)
    clear_paid_cart(basket.key, payment.status)
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


def is_payable(order: Order) -> bool:
    """Whether the order can be paid at the checkout, or was started with another account."""
    payment = services().engine.repository.get(order.number)
    return payment.is_payable or not services().engine.account.owns(payment)


def page(problems: dict[str, str] | None = None) -> str:
    """The checkout page with the values of a rejected form and its errors."""
    basket, who = cart(), shopper()
    cards, unavailable = saved_cards(who)
    order = services().orders.find_by_cart(basket.key)
    shipping = delivery(basket, who, order)
    return render_template(
        "checkout/show.html",
        cart=basket,
        delivery=shipping,
        totals=shipping.totals,
        cart_key=basket.key,
        email=get_typed("email") or who.email or (order and order.email) or "",
        decline=last_decline(order),
        address_places=dict(zip(FIELDS_OF_ADDRESS, FIELDS_OF_ADDRESS, strict=True)),
        problems=problems or {},
        saved_cards=cards,
        saved_cards_unavailable=unavailable,
        chosen_card=chosen_card(cards),
        methods=group_methods(services().engine.methods.for_total(shipping.totals.total)),
        chosen_method=get_typed("method") or CARD,
    )


def last_decline(order: Order | None) -> DeclineMessage | None:
    """Why the last payment for this cart failed, when the shopper comes back to try again."""
    if order is None or request.method != "GET":
        return None
    payment = services().engine.repository.get(order.number)
    return payment.decline if payment.status == PaymentStatus.PAYMENT_FAILED else None


def chosen_card(cards: list[SavedCard]) -> str:
    """The card of a rejected form; before that the default one, else the first that can be used."""
    if "card" in request.form:
        return get_typed("card")
    usable = sorted((c for c in cards if not c.is_expired), key=lambda card: not card.is_default)
    return usable[0].id if usable else ""


#: The fields of the delivery address.
FIELDS_OF_ADDRESS = tuple(PREFIX + name for name in Address.model_fields)

#: Errors that the checkout page shows, and the field of each.
FIELDS_OF_ERRORS: dict[type[Exception], str] = {
    AmountChanged: "amount",
    AmountOutOfRange: "amount",
    CartChanged: "amount",
    MethodNotOffered: "method",
    PaymentMethodMissing: "token",
    OutOfStock: "amount",
    StockOnHold: "method",
    TokenAlreadyUsed: "token",
    TooManyAttempts: "token",
    TooManyUnpaidOrders: "method",
}


def rerender_with_errors(error: StorefrontError | PaymentError) -> ResponseReturnValue:
    """Show the checkout again with the error, or send the error as JSON."""
    if isinstance(error, TooManyAttempts):
        send_retry_after(error)
    if wants_json():
        more = {"amount": error.total.amount} if isinstance(error, AmountChanged) else {}
        return error_response(error, **more)
    if cart().is_empty:
        return redirect(url_for("cart.show"), 303)
    if isinstance(error, InvalidForm):
        problems = error.problems
    else:
        problems = {FIELDS_OF_ERRORS[type(error)]: error_message(error)}
    return page(problems), error_page(error).status


@bp.errorhandler(CardNumberRefused)
def rerender_without_card(error: CardNumberRefused) -> ResponseReturnValue:
    """Show the checkout again with what was typed, but for the card number."""
    if wants_json() or cart().is_empty:
        return handle_storefront_error(error)
    field = error.field if error.field in ("email", *FIELDS_OF_ADDRESS) else "token"
    return page({field: error_message(error)}), error_page(error).status


bp.register_error_handler(InvalidForm, rerender_with_errors)
for kind in FIELDS_OF_ERRORS:
    bp.register_error_handler(kind, rerender_with_errors)
