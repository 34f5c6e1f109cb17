"""Everything that can go wrong on the way to Omise and back, made to happen: one charge at most.

Each test tells the shopper's side, what our ledger says, and what Omise has.
"""

import socket

import pytest

from storefront.shop.cart import Cart
from storefront.shop.checkout import PaymentChoice
from storefront.shop.shopper import Shopper
from tests.payments.conftest import paid_charges
from tests.support.flask_shopper import FlaskShopper
from tests.support.programs import wait_until

MUG = 39000


@pytest.fixture
def impatient(shop_with):
    """A shop that waits for Omise a third of a second."""
    return shop_with(omise_connect_timeout=0.1, omise_read_timeout=0.3)


# Nothing was sent


def test_refused_connection_charges_nothing_and_can_be_retried(shop_with, shopper, world):
    cut_off = FlaskShopper(shop_with(omise_api_url="http://127.0.0.1:9"), world)
    cut_off.puts_in_cart()
    cut_off.pays()
    assert cut_off.status == "payment_failed"
    assert "We could not reach our payment provider." in cut_off.text

    shopper.cookie = cut_off.cookie
    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", cut_off.order_number)
    assert paid_charges(world) == [MUG]


@pytest.fixture
def deaf():
    """The address of a host that never answers a call to connect: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, socket.socket() as queued:
        queued.connect(server.getsockname())
        yield "http://{}:{}".format(*server.getsockname())


def test_connect_timeout_charges_nothing(shop_with, world, deaf):
    app = shop_with(omise_api_url=deaf, omise_connect_timeout=0.1)
    shopper = FlaskShopper(app, world)
    shopper.puts_in_cart()

    shopper.pays()

    payment = app.extensions["shop"].engine.repository.get(shopper.order_number)
    assert (payment.status, payment.latest_attempt.status) == ("payment_failed", "rejected")
    assert "You have not been charged" in shopper.text


# The answer was lost


def test_charge_with_a_read_timeout_is_found(impatient, world, clock):
    shopper = FlaskShopper(impatient, world)
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "delay", seconds=1.5)

    shopper.pays()
    assert shopper.status == "confirming"
    assert "Do not pay again" in shopper.text
    wait_until(world.charges, "the charge is made")
    clock.advance(5)
    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


def test_retry_during_a_slow_charge_charges_nothing(impatient, world, clock):
    shopper = FlaskShopper(impatient, world)
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "delay", seconds=1.5)
    shopper.pays()
    number = shopper.order_number

    shopper.pays()
    wait_until(world.charges, "the charge is made")
    clock.advance(5)
    shopper.sees(f"/orders/{number}")

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert paid_charges(world) == [MUG]


@pytest.mark.parametrize("do", ["drop_after", "garbage"])
def test_charge_with_a_lost_response_is_found_and_not_repeated(shopper, world, do):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", do)

    shopper.pays()
    assert shopper.status == "paid"
    shopper.pays()

    assert paid_charges(world) == [MUG]


def test_unknown_attempt_blocks_another_charge(shopper, world):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    unknown = shopper.order_number
    assert shopper.status == "confirming"
    assert "Do not pay again" in shopper.text

    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("confirming", unknown)
    assert world.charges() == []


def test_lost_request_is_closed_after_its_deadline_and_can_be_retried(
    shopper, world, clock, services
):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    assert shopper.status == "confirming"

    clock.advance(services.settings.omise_settled_after + 1)
    shopper.sees(f"/orders/{shopper.order_number}")
    assert shopper.status == "payment_failed"
    assert "did not reach the bank. You have not been charged." in shopper.text
    shopper.pays()

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_error_is_unknown_and_not_a_decline(shopper, world, repository, status):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "status", status=status)

    shopper.pays()

    assert shopper.status == "confirming"
    assert repository.get(shopper.order_number).latest_attempt.status == "unknown"
    assert world.charges() == []


@pytest.mark.parametrize("status", [502, 503])
def test_payment_is_resolved_after_an_outage_of_minutes(
    shopper, world, repository, services, clock, status
):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=status, times=12)
    shopper.pays()
    number = shopper.order_number

    for _ in range(3):
        clock.advance(60)
        services.engine.worker.run_due()
        assert repository.get(number).status == "confirming"
    clock.advance(60)
    services.engine.worker.run_due()

    assert repository.get(number).status == "paid"
    assert paid_charges(world) == [MUG]


# A slow vault


def test_slow_vault_charges_nothing_and_can_be_retried(impatient, world):
    shopper = FlaskShopper(impatient, world)
    shopper.signs_up()
    shopper.puts_in_cart()
    world.fails("GET", "/tokens/*", "delay", seconds=0.6, times=3)

    shopper.pays(save_card="1")
    assert shopper.status == "payment_failed"
    assert world.charges() == []
    shopper.pays()

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


# Cards that are gone


@pytest.fixture
def member(member):
    """A shopper with a saved card and a mug in the cart."""
    member.puts_in_cart()
    return member


def test_saved_card_deleted_at_omise_is_not_charged(member, world):
    card = member.card
    (customer,) = world.customers()
    world.api("DELETE", f"/customers/{customer['id']}/cards/{card}")

    member.pays(card=card)
    assert "This saved card does not exist." in member.text
    assert world.charges() == []

    member.pays()
    assert member.status == "paid"


def test_customer_deleted_at_omise_is_created_again(member, world):
    card = member.card
    (customer,) = world.customers()
    world.api("DELETE", f"/customers/{customer['id']}")

    member.pays(card=card)
    assert "This saved card does not exist." in member.text
    assert world.charges() == []

    member.pays(save_card="1")
    assert member.status == "paid"
    assert member.card != card


def test_existing_saved_card_stays_after_a_decline(app, member, services, world):
    """Only a card that the payment itself brought along goes again."""
    card = member.card
    cart = Cart(services.catalogue, "THB", "a cart", {"mug": 1})
    owner = Shopper(user_id=1, email="somchai@example.com")
    world.fails("POST", "/charges", "status", status=400)

    with app.test_request_context():
        order = services.checkout.pay(cart, owner, PaymentChoice(card=card, save_card=True))

    assert order.latest_attempt.status == "rejected"
    assert member.card == card


def test_shopper_reads_how_long_a_lost_result_takes_at_most(shopper, charge_never_sent):
    page = shopper.sees(f"/orders/{charge_never_sent}").get_data(as_text=True)

    assert "for 3 minutes at most" in page
    assert "we email the receipt to" in page
