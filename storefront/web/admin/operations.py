"""Operations on the money of an order: capture, void, refund.

They take two steps: a form says what to do, a second page shows what will happen and to whom, and
only its button does it. The second page carries a key of its own, so that sending it twice moves
money once.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import InvalidForm, StorefrontError
from storefront.models import Order
from storefront.payments.i18n import say
from storefront.payments.money import Money
from storefront.payments.operations import MoneyMoves
from storefront.web.admin.order_page import OPERATIONS, render_order
from storefront.web.admin.session import current_staff
from storefront.web.forms import get_text

bp = Blueprint("operations", __name__, url_prefix="/orders/<number>")


@bp.post("/<any(capture, void, refund):operation>")
def create(number: str, operation: str) -> ResponseReturnValue:
    """Ask for confirmation, then carry out the operation."""
    order = services().ledger.order(number)
    try:
        amount = _amount(order, operation)
        if request.form.get("confirmed") != "yes":
            return _confirmation(order, operation, amount)
        _carry_out(order, operation, amount)
    except InvalidForm as error:
        return render_order(order, {operation: error.message}), error.status
    except StorefrontError as error:
        current = services().ledger.order(number)
        return render_order(current, {operation: error.message}), error.status
    return redirect(url_for("admin.orders.show", number=number), 303)


def _confirmation(order: Order, operation: str, amount: Money) -> str:
    return render_template(
        "admin/confirm_operation.html",
        order=order,
        what=operation,
        move=OPERATIONS[operation],
        amount=amount,
        reason=get_text(request.form, "reason")[:200],
        click=MoneyMoves.new_click(),
    )


def _carry_out(order: Order, operation: str, amount: Money) -> None:
    click, reason = get_text(request.form, "click")[:64], get_text(request.form, "reason")[:200]
    if not click:
        raise InvalidForm({"click": say("Go back to the order and try again.")})
    detail = " ".join(filter(None, [amount.format("en"), reason]))
    services().audit_log.record(
        current_staff().email, operation, order_number=order.number, detail=detail
    )
    operations = services().money_moves
    match operation:
        case "capture":
            operations.capture(order.number, amount=amount.amount, click=click)
        case "void":
            operations.void(order.number, click=click)
        case _:
            operations.refund(order.number, amount=amount.amount, click=click, reason=reason)


def _amount(order: Order, operation: str) -> Money:
    """The amount of the operation: what the form says, else all of it.

    Raises:
        InvalidForm: if it is no amount, or more than there is.
    """
    most = order.refundable if operation == "refund" else order.total
    given = get_text(request.form, "amount")
    if operation == "void" or not given:
        return most
    try:
        amount = Money.parse(given, order.currency)
    except ValueError:
        problem = say("Enter an amount like %(example)s.", example=most.plain)
        raise InvalidForm({"amount": problem}) from None
    if not 0 < amount.amount <= most.amount:
        problem = say("Enter an amount of %(most)s or less.", most=most.format("en"))
        raise InvalidForm({"amount": problem})
    return amount
