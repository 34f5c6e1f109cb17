"""How an order comes into each status."""

from storefront.payments.statuses import PaymentStatus


def pays(shopper, world, clock):
    shopper.pays()


def is_declined(shopper, world, clock):
    shopper.pays("4000000000000002")


def is_asked_by_the_bank(shopper, world, clock):
    shopper.pays("4000000000003063")


def gets_no_answer(shopper, world, clock):
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()


def lets_it_expire(shopper, world, clock):
    is_asked_by_the_bank(shopper, world, clock)
    world.advance(8 * 24 * 3600)
    clock.advance(8 * 24 * 3600)


def operations_of(shopper):
    """The operations of the shop that this shopper uses."""
    return shopper.client.application.extensions["shop"].engine.operations


def is_refunded(shopper, world, clock):
    shopper.pays()
    operations_of(shopper).refund(shopper.order_number, amount=39000, idempotency_key="1")


def is_refunded_in_part(shopper, world, clock):
    shopper.pays()
    operations_of(shopper).refund(shopper.order_number, amount=10000, idempotency_key="1")


def is_released(shopper, world, clock):
    shopper.pays()
    operations_of(shopper).void(shopper.order_number, idempotency_key="1")


#: How an order gets into each status, and whether the shop takes the money at once.
ORDER_STATES = {
    PaymentStatus.AWAITING_PAYMENT: (is_asked_by_the_bank, True),
    PaymentStatus.CONFIRMING: (gets_no_answer, True),
    PaymentStatus.AUTHORIZED: (pays, False),
    PaymentStatus.PAID: (pays, True),
    PaymentStatus.PAYMENT_FAILED: (is_declined, True),
    PaymentStatus.EXPIRED: (lets_it_expire, True),
    PaymentStatus.PARTIALLY_REFUNDED: (is_refunded_in_part, True),
    PaymentStatus.REFUNDED: (is_refunded, True),
    PaymentStatus.CANCELLED: (is_released, False),
}
