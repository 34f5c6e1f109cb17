"""A card that the bank accepted stays saved after every end of the authorization."""

import pytest

from tests.support.flask_shopper import FlaskShopper


@pytest.fixture
def member_with_authorization(shop_with, world):
    """A member whose new card was authorized and saved."""
    member = FlaskShopper(shop_with(capture=False), world)
    member.signs_up()
    member.puts_in_cart()
    member.pays(save_card="1")
    assert member.status == "authorized"
    return member


def engine_of(member):
    return member.client.application.extensions["shop"].engine


def test_card_stays_saved_when_the_authorization_is_voided(member_with_authorization):
    member = member_with_authorization

    engine_of(member).operations.void(member.order_number, idempotency_key="v1")

    assert engine_of(member).repository.get(member.order_number).status == "cancelled"
    assert len(member.cards) == 1


def test_card_stays_saved_when_the_authorization_expires(member_with_authorization, world, clock):
    member = member_with_authorization
    for moved in (world, clock):
        moved.advance(8 * 24 * 3600)

    engine_of(member).worker.run_due()

    assert engine_of(member).repository.get(member.order_number).status in {"expired", "cancelled"}
    assert len(member.cards) == 1


def test_card_is_deleted_when_the_payment_is_declined(shop_with, world):
    member = FlaskShopper(shop_with(capture=False), world)
    member.signs_up()
    member.puts_in_cart()

    member.pays("4000000000000002", save_card="1")

    assert member.status == "payment_failed"
    assert member.cards == []
