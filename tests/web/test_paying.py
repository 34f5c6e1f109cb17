"""Paying with a card: the order is written first, and tells the truth about what became of it."""

import re

import pytest

MUG = 39000


def test_a_card_is_charged_once_and_the_order_is_paid(shopper, world, dialect):
    shopper.puts_in_cart("mug", 2)

    shopper.pays()

    assert shopper.status == "paid"
    (charge,) = world.charges()
    assert (charge["amount"], charge["currency"], charge["paid"]) == (2 * MUG, "THB", True)
    assert charge["metadata"]["order"] == shopper.order_number


def test_the_order_is_on_disk_before_omise_is_asked(shopper, world, ledger):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")

    shopper.pays()

    order = ledger.order(shopper.order_number)
    assert (order.amount, order.status, order.newest_charge.state) == (
        MUG,
        "confirming",
        "unknown",
    )
    assert world.charges() == []


def test_the_cart_is_empty_after_paying(shopper):
    shopper.puts_in_cart()

    shopper.pays()
    shopper.sees("/cart")

    assert "Your cart is empty" in shopper.text


def test_a_declined_card_is_explained_and_another_one_may_be_tried(shopper, world, dialect):
    shopper.puts_in_cart()

    shopper.pays("4000000000000002")
    declined = shopper.order_number

    assert shopper.status == "payment_failed"
    assert "Your bank declined the payment." in shopper.text
    shopper.pays()
    assert (shopper.status, shopper.order_number) == ("paid", declined)
    assert [charge["status"] for charge in world.charges()] == ["failed", "successful"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4111111111140011", "Insufficient funds"),
        ("4111111111130012", "declined the payment"),
        ("4111111111120013", "could not process"),
        ("4111111111110014", "declined the payment"),
        ("4111111111190016", "declined the payment"),
        ("4111111111180017", "recognised by the bank"),
    ],
)
def test_each_decline_has_its_own_words(shopper, number, words):
    shopper.puts_in_cart()

    shopper.pays(number)

    assert shopper.status == "payment_failed"
    assert words in shopper.text


def test_the_page_sent_once_more_after_paying_leads_to_the_receipt(shopper, world):
    shopper.puts_in_cart()
    page = shopper.sees("/checkout").get_data(as_text=True)
    cart = re.search(r'name="cart" value="([^"]+)"', page)[1]
    shopper.pays(cart=cart)

    shopper.pays(cart=cart)

    assert shopper.status == "paid"
    assert len(world.charges()) == 1


def test_a_token_used_elsewhere_is_explained(shopper, world):
    token = world.token()
    world.api("POST", "/charges", {"amount": 5000, "currency": "THB", "card": token})
    shopper.puts_in_cart()

    shopper.pays(token=token)

    assert shopper.status == "payment_failed"
    assert "These card details have already been used." in shopper.text


def test_a_token_that_expired_is_explained(shopper, world, dialect):
    token = world.token()
    world.advance(31 * 60)
    shopper.puts_in_cart()

    shopper.pays(token=token)

    assert shopper.status == "payment_failed"
    assert "the page was open for too long" in shopper.text
    assert "You have not been charged" in shopper.text
    assert world.charges() == []


def test_a_token_that_nobody_made_is_explained(shopper, dialect):
    shopper.puts_in_cart()

    shopper.pays(token="tokn_test_nobodymadethis00000")

    assert shopper.status == "payment_failed"
    assert "You have not been charged" in shopper.text


def test_a_changed_cart_gives_up_its_old_order(shopper, world, ledger):
    shopper.puts_in_cart("mug")
    shopper.pays("4000000000000002")
    given_up = shopper.order_number
    shopper.puts_in_cart("mug")

    shopper.pays()

    assert shopper.order_number != given_up
    assert ledger.order(given_up).status == "cancelled"
    assert [charge["amount"] for charge in world.charges()] == [MUG, 2 * MUG]
