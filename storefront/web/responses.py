"""Answers in the form that was asked for: a page for people, JSON for programs."""

from flask import Response, jsonify, request, url_for

from storefront.models import Order
from storefront.payments.statuses import OrderStatus
from storefront.web.language import translate

#: Orders whose payment went through, now or for later capture.
SUCCESSFUL = frozenset({OrderStatus.PAID, OrderStatus.AUTHORIZED})


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


def order_address(order: Order) -> str:
    """Where the shopper goes on: the order, and through it the bank if that is to be asked."""
    to_bank = order.status == OrderStatus.AWAITING_PAYMENT and order.open_attempt is not None
    return url_for("orders.show", number=order.number, to="bank" if to_bank else None)


def order_json(order: Order) -> Response:
    """What became of a payment, for a program.

    200 when it went through, 202 when it is not settled yet (`redirect` leads on), 402 when it
    failed.
    """
    attempt = order.decisive_charge
    if attempt and attempt.failure_code:
        words = attempt.words
        return error_json(
            " ".join(translate(sentence) for sentence in words or ()),
            attempt.failure_code,
            402,
            order=order.number,
            redirect=order_address(order),
        )
    answer = jsonify(
        {
            "success": order.status in SUCCESSFUL,
            "order": order.number,
            "charge": {
                "id": attempt and attempt.charge_id,
                "status": CHARGE_STATUS.get(order.status, "pending"),
            },
            "redirect": order_address(order),
        }
    )
    answer.status_code = 200 if order.is_settled else 202
    return answer


#: Omise's word for how the charge of an order stands; whatever is not here is not settled.
CHARGE_STATUS = {
    OrderStatus.PAID: "successful",
    OrderStatus.PARTIALLY_REFUNDED: "successful",
    OrderStatus.REFUNDED: "successful",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.CANCELLED: "reversed",
    OrderStatus.PAYMENT_FAILED: "failed",
}
