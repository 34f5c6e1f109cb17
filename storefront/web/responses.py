"""Answers in the form that was asked for: a page for people, JSON for programs."""

from flask import Response, jsonify, request, url_for

from storefront.payments.models import Payment
from storefront.payments.statuses import PaymentStatus
from storefront.web.language import translate

#: Orders whose payment went through, now or for later capture.
SUCCESSFUL = frozenset({PaymentStatus.PAID, PaymentStatus.AUTHORIZED})


def wants_json() -> bool:
    """Whether a program asks."""
    accepts = request.accept_mimetypes
    return request.is_json or (
        accepts.best_match(["text/html", "application/json"]) == "application/json"
    )


def error_json(message: str, code: str, status: int, **more: object) -> Response:
    """An error for a program."""
    answer = jsonify({"error": message, "code": code, **more})
    answer.status_code = status
    return answer


def order_address(payment: Payment) -> str:
    """The order page of a payment; it sends the shopper on to the bank if there is one to see."""
    to_bank = payment.status == PaymentStatus.AWAITING_PAYMENT and payment.unresolved_attempt
    return url_for("orders.show", number=payment.reference, to="bank" if to_bank else None)


def payment_json(payment: Payment) -> Response:
    """What became of a payment, for a program.

    200 when it succeeded, 202 when its result is not known yet (`redirect` leads on), 402 when it
    failed.
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
    answer = jsonify(
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
    answer.status_code = 200 if payment.is_settled else 202
    return answer


#: Omise's word for the charge of a payment; any other status is pending.
CHARGE_STATUS = {
    PaymentStatus.PAID: "successful",
    PaymentStatus.PARTIALLY_REFUNDED: "successful",
    PaymentStatus.REFUNDED: "successful",
    PaymentStatus.EXPIRED: "expired",
    PaymentStatus.CANCELLED: "reversed",
    PaymentStatus.PAYMENT_FAILED: "failed",
}
