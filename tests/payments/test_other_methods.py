"""Money that comes by a code to scan or from a page of somebody else: once, and the right sum."""

import pytest

MUG = 39000
A_WEEK = 8 * 24 * 3600


@pytest.fixture
def pays_by(shopper):
    """Buys a mug in that way, as far as the shop goes: the number of the order."""

    def pay(method):
        if not shopper.page:
            shopper.puts_in_cart()
        answer = shopper.sends("/charge", method=method, email="somchai@example.com")
        assert answer.status_code == 303
        shopper.sees(answer.location)
        assert shopper.status == "awaiting_payment"
        return shopper.order_number

    return pay


def outcomes(world):
    """What became of each charge at Omise."""
    return [(charge["amount"], charge["status"]) for charge in world.charges()]


def settles(world, outcome):
    """Somebody pays the last charge, or fails to."""
    world.api("POST", f"/charges/{world.charges()[-1]['id']}/mark_as_{outcome}")


def test_a_code_that_is_scanned_pays_once(pays_by, parts, ledger, world, clock):
    number = pays_by("promptpay")
    settles(world, "paid")

    for _ in range(2):
        clock.advance(60)
        parts.engine.worker.run_due()

    assert ledger.order(number).status == "paid"
    assert ledger.order(number).refundable.amount == MUG
    assert outcomes(world) == [(MUG, "successful")]


def test_a_fresh_code_pays_the_order_whose_first_one_expired(pays_by, parts, ledger, world, clock):
    number = pays_by("promptpay")
    world.advance(A_WEEK)
    clock.advance(A_WEEK)
    parts.engine.worker.run_due()
    assert ledger.order(number).status == "expired"

    assert pays_by("promptpay") == number
    settles(world, "paid")
    clock.advance(60)
    parts.engine.worker.run_due()

    order = ledger.order(number)
    assert order.status == "paid"
    assert [attempt.status for attempt in order.attempts] == ["declined", "succeeded"]
    assert outcomes(world) == [(MUG, "expired"), (MUG, "successful")]


@pytest.mark.parametrize("method", ["rabbit_linepay", "mobile_banking_kbank"])
def test_somebody_elses_page_is_approved(pays_by, shopper, ledger, world, method):
    number = pays_by(method)
    (charge,) = world.charges()

    shopper.sees(world.at_the_bank(charge["authorize_uri"], "approve").partition("shop.test")[2])

    assert shopper.status == "paid"
    assert ledger.order(number).refundable.amount == MUG
    assert outcomes(world) == [(MUG, "successful")]


def test_a_card_pays_after_a_wallet_that_failed(pays_by, shopper, ledger, world):
    number = pays_by("rabbit_linepay")
    (charge,) = world.charges()
    shopper.sees(world.at_the_bank(charge["authorize_uri"], "decline").partition("shop.test")[2])
    assert shopper.status == "payment_failed"

    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert ledger.order(number).refundable.amount == MUG
    assert outcomes(world) == [(MUG, "failed"), (MUG, "successful")]


def test_a_card_pays_after_a_code_that_was_given_up(pays_by, shopper, world):
    number = pays_by("promptpay")
    shopper.sends(f"/orders/{number}/cancel-payment")

    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert outcomes(world) == [(MUG, "expired"), (MUG, "successful")]


def test_a_code_that_was_paid_is_not_given_up(pays_by, shopper, ledger, world):
    number = pays_by("promptpay")
    settles(world, "paid")

    shopper.sends(f"/orders/{number}/cancel-payment")

    assert ledger.order(number).status == "paid"
    assert outcomes(world) == [(MUG, "successful")]
