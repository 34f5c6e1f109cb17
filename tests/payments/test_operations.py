"""Capture, void and refund: never more than there is, never twice for one click."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storefront.payments.errors import (
    OperationAmountInvalid,
    OperationInProgress,
    OperationNotAllowed,
    PaymentNotFound,
)
from tests.support.charges import charge_made_for
from tests.support.shopper import ShopperAtTheShop

MUG = 39000


@pytest.fixture
def moves(parts):
    """What a merchant can do with money."""
    return parts.engine.operations


def refunds_of(world):
    return [r["amount"] for r in world.charges()[0]["refunds"]["data"]]


def test_held_money_is_taken(moves, ledger, world, held):
    attempt = moves.capture(held, amount=MUG, idempotency_key="c1")

    assert (attempt.status, ledger.order(held).status) == ("succeeded", "paid")
    assert world.charges()[0]["paid"] is True


def test_a_part_of_held_money_is_taken(shop_with, world):
    app = shop_with(capture=False)
    shopper = ShopperAtTheShop(app, world)
    shopper.puts_in_cart()
    shopper.pays()
    parts = app.extensions["shop"]

    parts.engine.operations.capture(shopper.order_number, amount=10000, idempotency_key="c1")

    order = parts.engine.repository.get(shopper.order_number)
    assert (order.status, order.funded_attempt.captured_amount) == ("paid", 10000)
    assert order.refundable.amount == 10000


def test_held_money_is_given_back(moves, ledger, world, held):
    attempt = moves.void(held, idempotency_key="v1")

    assert (attempt.status, ledger.order(held).status) == ("succeeded", "cancelled")
    assert world.charges()[0]["status"] == "reversed"


def test_a_void_that_is_found_out_late_is_told_from_an_earlier_decline(shop_with, world, clock):
    app = shop_with(capture=False)
    parts, shopper = app.extensions["shop"], ShopperAtTheShop(app, world)
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")
    shopper.pays()
    number = shopper.order_number
    held = parts.engine.repository.get(number).funded_attempt
    world.fails("POST", "/charges/*", "drop_after")
    world.fails("GET", "/charges/*", "status", status=503, times=3)
    assert parts.engine.operations.void(number, idempotency_key="v1").status == "unknown"

    parts.engine.service.sync_charge(held.charge_id)  # as a webhook makes us do
    clock.advance(parts.settings.omise_settled_after + 1)
    parts.engine.worker.run_due()

    assert parts.engine.repository.find_attempt("v1").status == "succeeded"
    assert parts.engine.repository.get(number).status == "cancelled"


def test_a_cart_whose_hold_was_given_back_does_not_stand_in_the_way(shop_with, world):
    """The shopper never came back from the bank, so their cart is still the one of the order."""
    app = shop_with(capture=False)
    parts, shopper = app.extensions["shop"], ShopperAtTheShop(app, world)
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "approve")
    parts.engine.service.sync_charge(charge["id"])
    parts.engine.operations.void(shopper.order_number, idempotency_key="v1")

    shopper.sees("/checkout")
    assert shopper.status == "cancelled"
    shopper.puts_in_cart()
    shopper.pays()

    assert shopper.status == "authorized"


def test_all_of_it_is_refunded(moves, ledger, world, paid):
    attempt = moves.refund(paid, amount=MUG, idempotency_key="r1", reason="broken")

    assert (attempt.status, attempt.reason) == ("succeeded", "broken")
    assert attempt.refund_id
    assert ledger.order(paid).status == "refunded"
    assert refunds_of(world) == [MUG]


def test_parts_of_it_are_refunded_until_nothing_is_left(moves, ledger, world, paid):
    moves.refund(paid, amount=10000, idempotency_key="r1")
    assert (ledger.order(paid).status, ledger.order(paid).refundable.amount) == (
        "partially_refunded",
        MUG - 10000,
    )

    moves.refund(paid, amount=MUG - 10000, idempotency_key="r2")

    assert ledger.order(paid).status == "refunded"
    assert refunds_of(world) == [10000, MUG - 10000]


@pytest.mark.parametrize("amount", [MUG + 1, 0, -1])
def test_never_more_is_refunded_than_was_paid(moves, ledger, world, paid, amount):
    with pytest.raises(OperationAmountInvalid):
        moves.refund(paid, amount=amount, idempotency_key="r1")

    assert refunds_of(world) == []
    assert ledger.order(paid).status == "paid"


def test_never_more_is_refunded_than_is_left(moves, world, paid):
    moves.refund(paid, amount=30000, idempotency_key="r1")

    with pytest.raises(OperationAmountInvalid):
        moves.refund(paid, amount=10000, idempotency_key="r2")

    assert refunds_of(world) == [30000]


def test_one_click_refunds_once(moves, world, paid):
    first = moves.refund(paid, amount=10000, idempotency_key="r1")
    second = moves.refund(paid, amount=10000, idempotency_key="r1")

    assert first.id == second.id
    assert refunds_of(world) == [10000]


def test_one_click_sent_many_times_at_once_refunds_once(moves, world, paid):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: moves.refund(paid, amount=10000, idempotency_key="r1"), range(4)))

    assert refunds_of(world) == [10000]


def test_a_refund_while_another_runs_is_refused(moves, world, paid):
    world.fails("POST", "/charges/*", "drop_before")
    assert moves.refund(paid, amount=10000, idempotency_key="r1").status == "unknown"

    with pytest.raises(OperationInProgress):
        moves.refund(paid, amount=10000, idempotency_key="r2")


def test_a_refund_whose_answer_was_lost_is_found(moves, ledger, world, paid):
    world.fails("POST", "/charges/*", "drop_after")

    attempt = moves.refund(paid, amount=10000, idempotency_key="r1")

    assert attempt.status == "succeeded"
    assert (ledger.order(paid).status, refunds_of(world)) == ("partially_refunded", [10000])


def test_a_refund_that_never_arrived_is_given_up_in_the_end(
    moves, parts, ledger, world, paid, clock
):
    world.fails("POST", "/charges/*", "drop_before")
    moves.refund(paid, amount=10000, idempotency_key="r1")

    clock.advance(parts.settings.omise_settled_after + 1)
    parts.engine.worker.run_due()

    assert ledger.attempt("r1").status == "rejected"
    assert ledger.order(paid).status == "paid"
    assert moves.refund(paid, amount=10000, idempotency_key="r2").status == "succeeded"
    assert refunds_of(world) == [10000]


@pytest.mark.parametrize("where", ["return", "status"])
def test_a_page_of_the_shopper_does_not_give_up_a_refund(
    moves, parts, ledger, world, shopper, paid, clock, where
):
    """A refund is no charge: that no charge bears its key does not say that it was never made."""
    (charge,) = world.charges()
    world.fails("POST", "/charges/*", "drop_after")
    world.fails("GET", "/charges/*", "status", status=503, times=3)
    assert moves.refund(paid, amount=10000, idempotency_key="r1").status == "unknown"
    clock.advance(parts.settings.omise_settled_after + 1)

    key = {"return": charge["return_uri"].partition("?")[2]}.get(where, "")
    shopper.sees(f"/orders/{paid}/{where}?{key}")
    assert ledger.attempt("r1").status == "unknown"
    parts.engine.worker.run_due()

    assert ledger.attempt("r1").status == "succeeded"
    assert refunds_of(world) == [10000]


def test_a_refund_made_in_the_dashboard_is_seen(moves, ledger, world, paid):
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 30000})

    attempt = moves.refund(paid, amount=MUG, idempotency_key="r1")

    assert attempt.status == "rejected"
    assert ledger.order(paid).status == "partially_refunded"
    assert ledger.order(paid).refundable.amount == MUG - 30000


def test_capturing_what_was_captured_already_is_a_success(moves, ledger, world, held):
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/capture")

    attempt = moves.capture(held, amount=MUG, idempotency_key="c1")

    assert (attempt.status, ledger.order(held).status) == ("succeeded", "paid")


@pytest.mark.parametrize("do", ["drop_after", "garbage"])
def test_a_capture_whose_answer_was_lost_is_found(moves, ledger, world, held, do):
    world.fails("POST", "/charges/*", do)

    assert moves.capture(held, amount=MUG, idempotency_key="c1").status == "succeeded"
    assert ledger.order(held).status == "paid"


def test_what_is_not_held_cannot_be_captured_or_voided(moves, paid):
    for move in (
        lambda: moves.capture(paid, amount=MUG, idempotency_key="c1"),
        lambda: moves.void(paid, idempotency_key="v1"),
    ):
        with pytest.raises(OperationNotAllowed):
            move()


def test_what_is_held_cannot_be_refunded(moves, held):
    with pytest.raises(OperationNotAllowed):
        moves.refund(held, amount=MUG, idempotency_key="r1")


def test_an_order_that_does_not_exist_is_not_moved(moves):
    with pytest.raises(PaymentNotFound):
        moves.refund("NOPE", amount=1, idempotency_key="r1")


def test_an_omise_that_cannot_be_reached_changes_nothing(shop_with, ledger, world, paid):
    parts = shop_with(omise_api_url="http://127.0.0.1:9").extensions["shop"]

    attempt = parts.engine.operations.refund(paid, amount=MUG, idempotency_key="r1")

    assert (attempt.status, attempt.failure_code) == ("rejected", "unreachable")
    assert ledger.order(paid).status == "paid"
    assert refunds_of(world) == []


def test_a_charge_found_too_late_is_given_back(
    moves, parts, ledger, shopper, world, never_sent, clock
):
    """A charge that was given up, turns out to have been made when the order is paid already."""
    given_up = ledger.order(never_sent).latest_attempt
    clock.advance(parts.settings.omise_settled_after + 1)
    parts.engine.worker.run_due()
    shopper.pays()
    assert shopper.status == "paid"
    late = charge_made_for(world, never_sent, attempt=given_up.key)

    parts.engine.service.sync_charge(late["id"])
    assert ledger.attempt(given_up.key).status == "surplus"
    parts.engine.worker.run_due()

    first, second = world.charges()
    assert (first["refunded_amount"], second["refunded_amount"]) == (0, MUG)
    assert ledger.order(never_sent).status == "paid"
