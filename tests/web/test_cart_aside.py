"""The cart is set aside while its payment is being confirmed, and comes back when it fails."""

import pytest

MUG = 39000


@pytest.fixture
def confirming(shopper, world):
    """A shopper whose payment has no result yet; the number of the order."""
    shopper.puts_in_cart("mug", 2)
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    assert shopper.status == "confirming"
    return shopper.order_number


@pytest.fixture
def deadline_passes(services, clock):
    """Lets the time pass in which the request could still arrive, and resolves the attempt."""

    def passes():
        clock.advance(services.settings.omise_settled_after + 1)
        services.engine.worker.run_due()

    return passes


def test_cart_is_empty_beside_do_not_pay_again(shopper, confirming):
    assert "Do not pay again" in shopper.text
    assert "Cart 0 items" in shopper.text

    shopper.sees("/cart")

    assert "Your cart is empty" in shopper.text


def test_checkout_leads_to_the_order_that_is_confirmed(shopper, confirming):
    shopper.sees("/checkout")

    assert shopper.order_number == confirming


def test_second_press_leads_to_the_same_order(shopper, world, confirming):
    shopper.pays()
    assert shopper.order_number == confirming

    answer = shopper.pays_by_json(token=world.token())

    assert (answer.status_code, answer.json["order"]) == (202, confirming)
    assert world.charges() == []


@pytest.mark.parametrize("path", ["/cart", "/checkout", "/orders/{number}"])
def test_cart_comes_back_when_the_payment_fails(shopper, world, confirming, deadline_passes, path):
    deadline_passes()

    shopper.sees(path.format(number=confirming))

    assert "Cart 2 items" in shopper.text
    shopper.pays()
    assert (shopper.status, shopper.order_number) == ("paid", confirming)
    assert [charge["amount"] for charge in world.charges()] == [2 * MUG]


def test_cart_joins_what_was_added_meanwhile(shopper, confirming, deadline_passes):
    shopper.puts_in_cart("lamp")
    shopper.puts_in_cart("mug", 20)
    deadline_passes()

    shopper.sees("/cart")

    assert "Cart 21 items" in shopper.text


def test_other_things_can_be_bought_meanwhile(shopper, world, confirming):
    shopper.puts_in_cart("lamp")

    shopper.pays()

    assert shopper.status == "paid"
    assert shopper.order_number != confirming


def test_cart_is_gone_when_the_payment_succeeds(shopper, world, services):
    shopper.puts_in_cart("mug", 2)
    world.fails("POST", "/charges", "drop_after")
    shopper.pays()
    number = shopper.order_number
    services.engine.worker.run_due()

    shopper.sees(f"/orders/{number}")

    assert shopper.status == "paid"
    shopper.sees("/cart")
    assert "Your cart is empty" in shopper.text
    with shopper.client.session_transaction() as session:
        assert "cart_aside" not in session
