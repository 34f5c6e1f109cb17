"""Keys of another account over the same database: what they cannot see is not lost."""

import pytest
from pydantic import SecretStr

from storefront.payments.errors import PaymentsUnavailable


@pytest.fixture
def other_world(omise_sandbox):
    """Another account in the same mode."""
    return omise_sandbox.new_world()


@pytest.fixture
def other_engine(shop_with, other_world):
    """The engine of the same shop with the keys of the other account."""
    app = shop_with(
        omise_public_key=other_world.public_key,
        omise_secret_key=SecretStr(other_world.secret_key),
    )
    return app.extensions["shop"].engine


def digits(engine, owner="7"):
    """The last digits of the owner's cards, as the keys of the engine see them."""
    return [card.last_digits for card in engine.saved_cards.for_owner(owner)]


def test_saved_cards_come_back_with_the_keys_of_their_account(services, other_engine, world):
    services.engine.saved_cards.save("7", world.token(), email=None)

    assert digits(other_engine) == []
    assert digits(services.engine) == ["4242"]


def test_owner_has_cards_in_each_account(services, other_engine, world, other_world):
    services.engine.saved_cards.save("7", world.token(), email=None)
    other_engine.saved_cards.save("7", other_world.token("5555555555554444"), email=None)

    assert (digits(services.engine), digits(other_engine)) == (["4242"], ["4444"])


def test_customer_deleted_in_one_account_keeps_that_of_the_other(
    services, other_engine, world, other_world
):
    services.engine.saved_cards.save("7", world.token(), email=None)
    other_engine.saved_cards.save("7", other_world.token("5555555555554444"), email=None)
    (customer,) = other_world.customers()
    other_world.api("DELETE", f"/customers/{customer['id']}")

    assert (digits(other_engine), digits(services.engine)) == ([], ["4242"])


def test_cards_are_unavailable_while_the_account_is_unknown(
    shop_with, services, other_engine, world
):
    """Whose keys these are is not guessed: a guess would show no cards, or delete them."""
    services.engine.saved_cards.save("7", world.token(), email=None)
    restarted = shop_with().extensions["shop"].engine
    world.fails("GET", "/account", "status", status=503, times=3)

    with pytest.raises(PaymentsUnavailable):
        restarted.saved_cards.for_owner("7")

    assert restarted.saved_cards.for_owner("8") == []
    assert digits(restarted) == ["4242"]
