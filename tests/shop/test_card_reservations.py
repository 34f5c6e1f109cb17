"""Cards that wait at the bank hold a share of the stock for one network or email, not all of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storefront.shop.reservation_limits import PAYER_SHARE, PAYER_UNITS
from tests.shop.conftest import STOCK
from tests.support.crowd import address

SHARE = int(STOCK * PAYER_SHARE)
NETWORK = "8.8.4.4"
THREE_DS = "4000000000003063"


@pytest.fixture
def hold(crowd, world):
    """Sends a shopper to the bank, who does not come back: the response."""

    def go(number, *, ip=None, email=None, client=None):
        token, email = world.token(THREE_DS), email or f"h{number}@example.com"
        return crowd.pay(ip or address(number), email, token, client)

    return go


def statuses(answers):
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    "shared",
    [{"ip": NETWORK, "email": "t@example.com"}, {"ip": NETWORK}, {"email": "t@example.com"}],
    ids=["network and email", "network", "email"],
)
def test_one_payer_holds_a_share_and_others_buy(crowd, services, hold, shared, attack_counter):
    answers = [hold(n, **shared) for n in range(STOCK)]
    attack_counter["3-D Secure payments that hold stock"] += STOCK

    assert statuses(answers) == [202] * SHARE + [409] * (STOCK - SHARE)
    assert answers[-1].get_json()["code"] == "stock_on_hold"
    assert "Try again in 30 minutes" in answers[-1].get_json()["error"]
    assert services.inventory.available() == {"mug": STOCK - SHARE}
    assert crowd.pay(address(99), "next@example.com").status_code == 200


def test_large_orders_get_no_further(crowd, services, world):
    def cart_of(quantity):
        client = crowd.client()
        with client.session_transaction() as session:
            session["cart"] = {**session["cart"], "quantities": {"mug": quantity}}
        return client

    def hold(quantity, n):
        token = world.token(THREE_DS)
        return crowd.pay(NETWORK, f"h{n}@example.com", token, cart_of(quantity)).status_code

    assert [hold(9, 1), hold(9, 2), hold(3, 3)] == [202, 409, 202]
    assert services.inventory.available() == {"mug": STOCK - SHARE}


def test_honest_shoppers_of_one_network_all_get_to_their_bank(crowd, services, hold):
    services.inventory.set_level("mug", 100)

    assert statuses(hold(n, ip=NETWORK) for n in range(36)) == [202] * 36


def test_honest_shoppers_of_many_networks_hold_all(hold):
    assert statuses(hold(n) for n in range(STOCK)) == [202] * STOCK


def test_small_stock_is_for_a_few_of_one_network(services, hold):
    services.inventory.set_level("mug", PAYER_UNITS)

    assert statuses(hold(n, ip=NETWORK) for n in range(PAYER_UNITS)) == [202] * PAYER_UNITS


def test_order_that_exists_is_paid_while_others_hold_the_share(crowd, world, hold):
    client = crowd.client()
    declined = crowd.pay(NETWORK, "h@example.com", crowd.stolen_card(), client)
    for n in range(STOCK):
        hold(n, ip=NETWORK)

    again = hold(99, ip=NETWORK, email="h@example.com", client=client)

    assert (declined.status_code, again.status_code) == (402, 202)
    assert again.get_json()["order"] == declined.get_json()["order"]


def test_browser_that_paid_before_is_exempt(crowd, hold):
    known = crowd.client()
    assert crowd.pay(NETWORK, "known@example.com", client=known).status_code == 200
    for n in range(STOCK):
        hold(n, ip=NETWORK)
    with known.session_transaction() as session:
        session["cart"] = {"key": "the next cart", "quantities": {"mug": 1}}

    assert hold(99, ip=NETWORK, client=known).status_code == 202


def test_share_holds_for_concurrent_orders(crowd, services, hold, database):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: hold(n, ip=NETWORK), range(STOCK)))

    assert sorted(statuses(answers)) == [202] * SHARE + [409] * (STOCK - SHARE)


def test_payments_under_way_are_waited_for(crowd, world, services, database):
    """Cards that need no bank hold their stock for as long as Omise takes only."""
    world.fails("POST", "/charges", "delay", seconds=1, times=STOCK)

    with ThreadPoolExecutor(STOCK) as pool:
        answers = list(pool.map(lambda n: crowd.pay(NETWORK, f"h{n}@example.com"), range(STOCK)))

    assert statuses(answers) == [200] * STOCK
    assert services.inventory.available() == {"mug": 0}
