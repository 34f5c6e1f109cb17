"""While a card is blocked, the fingerprint of every card is checked before it is charged.

The check must neither keep other cards from paying nor turn a second click into a second charge.
"""

import pytest

from storefront.fraud.velocity_limits import LIMITS, PAYMENT
from storefront.models import Attempt, Order
from storefront.payments.statuses import AttemptState, OrderStatus
from tests.payments.conftest import paid_charges

MUG = 39000
BLOCKED = "5555555555554444"


@pytest.fixture(autouse=True)
def _blocked_card(parts, world, clock):
    """A card that other payers' declined attempts have blocked."""
    fingerprint = parts.omise.token(world.token(BLOCKED)).card.fingerprint
    attempts = [
        Attempt(
            state=AttemptState.DECLINED,
            failure_code="insufficient_fund",
            amount=MUG,
            currency="THB",
            created_at=clock(),
            card=fingerprint,
        )
        for _ in range(LIMITS[PAYMENT]["card"].allowed)
    ]
    order = Order(
        status=OrderStatus.PAYMENT_FAILED,
        amount=MUG,
        currency="THB",
        livemode=False,
        created_at=clock(),
        attempts=attempts,
    )
    with parts.database.writing() as session:
        session.add(order)


def test_another_card_pays(shopper):
    shopper.puts_in_cart()

    shopper.pays()

    assert shopper.status == "paid"


def test_blocked_card_is_not_charged(shopper, world):
    shopper.puts_in_cart()

    assert shopper.pays(BLOCKED).status_code == 429
    assert world.charges() == []


def test_blocked_saved_card_is_not_charged(member, world):
    member.sends("/cards", token=world.token(BLOCKED))
    good, blocked = member.cards
    member.puts_in_cart()

    assert member.pays(card=blocked["id"]).status_code == 429
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
