"""Responses as JSON for programs, and where a payment leads."""

from flask import Response, jsonify, request, url_for

from storefront.payments.models import Payment
from storefront.payments.statuses import PaymentStatus
from storefront.web.language import translate

#: Payments that succeeded, captured or not.
SUCCESSFUL = frozenset({PaymentStatus.PAID, PaymentStatus.AUTHORIZED})


def wants_json() -> bool:
    """Whether the client is a program that wants JSON."""
    accepts = request.accept_mimetypes
    return request.is_json or (
        accepts.best_match(["text/html", "application/json"]) == "application/json"
    )


def error_json(message: str, code: str, status: int, **more: object) -> Response:
    """An error as JSON."""
    response = jsonify({"error": message, "code": code, **more})
    response.status_code = status
    return response


def order_address(payment: Payment) -> str:
    """The order page of a payment; it redirects to the bank if the bank has to confirm."""
    to_bank = payment.status == PaymentStatus.AWAITING_PAYMENT and payment.unresolved_attempt
    return url_for("orders.show", number=payment.reference, to="bank" if to_bank else None)


def payment_json(payment: Payment) -> Response:
    """The result of a payment as JSON.

    200 if it succeeded, 402 if it failed, 202 if its result is not known yet; then `redirect` is
    the next page.
    """
    attempt = payment.current_attempt
    if attempt and attempt.failure_code:
        return error_json(
            " ".join(translate(sentence) for sentence in attempt.decline or ()),
            attempt.failure_code,
            402,
            order=payment.reference,
            redirect=order_address(payment),
        )
    response = jsonify(
        {
            "success": payment.status in SUCCESSFUL,
            "order": payment.reference,
            "charge": {
                "id": attempt and attempt.charge_id,
                "status": CHARGE_STATUS.get(payment.status, "pending"),
            },
            "redirect": order_address(payment),
        }
    )
    response.status_code = 200 if payment.is_settled else 202
    return response


#: Omise's charge status of a payment; any other is pending.
CHARGE_STATUS = {
    PaymentStatus.PAID: "successful",
    PaymentStatus.PARTIALLY_REFUNDED: "successful",
    PaymentStatus.REFUNDED: "successful",
    PaymentStatus.EXPIRED: "expired",
    PaymentStatus.CANCELLED: "reversed",
    PaymentStatus.PAYMENT_FAILED: "failed",
}
