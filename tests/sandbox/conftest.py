"""A merchant's view of the sandbox: two keys, the two hosts, and raw responses."""

import pytest
import requests

from tests.sandbox.receiver import SECRET, Receiver

CARD = {
    "name": "SOMCHAI PRASERT",
    "number": "4242424242424242",
    "expiration_month": 12,
    "expiration_year": 2040,
    "security_code": "123",
}


class Host:
    """One of Omise's hosts, with its key."""

    def __init__(self, url, key):
        self.url = url
        self.key = key

    def __call__(self, method, path, body=None, **more):
        return requests.request(
            method, self.url + path, json=body, auth=(self.key, ""), timeout=5, **more
        )

    def get(self, path, **query):
        """The response to a GET."""
        return self("GET", path, params=query)

    def post(self, path, **body):
        """The response to a POST of JSON."""
        return self("POST", path, body)

    def patch(self, path, **body):
        """The response to a PATCH of JSON."""
        return self("PATCH", path, body)

    def delete(self, path):
        """The response to a DELETE."""
        return self("DELETE", path)


class Merchant:
    """A world of its own, seen from outside."""

    def __init__(self, world):
        self.world = world
        self.url = world.url
        self.vault = Host(world.url, world.public_key)
        self.api = Host(world.url, world.secret_key)

    def control(self, method, path, body=None):
        """The result of a control."""
        return self.world.control(method, path, body)

    def token(self, number=CARD["number"], **card):
        """A new token."""
        return self.vault.post("/tokens", card=CARD | {"number": number} | card).json()

    def charge(self, number=CARD["number"], **params):
        """A new charge by a new token, THB 1,000 by default."""
        params = {"amount": 100000, "currency": "thb"} | params
        return self.api.post("/charges", card=self.token(number)["id"], **params).json()

    def customer(self, *numbers):
        """A new customer with these cards."""
        customer = self.api.post("/customers", email="a@example.com").json()
        for number in numbers:
            token = self.token(number)["id"]
            customer = self.api.patch(f"/customers/{customer['id']}", card=token).json()
        return customer

    def now(self, charge):
        """The current state of the charge."""
        return self.api.get(f"/charges/{charge['id']}").json()

    def events(self):
        """The keys of all events, oldest first."""
        return [event["key"] for event in self.api.get("/events", limit=100).json()["data"]]


@pytest.fixture
def merchant(world):
    """A merchant with a world in the dialect of the test."""
    return Merchant(world)


@pytest.fixture
def receiver(merchant):
    """The receiver of the merchant's webhooks."""
    receiver = Receiver()
    merchant.control("POST", "settings", {"webhook_url": receiver.url, "webhook_secret": SECRET})
    yield receiver
    receiver.close()


def error_of(answer):
    """Status and code of an error, which must have Omise's envelope."""
    assert list(answer.json()) == ["object", "location", "code", "message"]
    return answer.status_code, answer.json()["code"]
