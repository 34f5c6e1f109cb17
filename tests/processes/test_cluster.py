"""Three shops and two workers on one PostgreSQL and one Valkey, behind the shipped Caddyfile."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bench.chaos import comparison
from tests.support.cluster import Cluster
from tests.support.http_shopper import HttpShopper
from tests.support.programs import wait_until

SHOPPERS = 6
POSTS = 20  #: of one network in a minute
ASKS_THE_BANK = "4000000000003063"


@pytest.fixture(scope="module")
def cluster(sandbox_url, postgresql, tmp_path_factory):
    """The cluster, whose shops migrate one empty database at the same time."""
    more = {
        "POSTS_PER_MINUTE": str(POSTS),
        "WEB_THREADS": "8",
        "OMISE_READ_TIMEOUT": "4",
        "OMISE_CONNECT_TIMEOUT": "1",
    }
    more |= {"OMISE_SETTLED_AFTER": "9", "VELOCITY_SCALE": "1000000"}
    folder = tmp_path_factory.mktemp("cluster")
    with Cluster(sandbox_url, postgresql.new_empty(), folder, **more) as made:
        yield made


def at(shop, shopper):
    """The same shopper at one of the shops."""
    moved = HttpShopper(shop.url, shopper.world)
    moved.http.cookies.update(shopper.http.cookies)
    moved.csrf, moved.cart = shopper.csrf, shopper.cart
    return moved


def test_session_begun_at_one_shop_pays_at_another(cluster):
    first, second, third = cluster.shops
    shopper = HttpShopper(first.url, cluster.world)
    shopper.at_checkout()

    number = at(second, shopper).pays()

    elsewhere = at(third, at(second, shopper))
    assert elsewhere.http.get(f"{third.url}/orders/{number}/status").status_code == 404
    assert [c["amount"] for c in cluster.world.charges()] == [39000]


def test_limits_hold_over_all_shops(cluster):
    headers = {"X-Forwarded-For": "9.9.9.9", "Sec-Fetch-Site": "same-origin"}
    turns = 10 * cluster.shops

    statuses = [
        requests.post(f"{cluster.url}/language", headers=headers, timeout=20).status_code
        for _ in turns
    ]

    assert statuses == [200] * POSTS + [429] * (len(turns) - POSTS)


def test_slow_clients_take_no_thread(cluster):
    """Sixteen bodies drip through the proxy; the eight threads of each shop stay free."""
    lines = ["POST /charge HTTP/1.1", f"Host: 127.0.0.1:{cluster.port}", "Content-Length: 60000"]
    head = "\r\n".join(lines) + "\r\n\r\n{"
    slow = [socket.create_connection(("127.0.0.1", cluster.port)) for _ in range(30)]
    for connection in slow:
        connection.sendall(head.encode())

    began = time.monotonic()
    answers = [requests.get(cluster.url, timeout=20).status_code for _ in range(6)]
    took = time.monotonic() - began
    for connection in slow:
        connection.close()

    assert answers == [200] * 6
    assert took < 5


class Traffic:
    """Shoppers who pay through the proxy until told to stop, and what they saw."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.is_over = threading.Event()
        self.orders, self.refused = [], []

    def __enter__(self):
        self.pool = ThreadPoolExecutor(SHOPPERS)
        self.jobs = [self.pool.submit(self.shop) for _ in range(SHOPPERS)]
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for job in self.jobs:
            job.result(60)
        self.pool.shutdown()

    def shop(self):
        """Buy again and again, each time as another guest."""
        while not self.is_over.is_set():
            shopper = HttpShopper(self.cluster.url, self.cluster.world)
            try:
                answer = shopper.at_checkout()
                answer = self.pay(shopper) if answer.ok else answer
            except (requests.RequestException, AssertionError) as error:
                self.refused.append(repr(error)[:200])
            else:
                if not answer.ok:
                    self.refused.append(f"{answer.url} {answer.status_code}")

    def pay(self, shopper):
        """Pay, and remember the order."""
        answer = shopper.pays_by_json(token=shopper.world.token())
        if answer.ok:
            self.orders.append(answer.json()["order"])
        return answer


def test_shop_and_worker_are_killed_during_payments_and_nothing_is_lost(cluster):
    with Traffic(cluster) as traffic:
        wait_until(lambda: len(traffic.orders) > 10, "shoppers pay")
        cluster.kill_shop(cluster.shops[1])
        cluster.kill_worker()
        paid = len(traffic.orders)
        wait_until(lambda: len(traffic.orders) > paid + 10, "shoppers pay again")

    assert comparison.settle(cluster.shops[0]) == []
    assert list(comparison.compare(cluster.shops[0], set(traffic.orders))) == []


def test_rolling_restart_with_a_migration_refuses_no_request(cluster):
    with Traffic(cluster) as traffic:
        wait_until(lambda: len(traffic.orders) > 5, "shoppers pay")
        cluster.upgrade(cluster.newer_release())
        paid = len(traffic.orders)
        wait_until(lambda: len(traffic.orders) > paid + 5, "shoppers pay at the new release")

    checks = requests.get(f"{cluster.shops[2].url}/readyz", timeout=20).json()["checks"]
    assert traffic.refused == []
    assert (checks["database"], checks["migrations"]) == ("ok", "ok")
    assert comparison.settle(cluster.shops[0]) == []
    assert list(comparison.compare(cluster.shops[0], set(traffic.orders))) == []
