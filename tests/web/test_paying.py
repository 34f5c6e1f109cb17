"""Payments by card: the order is committed first, and shows the result of the payment."""

import re

import pytest

MUG = 39000


def test_card_payment_pays_the_order(shopper, world, dialect):
    shopper.puts_in_cart("mug", 2)

    shopper.pays()

    assert shopper.status == "paid"
    (charge,) = world.charges()
    assert (charge["amount"], charge["currency"], charge["paid"]) == (2 * MUG, "THB", True)
    assert charge["metadata"]["order"] == shopper.order_number


def test_order_is_committed_before_the_charge(shopper, world, repository):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")

    shopper.pays()

    order = repository.get(shopper.order_number)
    assert (order.amount, order.status, order.latest_attempt.status) == (
        MUG,
        "confirming",
        "unknown",
    )
    assert world.charges() == []


def test_cart_is_empty_after_payment(shopper):
    shopper.puts_in_cart()

    shopper.pays()
    shopper.sees("/cart")

    assert "Your cart is empty" in shopper.text


def test_declined_card_is_explained_and_another_card_pays(shopper, world, dialect):
    shopper.puts_in_cart()

    shopper.pays("4000000000000002")
    declined = shopper.order_number

    assert shopper.status == "payment_failed"
    assert "Your bank declined the payment." in shopper.text
    shopper.pays()
    assert (shopper.status, shopper.order_number) == ("paid", declined)
    assert [charge["status"] for charge in world.charges()] == ["failed", "successful"]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("4111111111140011", "Insufficient funds"),
        ("4111111111130012", "declined the payment"),
        ("4111111111120013", "could not process"),
        ("4111111111110014", "declined the payment"),
        ("4111111111190016", "declined the payment"),
        ("4111111111180017", "recognised by the bank"),
    ],
)
def test_each_decline_has_its_own_message(shopper, number, message):
    shopper.puts_in_cart()

    shopper.pays(number)

    assert shopper.status == "payment_failed"
    assert message in shopper.text


def test_resubmitted_checkout_shows_the_paid_order(shopper, world):
    shopper.puts_in_cart()
    page = shopper.sees("/checkout").get_data(as_text=True)
    cart = re.search(r'name="cart" value="([^"]+)"', page)[1]
    shopper.pays(cart=cart)

    shopper.pays(cart=cart)

    assert shopper.status == "paid"
    assert len(world.charges()) == 1


def test_used_token_is_explained(shopper, world):
    token = world.token()
    world.api("POST", "/charges", {"amount": 5000, "currency": "THB", "card": token})
    shopper.puts_in_cart()

    shopper.pays(token=token)

    assert shopper.status == "payment_failed"
    assert "These card details have already been used." in shopper.text


def test_expired_token_is_explained(shopper, world, dialect):
    token = world.token()
    world.advance(31 * 60)
    shopper.puts_in_cart()

    shopper.pays(token=token)

    assert shopper.status == "payment_failed"
    assert "the page was open for too long" in shopper.text
    assert "You have not been charged" in shopper.text
    assert world.charges() == []


def test_unknown_token_is_explained(shopper, dialect):
    shopper.puts_in_cart()

    shopper.pays(token="tokn_test_unknown0000000000000")

    assert shopper.status == "payment_failed"
    assert "You have not been charged" in shopper.text


def test_changed_cart_cancels_its_old_order(shopper, world, repository):
    shopper.puts_in_cart("mug")
    shopper.pays("4000000000000002")
    old_order = shopper.order_number
    shopper.puts_in_cart("mug")

    shopper.pays()

    assert shopper.order_number != old_order
    assert repository.get(old_order).status == "cancelled"
    assert [charge["amount"] for charge in world.charges()] == [MUG, 2 * MUG]


def test_shopper_who_tries_again_keeps_the_email_and_reads_the_reason(shopper):
    shopper.puts_in_cart()
    shopper.pays("4000000000000002", email="nok@example.com")
    assert shopper.status == "payment_failed"

    page = shopper.sees("/checkout").get_data(as_text=True)

    assert 'value="nok@example.com"' in page
    assert "Your last payment did not go through. Your bank declined the payment." in shopper.text


def test_first_visit_to_the_checkout_mentions_no_payment(shopper):
    shopper.puts_in_cart()

    shopper.sees("/checkout")

    assert "did not go through" not in shopper.text
