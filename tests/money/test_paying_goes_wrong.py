"""Everything that can go wrong while a card is charged, made to happen: one charge at most.

Each test tells the shopper's side, what our ledger says, and what Omise has.
"""

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from storefront.catalogue import Catalogue
from storefront.money import Money
from tests.programs import wait_until
from tests.shopper import ShopperAtTheShop

MUG = 39000


@pytest.fixture
def impatient(shop_with):
    """A shop that waits for Omise a third of a second."""
    return shop_with(omise_connect_timeout=0.1, omise_read_timeout=0.3)


def paid_charges(world):
    return [charge["amount"] for charge in world.charges() if charge["paid"]]


# Nothing was sent


def test_a_refused_connection_charges_nothing_and_the_shopper_may_pay_again(
    shop_with, shopper, world
):
    cut_off = ShopperAtTheShop(shop_with(omise_api_url="http://127.0.0.1:9"), world)
    cut_off.puts_in_cart()
    cut_off.pays()
    assert cut_off.status == "payment_failed"
    assert "We could not reach our payment service." in cut_off.text

    shopper.client.set_cookie("session", cut_off.client.get_cookie("session").value)
    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", cut_off.order_number)
    assert paid_charges(world) == [MUG]


@pytest.fixture
def deaf():
    """The address of a host that never answers a call to connect: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, socket.socket() as queued:
        queued.connect(server.getsockname())
        yield "http://{}:{}".format(*server.getsockname())


def test_a_connection_that_is_not_made_in_time_charges_nothing(shop_with, world, deaf):
    app = shop_with(omise_api_url=deaf, omise_connect_timeout=0.1)
    shopper = ShopperAtTheShop(app, world)
    shopper.puts_in_cart()

    shopper.pays()

    order = app.extensions["shop"].ledger.order(shopper.order_number)
    assert (order.status, order.newest_charge.state) == ("payment_failed", "refused")
    assert "You have not been charged" in shopper.text


# The answer was lost


def test_a_charge_that_takes_too_long_is_found_when_it_is_made(impatient, world, ledger, clock):
    shopper = ShopperAtTheShop(impatient, world)
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "delay", seconds=1.5)

    shopper.pays()
    assert shopper.status == "confirming"
    assert "Do not pay again" in shopper.text
    wait_until(world.charges, "the charge is made")
    clock.advance(2)
    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


def test_paying_again_while_a_slow_charge_is_under_way_charges_nothing_more(
    impatient, world, clock
):
    shopper = ShopperAtTheShop(impatient, world)
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "delay", seconds=1.5)
    shopper.pays()
    number = shopper.order_number

    shopper.pays()
    wait_until(world.charges, "the charge is made")
    clock.advance(2)
    shopper.sees(f"/orders/{number}")

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert paid_charges(world) == [MUG]


@pytest.mark.parametrize("do", ["drop_after", "garbage"])
def test_a_charge_whose_answer_was_lost_is_found_and_not_made_again(shopper, world, do):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", do)

    shopper.pays()
    shopper.pays()

    assert paid_charges(world) == [MUG]


def test_a_charge_that_was_lost_on_its_way_is_given_up_and_may_be_paid_again(
    shopper, world, clock, parts
):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    assert shopper.status == "confirming"

    clock.advance(parts.settings.omise_latest_arrival + 1)
    shopper.sees(f"/orders/{shopper.order_number}")
    assert shopper.status == "payment_failed"
    shopper.pays()

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_error_of_omise_is_no_refusal(shopper, world, ledger, status):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "status", status=status)

    shopper.pays()

    assert shopper.status == "confirming"
    assert ledger.order(shopper.order_number).newest_charge.state == "unknown"
    assert world.charges() == []


@pytest.mark.parametrize("status", [502, 503])
def test_an_omise_that_is_down_for_minutes_keeps_nobody_from_the_truth(
    shopper, world, ledger, parts, clock, status
):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=status, times=12)
    shopper.pays()
    number = shopper.order_number

    for _ in range(3):
        clock.advance(60)
        parts.worker.work_off()
        assert ledger.order(number).status == "confirming"
    clock.advance(60)
    parts.worker.work_off()

    assert ledger.order(number).status == "paid"
    assert paid_charges(world) == [MUG]


# A slow vault


def test_a_slow_vault_charges_nothing_and_the_shopper_may_pay_again(impatient, world, ledger):
    shopper = ShopperAtTheShop(impatient, world)
    shopper.signs_up()
    shopper.puts_in_cart()
    world.fails("GET", "/tokens/*", "delay", seconds=0.6, times=3)

    shopper.pays(save_card="1")
    assert shopper.status == "payment_failed"
    assert world.charges() == []
    shopper.pays()

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


# Twice


def twins(app, shopper, world, count=2):
    """The same person in several tabs."""
    for _ in range(count):
        twin = ShopperAtTheShop(app, world)
        twin.client.set_cookie("session", shopper.client.get_cookie("session").value)
        yield twin


@pytest.mark.parametrize("same_token", [True, False], ids=["double click", "two tabs"])
def test_two_clicks_at_once_make_one_charge(app, shopper, world, same_token):
    shopper.puts_in_cart()
    token = world.token()
    tabs = [(tab, token if same_token else world.token()) for tab in twins(app, shopper, world, 4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda pair: pair[0].pays_by_json(token=pair[1]), tabs))

    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.get_json()["order"] for answer in answers}) == 1
    assert paid_charges(world) == [MUG]


def test_a_second_click_while_the_first_waits_for_omise_charges_nothing(app, shopper, world):
    shopper.puts_in_cart()
    first, second = twins(app, shopper, world)
    world.fails("POST", "/charges", "delay", seconds=0.5)

    with ThreadPoolExecutor(1) as pool:
        paying = pool.submit(first.pays)
        world.waits_for_the_fault()
        second.pays()
        paying.result()

    assert second.status == "confirming"
    assert (first.status, first.order_number) == ("paid", second.order_number)
    assert paid_charges(world) == [MUG]


def test_the_same_token_twice_makes_one_charge(shopper, world):
    token = world.token()
    shopper.puts_in_cart()
    cookie = shopper.client.get_cookie("session").value
    shopper.pays(token=token)

    shopper.client.set_cookie("session", cookie)
    shopper.pays(token=token)

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


def test_the_same_token_for_another_cart_is_refused(shopper, world):
    token = world.token()
    shopper.puts_in_cart()
    shopper.pays(token=token)
    shopper.puts_in_cart("lamp")

    assert shopper.pays(token=token).status_code == 409
    assert paid_charges(world) == [MUG]


def test_a_reload_of_the_result_page_charges_nothing(shopper, world, paid):
    for _ in range(3):
        shopper.sees(f"/orders/{paid}")

    assert shopper.status == "paid"
    assert paid_charges(world) == [MUG]


def test_the_back_button_after_paying_leads_to_the_order(shopper, world):
    """The browser still has the old page and the old cookie, and sends the form once more."""
    shopper.puts_in_cart()
    cookie = shopper.client.get_cookie("session").value
    shopper.pays()
    number = shopper.order_number

    shopper.client.set_cookie("session", cookie)
    shopper.sees("/checkout")
    assert (shopper.status, shopper.order_number) == ("paid", number)
    shopper.client.set_cookie("session", cookie)
    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", number)
    assert paid_charges(world) == [MUG]


# The cart and the prices


def test_a_cart_that_changed_in_another_tab_takes_nothing_and_shows_the_new_total(shopper, world):
    shopper.puts_in_cart()
    shopper.puts_in_cart("lamp")

    answer = shopper.pays(amount=MUG)

    assert answer.status_code == 409
    assert "The total has changed." in shopper.text
    assert "฿2,280.00" in shopper.text
    assert world.charges() == []


def test_a_cart_that_changes_while_it_is_being_paid_is_charged_as_it_was(app, shopper, world):
    shopper.puts_in_cart()
    first, second = twins(app, shopper, world)
    world.fails("POST", "/charges", "delay", seconds=0.5)

    with ThreadPoolExecutor(1) as pool:
        paying = pool.submit(first.pays)
        world.waits_for_the_fault()
        second.puts_in_cart("lamp")
        second.pays()
        paying.result()

    assert first.status == "paid"
    assert second.order_number == first.order_number
    assert paid_charges(world) == [MUG]


@pytest.fixture
def dearer(shop_with):
    """The same shop after every price went up by a baht."""
    app = shop_with()
    shop = app.extensions["shop"]
    shelf = Catalogue(
        tuple(
            replace(product, price=Money(product.price.amount + 100, product.price.currency))
            for product in shop.catalogue
        )
    )
    app.extensions["shop"] = replace(shop, catalogue=shelf)
    return app


def test_a_price_that_changed_meanwhile_takes_nothing_and_shows_the_new_total(
    shopper, dearer, world
):
    shopper.puts_in_cart()
    (late,) = twins(dearer, shopper, world, 1)

    answer = late.pays(amount=MUG)

    assert answer.status_code == 409
    assert "฿391.00" in late.text
    assert world.charges() == []


def test_a_price_that_changed_after_a_decline_makes_a_new_order(shopper, dearer, world, ledger):
    shopper.puts_in_cart()
    shopper.pays("4000000000000002")
    declined = shopper.order_number
    (late,) = twins(dearer, shopper, world, 1)

    late.pays(amount=MUG + 100)

    assert late.status == "paid"
    assert ledger.order(declined).status == "cancelled"
    assert ledger.order(declined).amount == MUG
    assert paid_charges(world) == [MUG + 100]


def test_a_price_that_changed_after_the_charge_changes_no_order(shopper, dearer, world, ledger):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    number = shopper.order_number
    (late,) = twins(dearer, shopper, world, 1)

    late.pays()

    assert (late.status, late.order_number) == ("confirming", number)
    assert ledger.order(number).amount == MUG


# Cards that are gone


@pytest.fixture
def member(shopper, world):
    """Somebody who has a saved card and a mug in the cart."""
    shopper.signs_up()
    shopper.sends("/cards", token=world.token())
    shopper.puts_in_cart()
    return shopper


def test_a_saved_card_that_was_deleted_at_omise_charges_nothing(member, world):
    card = member.card
    (customer,) = world.customers()
    world.api("DELETE", f"/customers/{customer['id']}/cards/{card}")

    assert member.pays(card=card).status_code == 404
    assert world.charges() == []

    member.pays()
    assert member.status == "paid"


def test_a_customer_that_was_deleted_at_omise_charges_nothing_and_can_be_made_anew(member, world):
    card = member.card
    (customer,) = world.customers()
    world.api("DELETE", f"/customers/{customer['id']}")

    assert member.pays(card=card).status_code == 404
    assert world.charges() == []

    member.pays(save_card="1")
    assert member.status == "paid"
    assert member.card != card
