"""Payments by QR code or by redirect: charged once, with the right amount."""

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
    """Settle the last charge as paid or failed."""
    world.api("POST", f"/charges/{world.charges()[-1]['id']}/mark_as_{outcome}")


def test_scanned_qr_code_pays_once(pays_by, services, repository, world, clock):
    number = pays_by("promptpay")
    settles(world, "paid")

    for _ in range(2):
        clock.advance(60)
        services.engine.worker.run_due()

    assert repository.get(number).status == "paid"
    assert repository.get(number).refundable.amount == MUG
    assert outcomes(world) == [(MUG, "successful")]


def test_new_qr_code_pays_after_the_first_one_expired(pays_by, services, repository, world, clock):
    number = pays_by("promptpay")
    world.advance(A_WEEK)
    clock.advance(A_WEEK)
    services.engine.worker.run_due()
    assert repository.get(number).status == "expired"

    assert pays_by("promptpay") == number
    settles(world, "paid")
    clock.advance(60)
    services.engine.worker.run_due()

    order = repository.get(number)
    assert order.status == "paid"
    assert [attempt.status for attempt in order.attempts] == ["declined", "succeeded"]
    assert outcomes(world) == [(MUG, "expired"), (MUG, "successful")]


@pytest.mark.parametrize("method", ["rabbit_linepay", "mobile_banking_kbank"])
def test_payment_approved_at_a_wallet(pays_by, shopper, repository, world, method):
    number = pays_by(method)
    (charge,) = world.charges()

    shopper.sees(world.at_the_bank(charge["authorize_uri"], "approve").partition("shop.test")[2])

    assert shopper.status == "paid"
    assert repository.get(number).refundable.amount == MUG
    assert outcomes(world) == [(MUG, "successful")]


def test_card_pays_after_a_failed_wallet_payment(pays_by, shopper, repository, world):
    number = pays_by("rabbit_linepay")
    (charge,) = world.charges()
    shopper.sees(world.at_the_bank(charge["authorize_uri"], "decline").partition("shop.test")[2])
    assert shopper.status == "payment_failed"

    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert repository.get(number).refundable.amount == MUG
    assert outcomes(world) == [(MUG, "failed"), (MUG, "successful")]


def test_abandoned_qr_payment_can_be_paid_by_card(pays_by, shopper, world):
    number = pays_by("promptpay")
    shopper.sends(f"/orders/{number}/cancel-payment")

    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert outcomes(world) == [(MUG, "expired"), (MUG, "successful")]


def test_paid_qr_code_is_not_abandoned(pays_by, shopper, repository, world):
    number = pays_by("promptpay")
    settles(world, "paid")

    shopper.sends(f"/orders/{number}/cancel-payment")

    assert repository.get(number).status == "paid"
    assert outcomes(world) == [(MUG, "successful")]
