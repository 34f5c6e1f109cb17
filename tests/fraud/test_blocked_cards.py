"""While a card is blocked, the fingerprint of every card is checked before it is charged.

The check must neither keep other cards from paying nor turn a second click into a second charge.
"""

import pytest

from storefront.fraud.velocity_limits import LIMITS, PAYMENT
from storefront.payments.statuses import AttemptStatus, PaymentStatus
from tests.payments.conftest import paid_charges
from tests.support.records import a_payment, save

MUG = 39000
BLOCKED = "5555555555554444"


@pytest.fixture(autouse=True)
def _blocked_card(services, world, clock):
    """A card that other payers' declined attempts have blocked."""
    fingerprint = services.engine.omise.token(world.token(BLOCKED)).card.fingerprint
    declined = [AttemptStatus.DECLINED] * LIMITS[PAYMENT]["card"].allowed
    payment = a_payment(clock(), *declined, status=PaymentStatus.PAYMENT_FAILED)
    for attempt in payment.attempts:
        attempt.failure_code, attempt.card_fingerprint = "insufficient_fund", fingerprint
    save(services.database, payment)


def test_another_card_pays(shopper):
    shopper.puts_in_cart()

    shopper.pays()

    assert shopper.status == "paid"


def test_blocked_card_is_not_charged(shopper, world):
    shopper.puts_in_cart()

    shopper.pays(BLOCKED)

    assert "Too many attempts" in shopper.text
    assert world.charges() == []


def test_blocked_saved_card_is_not_charged(member, world):
    member.sends("/cards", token=world.token(BLOCKED))
    good, blocked = member.cards
    member.puts_in_cart()

    member.pays(card=blocked["id"])
    assert "Too many attempts" in member.text
    assert world.charges() == []
    member.pays(card=good["id"])
    assert member.status == "paid"


def test_other_payment_methods_are_not_limited(shopper):
    shopper.puts_in_cart()

    answer = shopper.sends("/charge", method="promptpay", email="s@example.com")

    assert answer.status_code == 303


def test_card_pays_if_its_fingerprint_cannot_be_requested(shopper, world):
    shopper.puts_in_cart()
    world.fails("GET", "/tokens/*", "status", status=503, times=3)

    shopper.pays()

    assert shopper.status == "paid"


@pytest.mark.parametrize("same_token", [True, False], ids=["double click", "two tabs"])
def test_concurrent_payments_make_one_charge(shopper, world, same_token):
    shopper.puts_in_cart()
    tokens = [world.token()] * 4 if same_token else [world.token() for _ in range(4)]

    answers = shopper.pays_in_tabs(tokens)

    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.get_json()["order"] for answer in answers}) == 1
    assert paid_charges(world) == [MUG]
