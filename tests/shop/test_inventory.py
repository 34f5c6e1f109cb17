"""The last one is sold once; what is not paid for goes back, and so does late money for nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from storefront.admin.queries import OrderSearch
from tests.support.charges import charge_made_for
from tests.support.flask_shopper import ADDRESS, FlaskShopper

MUG = 39000
A_WEEK = 8 * 24 * 3600


@pytest.fixture
def stock(services):
    """The stockroom, with one mug in it."""
    services.inventory.set_level("mug", 1)
    return services.inventory


def buys(shopper, number="4242424242424242"):
    """Go and buy a mug: the answer to the form."""
    shopper.puts_in_cart("mug")
    return shopper.sends("/charge", token=shopper.world.token(number), email="s@example.com")


def test_last_item_is_sold_to_one_of_two(stock, shopper, stranger, world):
    both = [shopper, stranger]
    start = Barrier(len(both))

    def races(buyer):
        buyer.puts_in_cart("mug")
        token, csrf = world.token(), buyer.csrf()
        start.wait(10)
        fields = {"token": token, "email": "s@example.com", "csrf_token": csrf, **ADDRESS}
        return buyer.client.post("/charge", data=fields)

    with ThreadPoolExecutor(len(both)) as pool:
        answers = list(pool.map(races, both))

    assert sorted(answer.location.split("/")[1] for answer in answers) == ["checkout", "orders"]
    for buyer in both:
        buyer.sees("/checkout")
    assert sum("You have not been charged" in buyer.text for buyer in both) == 1
    assert [charge["amount"] for charge in world.charges()] == [MUG]
    assert stock.available() == {"mug": 0}
    carts = [buyer.client.get("/cart").get_data(as_text=True) for buyer in both]
    assert sum("Your cart is empty." in cart for cart in carts) == 1


@pytest.mark.parametrize("racers", [8])
def test_concurrent_purchases_never_oversell(services, shop_with, world, racers):
    services.inventory.set_level("mug", 3)
    app = shop_with(velocity_scale=1000)
    start = Barrier(racers)

    def races(_):
        buyer = FlaskShopper(app, world)
        buyer.puts_in_cart("mug")
        start.wait(30)
        return buyer.pays_by_json(token=world.token()).status_code

    with ThreadPoolExecutor(racers) as pool:
        answers = sorted(pool.map(races, range(racers)))

    assert answers == [200] * 3 + [409] * 5
    assert len(world.charges()) == 3
    assert services.inventory.available() == {"mug": 0}


def test_late_shopper_keeps_the_cart_and_reads_why(stock, shopper, stranger):
    buys(shopper)

    stranger.sees(buys(stranger).location)

    assert "sold out" in stranger.text.lower()
    assert 'value="s@example.com"' in stranger.page.get_data(as_text=True)
    stranger.sees("/cart")
    assert "Stoneware mug" in stranger.text
    assert "remove to continue." in stranger.text


def test_sold_out_by_json(stock, shopper, stranger, world):
    buys(shopper)
    stranger.puts_in_cart("mug")

    answer = stranger.pays_by_json(token=world.token())

    assert (answer.status_code, answer.json["code"]) == (409, "out_of_stock")


def test_order_larger_than_the_stock_reserves_nothing(services, shopper, world):
    services.inventory.set_level("mug", 2)
    services.inventory.set_level("lamp", 5)
    shopper.puts_in_cart("lamp", 1)
    shopper.puts_in_cart("mug", 3)

    shopper.submits("/charge", token=world.token(), email="s@example.com")

    assert "Stoneware mug: only 2 left in stock." in shopper.text
    assert services.inventory.available() == {"mug": 2, "lamp": 5}
    assert world.charges() == []


def test_pending_payment_reserves_its_items(stock, shopper, stranger):
    shopper.puts_in_cart("mug")
    shopper.pays("4000000000003063")
    assert shopper.status == "awaiting_payment"
    assert stock.available() == {"mug": 0}

    assert buys(stranger).location == "/checkout"


def expires(shopper, world, clock, services):
    """Let the QR code expire unpaid."""
    shopper.puts_in_cart("mug")
    shopper.sends("/charge", method="promptpay", email="s@example.com")
    assert services.inventory.available() == {"mug": 0}
    world.advance(A_WEEK)
    clock.advance(A_WEEK)
    services.engine.worker.run_due()


def is_declined(shopper, world, clock, services):
    """The bank says no at once."""
    buys(shopper, "4000000000000002")


def is_cancelled(shopper, world, clock, services):
    """The shopper thinks better of it at the bank."""
    buys(shopper, "4000000000003063")
    (charge,) = world.charges()
    assert services.inventory.available() == {"mug": 0}
    shopper.sees(world.at_the_bank(charge["authorize_uri"], "cancel").partition("shop.test")[2])


def is_given_up(shopper, world, clock, services):
    """The shopper wants to pay in another way."""
    shopper.puts_in_cart("mug")
    answer = shopper.sends("/charge", method="promptpay", email="s@example.com")
    shopper.sends(f"{answer.location.partition('?')[0]}/cancel-payment")


def never_arrives(shopper, world, clock, services):
    """The call to Omise is lost on its way."""
    world.fails("POST", "/charges", "drop_before")
    buys(shopper)
    assert services.inventory.available() == {"mug": 0}
    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()


@pytest.mark.parametrize(
    "ends",
    [expires, is_declined, is_cancelled, is_given_up, never_arrives],
    ids=lambda e: e.__name__,
)
def test_unpaid_reservation_is_released(stock, shopper, stranger, world, clock, services, ends):
    ends(shopper, world, clock, services)

    assert stock.available() == {"mug": 1}
    assert buys(stranger).status_code == 303
    assert stock.available() == {"mug": 0}


def test_declined_shopper_can_retry_while_in_stock(stock, shopper):
    buys(shopper, "4000000000000002")

    shopper.pays()

    assert shopper.status == "paid"
    assert stock.available() == {"mug": 0}


def test_void_releases_the_stock(stock, held, services):
    assert stock.available() == {"mug": 0}

    services.engine.operations.void(held, idempotency_key="one")

    assert stock.available() == {"mug": 1}


def test_refund_leaves_the_stock_sold(stock, paid, services):
    services.engine.operations.refund(paid, amount=MUG, idempotency_key="one", reason="")

    assert stock.available() == {"mug": 0}  # whether it comes back is for the shop to say


@pytest.fixture
def late(stock, shopper, world, clock, services, repository):
    """Makes the charge of an order arrive after the shop has given it up."""
    never_arrives(shopper, world, clock, services)
    (row,) = services.admin_queries.orders(OrderSearch()).rows
    number = row.order.number
    (attempt,) = repository.get(number).attempts

    def arrives():
        charge = charge_made_for(world, number, attempt=attempt.key)
        services.engine.resolver.sync_charge(charge["id"])
        services.engine.worker.run_due()
        return repository.get(number)

    return arrives


def test_late_payment_counts_while_in_stock(late, stock):
    order = late()

    assert order.status == "paid"
    assert stock.available() == {"mug": 0}


def test_late_payment_is_refunded_when_sold_out(late, stock, stranger, world):
    assert buys(stranger).status_code == 303

    order = late()

    assert order.status == "payment_failed"
    assert [attempt.status for attempt in order.attempts] == ["surplus"]
    refunded = [(charge["amount"], charge["refunded_amount"]) for charge in world.charges()]
    assert refunded == [(MUG, 0), (MUG, MUG)]
    assert stock.available() == {"mug": 0}
