"""Checkout: the page where a shopper pays, and the route that charges."""

from functools import partial

from flask import (
    Blueprint,
    Response,
    after_this_request,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import (
    AmountChanged,
    AmountOutOfRange,
    CartChanged,
    InvalidForm,
    LoginRequired,
    OutOfStock,
    PaymentsUnavailable,
    StorefrontError,
    TokenAlreadyUsed,
    TooManyTries,
)
from storefront.payments.methods import CARD, arranged
from storefront.payments.saved_cards import SavedCard
from storefront.shop.shopper import Shopper
from storefront.web.forms import ChargeForm, get_text, request_fields
from storefront.web.language import error_message, language
from storefront.web.responses import error_json, order_address, order_json, wants_json
from storefront.web.session import cart, clear_paid_cart, grant_order_access, save_cart, shopper
from storefront.web.template_globals import SHOP_NAME

bp = Blueprint("checkout", __name__)


@bp.get("/checkout")
def show() -> ResponseReturnValue:
    """Where to pay for the cart; a cart that is being paid already leads to its order."""
    basket = cart()
    order = services().ledger.order_of_cart(basket.key)
    if order and not order.is_payable:
        grant_order_access(order.number)
        clear_paid_cart(order)
        return redirect(url_for("orders.show", number=order.number), 303)
    if basket.is_empty:
        return redirect(url_for("cart.show"), 303)
    save_cart(basket)
    return page()


@bp.post("/charge")
def charge() -> ResponseReturnValue:
    """Pay once with a token or a saved card, then show the order, whatever came of it."""
    who, basket = shopper(), cart()
    form = ChargeForm.parse(request_fields(), needs_email=not who.is_member and not request.is_json)
    if form.choice.save_card and not who.is_member:
        raise LoginRequired
    if form.cart_key and form.cart_key != basket.key:
        return paid_before(form.cart_key)
    order = services().payments.pay(basket, who, form.choice)
    grant_order_access(order.number)
    clear_paid_cart(order)
    return order_json(order) if wants_json() else redirect(order_address(order), 303)


def paid_before(cart_key: str) -> ResponseReturnValue:
    """The order of a page that is sent once more after its cart was paid.

    Raises:
        CartChanged: when the cart of the page is not an order of this shopper.
    """
    order = services().ledger.order_of_cart(cart_key)
    if order is None or not shopper().may_see(order):
        raise CartChanged
    return order_json(order) if wants_json() else redirect(order_address(order), 303)


def page(problems: dict[str, str] | None = None) -> str:
    """The checkout page, with what was wrong and what was entered before."""
    basket, who = cart(), shopper()
    cards, unavailable = cards_of(who)
    return render_template(
        "checkout/show.html",
        cart=basket,
        cart_key=basket.key,
        email=get_text(request.form, "email") or who.email or "",
        problems=problems or {},
        saved_cards=cards,
        saved_cards_unavailable=unavailable,
        chosen_card=get_text(request.form, "card"),
        methods=arranged(services().methods.for_total(basket.total)),
        chosen_method=get_text(request.form, "method") or CARD,
        omise=omise(),
    )


def cards_of(who: Shopper) -> tuple[list[SavedCard], bool]:
    """The saved cards that can be offered, and whether Omise could not be asked for them."""
    try:
        return services().saved_cards.all(who), False
    except PaymentsUnavailable:
        return [], True


def omise() -> dict[str, str]:
    """What a page needs to take a card by way of Omise.js; never a secret."""
    settings = services().settings
    return {
        "public_key": settings.omise_public_key,
        "js_url": settings.omise_js_url,
        "card_form": settings.card_form,
        "locale": language(),
        "label": SHOP_NAME,
    }


#: Errors that the checkout page itself explains, and beside which field.
EXPLAINED_ON_PAGE: dict[type[StorefrontError], str] = {
    AmountChanged: "amount",
    AmountOutOfRange: "amount",
    CartChanged: "amount",
    OutOfStock: "amount",
    TokenAlreadyUsed: "token",
    TooManyTries: "token",
}


def rerender_with_errors(error: StorefrontError) -> ResponseReturnValue:
    """The page again with the problem, or the problem as JSON."""
    if isinstance(error, TooManyTries):
        after_this_request(partial(retry_after, error.seconds))
    if wants_json():
        more = {"amount": error.total.amount} if isinstance(error, AmountChanged) else {}
        return error_json(error_message(error), error.code, error.status, **more)
    if cart().is_empty:
        return redirect(url_for("cart.show"), 303)
    if isinstance(error, InvalidForm):
        problems = error.problems
    else:
        problems = {EXPLAINED_ON_PAGE[type(error)]: error.message}
    return page(problems), error.status


def retry_after(seconds: int, response: Response) -> Response:
    """Tell a program when to come back."""
    response.headers["Retry-After"] = str(seconds)
    return response


bp.register_error_handler(InvalidForm, rerender_with_errors)
for kind in EXPLAINED_ON_PAGE:
    bp.register_error_handler(kind, rerender_with_errors)
