"""Payments whose first request is under way: a slow Omise refuses no one and lets no thief pass."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storefront.fraud.velocity_limits import LIMITS, PAYMENT
from storefront.payments.patience import Patience
from tests.support.clock import StandingClock
from tests.support.crowd import address

THREADS = 64
NETWORK = "8.8.4.4"


#: The clock stands still, so that no pause ends during a test.
@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def slow(world):
    """Makes Omise take so many seconds for each charge."""

    def wait(seconds, times=1000):
        world.fails("POST", "/charges", "delay", seconds=seconds, times=times)

    return wait


def prepared(crowd, count, card):
    """Clients and tokens made before, so that all payments begin at the same moment."""
    return [(crowd.client(), card(n)) for n in range(count)]


def pay_at_once(crowd, payers, networks=1):
    """Pay with all of them at the same time, from so many networks: the responses."""

    def pay(n):
        client, token = payers[n]
        ip = NETWORK if networks == 1 else address(n % networks)
        return crowd.pay(ip, f"p{n}@example.com", token, client)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(pay, range(len(payers))))


@pytest.mark.parametrize("networks", [1, 60], ids=["one network", "many networks"])
def test_slow_omise_refuses_no_honest_payer(crowd, slow, attack_counter, networks):
    count = 36 if networks == 1 else 120
    payers = prepared(crowd, count, crowd.honest_card)
    slow(1.5)

    answers = [answer.status_code for answer in pay_at_once(crowd, payers, networks)]
    attack_counter["honest payers while Omise is slow"] += count
    attack_counter["honest payers while Omise is slow refused"] += count - answers.count(200)

    assert answers == [200] * count


def test_payer_of_a_full_network_waits_briefly_when_omise_is_very_slow(crowd, slow, services):
    services.engine.service._patience = Patience(places=1, longest_wait=0.5)
    limit = LIMITS[PAYMENT]["network"].allowed
    payers = prepared(crowd, limit + 1, crowd.honest_card)
    slow(1.8)

    answers = pay_at_once(crowd, payers)

    (refused,) = [answer for answer in answers if answer.status_code != 200]
    assert (refused.status_code, refused.get_json()["code"]) == (429, "payments_under_way")
    assert int(refused.headers["Retry-After"]) <= 5
    assert "You have not been charged" in refused.get_json()["error"]


@pytest.mark.parametrize("networks", [1, 100], ids=["one network", "many networks"])
def test_parallel_stolen_cards_get_no_further(crowd, slow, attack_counter, networks):
    count = 120 if networks == 1 else 400
    thieves = prepared(crowd, count, lambda n: crowd.stolen_card())
    slow(0.5)

    answers = [answer.status_code for answer in pay_at_once(crowd, thieves, networks)]
    attack_counter["parallel stolen cards"] += count
    attack_counter["parallel stolen cards that reached Omise"] += answers.count(402)

    assert set(answers) <= {402, 429}
    assert answers.count(402) <= (LIMITS[PAYMENT]["network"].allowed if networks == 1 else 150)
