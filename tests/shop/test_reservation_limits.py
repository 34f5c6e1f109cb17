"""One visitor cannot reserve the whole stock and pay for nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storefront.shop.reservation_limits import LIMITS, UNPAID_SHARE
from tests.shop.conftest import STOCK
from tests.support.crowd import address

NETWORK = "8.8.4.4"


def reserve(crowd, number, *, ip=None, email=None, client=None):
    """Choose a QR code, which is never paid: the response."""
    email = email or f"h{number}@example.com"
    return crowd.pay(ip or address(number), email, client=client, method="promptpay")


@pytest.mark.parametrize(
    ("name", "shared"),
    [("network", {"ip": NETWORK}), ("email", {"email": "h@example.com"})],
)
def test_unpaid_orders_of_one_payer_are_limited(crowd, database, name, shared):
    answers = [reserve(crowd, n, **shared) for n in range(LIMITS[name].orders + 2)]

    statuses = [answer.status_code for answer in answers]
    assert statuses == [202] * LIMITS[name].orders + [429] * 2
    assert answers[-1].get_json()["code"] == "too_many_unpaid_orders"
    assert "You have not been charged" in answers[-1].get_json()["error"]


def test_unpaid_orders_of_one_session_are_limited(app, shopper, services):
    services.inventory.set_level("mug", STOCK)
    for quantity in range(1, LIMITS["session_key"].orders + 1):
        shopper.puts_in_cart("mug", quantity)
        assert shopper.pays(token="", method="promptpay").status_code == 200
        with shopper.client.session_transaction() as session:
            session.pop("cart")
    shopper.puts_in_cart("mug")

    answer = shopper.pays(token="", method="promptpay", email="s@example.com")

    assert "several orders that are not paid yet" in shopper.text
    assert 'value="s@example.com"' in answer.get_data(as_text=True)


def test_strangers_together_reserve_only_a_share(crowd, services):
    answers = [reserve(crowd, n) for n in range(STOCK)]

    share = int(STOCK * UNPAID_SHARE)
    assert [answer.status_code for answer in answers] == [202] * share + [409] * (STOCK - share)
    assert answers[-1].get_json()["code"] == "stock_on_hold"
    assert services.inventory.available() == {"mug": STOCK - share}


def test_others_still_buy_by_card(crowd):
    for number in range(STOCK):
        reserve(crowd, number, ip=NETWORK, email="h@example.com")

    bought = [crowd.pay(NETWORK, "h@example.com") for _ in range(5)]

    assert [answer.status_code for answer in bought] == [200] * 5


def test_browser_that_paid_before_is_not_held_back_by_strangers(crowd):
    known = crowd.client()
    assert crowd.pay(NETWORK, "known@example.com", client=known).status_code == 200
    for number in range(STOCK):
        reserve(crowd, number, ip=NETWORK)
    with known.session_transaction() as session:
        session["cart"] = {"key": "the next cart", "quantities": {"mug": 1}}

    assert reserve(crowd, 99, ip=NETWORK, client=known).status_code == 202


def test_last_one_may_be_paid_by_a_code(crowd, services):
    services.inventory.set_level("mug", 1)

    assert reserve(crowd, 1).status_code == 202


def test_expired_codes_no_longer_count(crowd, services, world):
    for number in range(LIMITS["network"].orders):
        reserve(crowd, number, ip=NETWORK)
    for charge in world.charges():
        world.api("POST", f"/charges/{charge['id']}/expire")
        services.engine.resolver.sync_charge(charge["id"])

    assert reserve(crowd, 99, ip=NETWORK).status_code == 202


def test_limit_holds_for_concurrent_orders(crowd, database):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: reserve(crowd, n, email="h@example.com"), range(8)))

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(202) == LIMITS["email"].orders
