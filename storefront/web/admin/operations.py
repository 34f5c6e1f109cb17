"""Operations on the money of an order: capture, void, refund.

They take two steps: a form says what to do, a second page shows what will happen and to whom, and
only its button does it. The second page carries a key of its own, so that sending it twice moves
money once.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import InvalidForm
from storefront.payments.errors import PaymentError
from storefront.payments.i18n import gettext_noop as _
from storefront.payments.models import Payment
from storefront.payments.money import Money
from storefront.payments.operations import new_idempotency_key
from storefront.shop.models import Order
from storefront.web.admin.order_page import OPERATIONS, render_order
from storefront.web.admin.session import current_staff
from storefront.web.error_pages import error_message, error_page
from storefront.web.forms import get_text

bp = Blueprint("operations", __name__, url_prefix="/orders/<number>")


@bp.post("/<any(capture, void, refund):operation>")
def create(number: str, operation: str) -> ResponseReturnValue:
    """Ask for confirmation, then carry out the operation."""
    order = services().orders.get(number)
    payment = services().engine.repository.get(number)
    try:
        amount = _amount(payment, operation)
        if request.form.get("confirmed") != "yes":
            if operation == "refund":
                services().refund_limits.check(current_staff(), amount)
            return _confirmation(order, payment, operation, amount)
        _carry_out(payment, operation, amount)
    except (InvalidForm, PaymentError) as error:
        page = render_order(order, {operation: error_message(error)})
        return page, error_page(error).status
    return redirect(url_for("admin.orders.show", number=number), 303)


@bp.post("/close-attempt")
def close_attempt(number: str) -> ResponseReturnValue:
    """Close the attempt whose result is not known, with a reason."""
    order = services().orders.get(number)
    reason = get_text(request.form, "reason")[:200]
    try:
        if not reason:
            raise InvalidForm({"close": _("Enter a reason.")})
        services().audit_log.record(
            current_staff().email, "close attempt", order_number=number, detail=reason
        )
        services().engine.operations.close_unresolved(number)
    except (InvalidForm, PaymentError) as error:
        return render_order(order, {"close": error_message(error)}), error_page(error).status
    return redirect(url_for("admin.orders.show", number=number), 303)


def _confirmation(order: Order, payment: Payment, operation: str, amount: Money) -> str:
    return render_template(
        "admin/confirm_operation.html",
        order=order,
        payment=payment,
        name=operation,
        operation=OPERATIONS[operation],
        amount=amount,
        reason=get_text(request.form, "reason")[:200],
        idempotency_key=new_idempotency_key(),
    )


def _carry_out(payment: Payment, operation: str, amount: Money) -> None:
    key, reason = (
        get_text(request.form, "idempotency_key")[:64],
        get_text(request.form, "reason")[:200],
    )
    if not key:
        raise InvalidForm({"idempotency_key": _("Go back to the order and try again.")})
    if operation == "refund":
        services().refund_limits.count(current_staff(), amount, key)
    detail = " ".join(filter(None, [amount.format("en"), reason]))
    services().audit_log.record(
        current_staff().email, operation, order_number=payment.reference, detail=detail
    )
    operations = services().engine.operations
    match operation:
        case "capture":
            operations.capture(payment.reference, amount=amount.amount, idempotency_key=key)
        case "void":
            operations.void(payment.reference, idempotency_key=key)
        case _:
            operations.refund(
                payment.reference, amount=amount.amount, idempotency_key=key, reason=reason
            )


def _amount(payment: Payment, operation: str) -> Money:
    """The amount of the operation: what the form says, else all of it.

    Raises:
        InvalidForm: if it is no amount, or more than there is.
    """
    maximum = payment.refundable if operation == "refund" else payment.total
    given = get_text(request.form, "amount")
    if operation == "void" or not given:
        return maximum
    try:
        amount = Money.parse(given, payment.currency)
    except ValueError:
        problem = _("Enter an amount like %(example)s.", example=maximum.plain)
        raise InvalidForm({"amount": problem}) from None
    if not 0 < amount.amount <= maximum.amount:
        problem = _("Enter an amount of %(most)s or less.", most=maximum.format("en"))
        raise InvalidForm({"amount": problem})
    return amount
