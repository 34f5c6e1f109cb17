"""While some card was declined too often, every card is looked at before it is tried.

That must neither keep other cards from paying, nor make a charge out of a second click.
"""

import pytest

from storefront.fraud.velocity import LIMITS, PAYING
from storefront.models import Attempt, Order
from storefront.payments.statuses import AttemptState, OrderStatus
from tests.payments.conftest import paid_charges

MUG = 39000
WORN = "5555555555554444"


@pytest.fixture(autouse=True)
def _worn_card(parts, world, clock):
    """A card that was declined as often as is borne, by whomever."""
    card = parts.omise.token(world.token(WORN)).card.fingerprint
    tries = [
        Attempt(
            state=AttemptState.DECLINED,
            failure_code="insufficient_fund",
            amount=MUG,
            currency="THB",
            created_at=clock(),
            card=card,
        )
        for _ in range(LIMITS[PAYING]["card"].free)
    ]
    order = Order(
        status=OrderStatus.PAYMENT_FAILED,
        amount=MUG,
        currency="THB",
        livemode=False,
        created_at=clock(),
        attempts=tries,
    )
    with parts.database.write_session() as session:
        session.add(order)


def test_another_card_pays(shopper):
    shopper.puts_in_cart()

    shopper.pays()

    assert shopper.status == "paid"


def test_the_worn_card_is_not_tried(shopper, world):
    shopper.puts_in_cart()

    assert shopper.pays(WORN).status_code == 429
    assert world.charges() == []


def test_the_worn_card_is_not_tried_when_it_is_a_saved_one(member, world):
    member.sends("/cards", token=world.token(WORN))
    good, worn = member.cards
    member.puts_in_cart()

    assert member.pays(card=worn["id"]).status_code == 429
    assert world.charges() == []
    member.pays(card=good["id"])
    assert member.status == "paid"


def test_another_way_to_pay_is_open(shopper):
    shopper.puts_in_cart()

    answer = shopper.sends("/charge", method="promptpay", email="s@example.com")

    assert answer.status_code == 303


def test_a_card_pays_that_nobody_can_look_at_just_now(shopper, world):
    shopper.puts_in_cart()
    world.fails("GET", "/tokens/*", "status", status=503, times=3)

    shopper.pays()

    assert shopper.status == "paid"


@pytest.mark.parametrize("same_token", [True, False], ids=["double click", "two tabs"])
def test_two_clicks_at_once_make_one_charge(shopper, world, same_token):
    shopper.puts_in_cart()
    tokens = [world.token()] * 4 if same_token else [world.token() for _ in range(4)]

    answers = shopper.pays_in_tabs(tokens)

    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.get_json()["order"] for answer in answers}) == 1
    assert paid_charges(world) == [MUG]
