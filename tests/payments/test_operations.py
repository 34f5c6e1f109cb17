"""Capture, void and refund: never more than there is, never twice for one click."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storefront.payments.errors import (
    OperationAmountInvalid,
    OperationInProgress,
    OperationNotAllowed,
    PaymentNotFound,
    PaymentsUnavailable,
)
from tests.support.charges import charge_made_for
from tests.support.flask_shopper import FlaskShopper

MUG = 39000


@pytest.fixture
def operations(services):
    """What a merchant can do with money."""
    return services.engine.operations


def refunds_of(world):
    return [r["amount"] for r in world.charges()[0]["refunds"]["data"]]


def test_authorized_payment_is_captured_in_full(operations, repository, world, held):
    attempt = operations.capture(held, amount=MUG, idempotency_key="c1")

    assert (attempt.status, repository.get(held).status) == ("succeeded", "paid")
    assert world.charges()[0]["paid"] is True


def test_authorized_payment_is_captured_partially(shop_with, world):
    app = shop_with(capture=False)
    shopper = FlaskShopper(app, world)
    shopper.puts_in_cart()
    shopper.pays()
    services = app.extensions["shop"]

    services.engine.operations.capture(shopper.order_number, amount=10000, idempotency_key="c1")

    order = services.engine.repository.get(shopper.order_number)
    assert (order.status, order.funded_attempt.captured_amount) == ("paid", 10000)
    assert order.refundable.amount == 10000


def test_authorized_payment_is_released_by_a_void(operations, repository, world, held):
    attempt = operations.void(held, idempotency_key="v1")

    assert (attempt.status, repository.get(held).status) == ("succeeded", "cancelled")
    assert world.charges()[0]["status"] == "reversed"


def test_void_found_late_is_not_mistaken_for_an_earlier_decline(shop_with, world, clock):
    app = shop_with(capture=False)
    services, shopper = app.extensions["shop"], FlaskShopper(app, world)
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")
    shopper.pays()
    number = shopper.order_number
    held = services.engine.repository.get(number).funded_attempt
    world.fails("POST", "/charges/*", "drop_after")
    world.fails("GET", "/charges/*", "status", status=503, times=3)
    assert services.engine.operations.void(number, idempotency_key="v1").status == "unknown"

    services.engine.resolver.sync_charge(held.charge_id)  # as a webhook makes us do
    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()

    assert services.engine.repository.find_attempt("v1").status == "succeeded"
    assert services.engine.repository.get(number).status == "cancelled"


def test_cart_can_be_paid_after_a_void(shop_with, world):
    """The shopper never came back from the bank, so their cart is still the one of the order."""
    app = shop_with(capture=False)
    services, shopper = app.extensions["shop"], FlaskShopper(app, world)
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "approve")
    services.engine.resolver.sync_charge(charge["id"])
    services.engine.operations.void(shopper.order_number, idempotency_key="v1")

    shopper.sees("/checkout")
    assert shopper.status == "cancelled"
    shopper.puts_in_cart()
    shopper.pays()

    assert shopper.status == "authorized"


def test_payment_is_refunded_in_full(operations, repository, world, paid):
    attempt = operations.refund(paid, amount=MUG, idempotency_key="r1", reason="broken")

    assert (attempt.status, attempt.reason) == ("succeeded", "broken")
    assert attempt.refund_id
    assert repository.get(paid).status == "refunded"
    assert refunds_of(world) == [MUG]


def test_partial_refunds_add_up_to_a_full_refund(operations, repository, world, paid):
    operations.refund(paid, amount=10000, idempotency_key="r1")
    assert (repository.get(paid).status, repository.get(paid).refundable.amount) == (
        "partially_refunded",
        MUG - 10000,
    )

    operations.refund(paid, amount=MUG - 10000, idempotency_key="r2")

    assert repository.get(paid).status == "refunded"
    assert refunds_of(world) == [10000, MUG - 10000]


@pytest.mark.parametrize("amount", [MUG + 1, 0, -1])
def test_refund_above_the_paid_amount_is_rejected(operations, repository, world, paid, amount):
    with pytest.raises(OperationAmountInvalid):
        operations.refund(paid, amount=amount, idempotency_key="r1")

    assert refunds_of(world) == []
    assert repository.get(paid).status == "paid"


def test_refund_above_the_remaining_amount_is_rejected(operations, world, paid):
    operations.refund(paid, amount=30000, idempotency_key="r1")

    with pytest.raises(OperationAmountInvalid):
        operations.refund(paid, amount=10000, idempotency_key="r2")

    assert refunds_of(world) == [30000]


def test_same_idempotency_key_refunds_once(operations, world, paid):
    first = operations.refund(paid, amount=10000, idempotency_key="r1")
    second = operations.refund(paid, amount=10000, idempotency_key="r1")

    assert first.id == second.id
    assert refunds_of(world) == [10000]


def test_concurrent_requests_with_one_idempotency_key_refund_once(operations, world, paid):
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda _: operations.refund(paid, amount=10000, idempotency_key="r1"), range(4)
            )
        )

    assert refunds_of(world) == [10000]


def test_refund_during_another_refund_is_rejected(operations, world, paid):
    world.fails("POST", "/charges/*", "drop_before")
    assert operations.refund(paid, amount=10000, idempotency_key="r1").status == "unknown"

    with pytest.raises(OperationInProgress):
        operations.refund(paid, amount=10000, idempotency_key="r2")


def test_refund_with_a_lost_response_is_found(operations, repository, world, paid):
    world.fails("POST", "/charges/*", "drop_after")

    attempt = operations.refund(paid, amount=10000, idempotency_key="r1")

    assert attempt.status == "succeeded"
    assert (repository.get(paid).status, refunds_of(world)) == ("partially_refunded", [10000])


def test_refund_that_never_arrived_is_closed_after_its_deadline(
    operations, services, repository, world, paid, clock
):
    world.fails("POST", "/charges/*", "drop_before")
    operations.refund(paid, amount=10000, idempotency_key="r1")

    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()

    assert repository.find_attempt("r1").status == "rejected"
    assert repository.get(paid).status == "paid"
    assert operations.refund(paid, amount=10000, idempotency_key="r2").status == "succeeded"
    assert refunds_of(world) == [10000]


@pytest.mark.parametrize("where", ["return", "status"])
def test_order_page_does_not_close_a_refund(
    operations, services, repository, world, shopper, paid, clock, where
):
    """A refund is no charge: that no charge bears its key does not say that it was never made."""
    (charge,) = world.charges()
    world.fails("POST", "/charges/*", "drop_after")
    world.fails("GET", "/charges/*", "status", status=503, times=3)
    assert operations.refund(paid, amount=10000, idempotency_key="r1").status == "unknown"
    clock.advance(services.settings.omise_settled_after + 1)

    key = {"return": charge["return_uri"].partition("?")[2]}.get(where, "")
    shopper.sees(f"/orders/{paid}/{where}?{key}")
    assert repository.find_attempt("r1").status == "unknown"
    services.engine.worker.run_due()

    assert repository.find_attempt("r1").status == "succeeded"
    assert refunds_of(world) == [10000]


def test_refund_in_the_dashboard_is_applied(operations, repository, world, paid):
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 30000})

    attempt = operations.refund(paid, amount=MUG, idempotency_key="r1")

    assert attempt.status == "rejected"
    assert repository.get(paid).status == "partially_refunded"
    assert repository.get(paid).refundable.amount == MUG - 30000


def test_capture_of_a_captured_charge_succeeds(operations, repository, world, held):
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/capture")

    attempt = operations.capture(held, amount=MUG, idempotency_key="c1")

    assert (attempt.status, repository.get(held).status) == ("succeeded", "paid")


def test_refund_that_may_still_arrive_is_not_closed(
    operations, services, repository, world, paid, clock
):
    """Closed too early, it could be made a second time."""
    world.fails("POST", "/charges/*/refunds", "drop_after")
    world.fails("GET", "/charges/*", "status", status=503, times=9)
    operations.refund(paid, amount=100, idempotency_key="r1")

    with pytest.raises(OperationInProgress):
        operations.close_unresolved(paid)
    clock.advance(services.settings.omise_settled_after + 1)
    with pytest.raises(PaymentsUnavailable):
        operations.close_unresolved(paid)
    world.control("DELETE", "faults")

    assert operations.close_unresolved(paid).status == "succeeded"
    assert refunds_of(world) == [100]


def test_refund_that_never_arrived_is_closed(operations, services, repository, world, paid, clock):
    world.fails("POST", "/charges/*/refunds", "drop_before")
    world.fails("GET", "/charges/*", "status", status=503, times=9)
    operations.refund(paid, amount=100, idempotency_key="r1")
    world.control("DELETE", "faults")
    clock.advance(services.settings.omise_settled_after + 1)

    assert operations.close_unresolved(paid).status == "rejected"
    assert operations.refund(paid, amount=200, idempotency_key="r2").status == "succeeded"
    assert refunds_of(world) == [200]


@pytest.mark.parametrize("do", ["drop_after", "garbage"])
def test_capture_with_a_lost_response_is_found(operations, repository, world, held, do):
    world.fails("POST", "/charges/*", do)

    assert operations.capture(held, amount=MUG, idempotency_key="c1").status == "succeeded"
    assert repository.get(held).status == "paid"


def test_only_an_authorized_payment_is_captured_or_voided(operations, paid):
    for operation in (
        lambda: operations.capture(paid, amount=MUG, idempotency_key="c1"),
        lambda: operations.void(paid, idempotency_key="v1"),
    ):
        with pytest.raises(OperationNotAllowed):
            operation()


def test_authorized_payment_cannot_be_refunded(operations, held):
    with pytest.raises(OperationNotAllowed):
        operations.refund(held, amount=MUG, idempotency_key="r1")


def test_operation_on_an_unknown_payment_is_rejected(operations):
    with pytest.raises(PaymentNotFound):
        operations.refund("NOPE", amount=1, idempotency_key="r1")


def test_operation_without_omise_changes_nothing(shop_with, repository, world, paid):
    services = shop_with(omise_api_url="http://127.0.0.1:9").extensions["shop"]

    attempt = services.engine.operations.refund(paid, amount=MUG, idempotency_key="r1")

    assert (attempt.status, attempt.failure_code) == ("rejected", "unreachable")
    assert repository.get(paid).status == "paid"
    assert refunds_of(world) == []


def test_charge_found_too_late_is_refunded(
    operations, services, repository, shopper, world, charge_never_sent, clock
):
    """A charge that was given up, turns out to have been made when the order is paid already."""
    given_up = repository.get(charge_never_sent).latest_attempt
    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()
    shopper.pays()
    assert shopper.status == "paid"
    late = charge_made_for(world, charge_never_sent, attempt=given_up.key)

    services.engine.resolver.sync_charge(late["id"])
    assert repository.find_attempt(given_up.key).status == "surplus"
    services.engine.worker.run_due()

    first, second = world.charges()
    assert (first["refunded_amount"], second["refunded_amount"]) == (0, MUG)
    assert repository.get(charge_never_sent).status == "paid"
