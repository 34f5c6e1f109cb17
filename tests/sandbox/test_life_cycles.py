"""Life cycles: after any sequence of calls, balances add up and every change has its event.

`make fuzz` runs longer.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)
from urllib3 import PoolManager, make_headers

from omise_sandbox.testing.world import CARD, World

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "30"))
STEPS = 30
MINUTE, DAY = 60, 24 * 60 * 60
TOKEN_LASTS = 30 * MINUTE
NUMBERS = ("4242424242424242", "4000000000000002", "4000000000003063", "4111111111140011")

#: Event → what it says of the charge that it shows.
TELLS = {
    "charge.create": lambda charge: True,
    "charge.complete": lambda charge: charge["status"] in ("successful", "failed", "pending"),
    "charge.capture": lambda charge: charge["status"] == "successful",
    "charge.reverse": lambda charge: charge["status"] == "reversed",
    "charge.expire": lambda charge: charge["status"] == "expired",
    "charge.update": lambda charge: True,
}


class Merchant(RuleBasedStateMachine):
    """A merchant who makes arbitrary calls and keeps accounts."""

    url = dialect = ""
    tokens = Bundle("tokens")
    charges = Bundle("charges")
    customers = Bundle("customers")

    def __init__(self):
        super().__init__()
        self.http = PoolManager(retries=False, timeout=5)
        self.world = World.new(self.url, dialect=self.dialect)
        self.world.control("POST", "clock", {"frozen": True})
        self.made_at = {}
        self.used = set()
        self.now = 0
        self.known = {}
        self.fees_kept = 0

    def teardown(self):
        self.world.control("DELETE", "worlds")
        self.http.clear()

    # Calls

    def call(self, method, path, key=None, **body):
        """The response of the API; an error has its envelope and is not a crash."""
        login = make_headers(basic_auth=f"{key or self.world.secret_key}:")
        answer = self.http.request(method, self.url + path, json=body or None, headers=login)
        told = answer.json()
        assert answer.status < 500, told
        assert (answer.status == 200) == (told["object"] != "error"), told
        return told

    def pay(self, token, capture, **more):
        """Charge a token, and check that it was accepted exactly when it should be."""
        fits = token not in self.used and self.now - self.made_at[token] <= TOKEN_LASTS
        charge = self.call(
            "POST",
            "/charges",
            amount=100000,
            currency="thb",
            card=token,
            capture=capture,
            return_uri="https://shop.example/",
            **more,
        )
        assert (charge["object"] == "charge") == fits, charge
        if not fits:
            assert charge["code"] in ("used_token", "token_expired")
        self.used.add(token)
        return charge

    @rule(target=tokens, number=st.sampled_from(NUMBERS))
    def makes_a_token(self, number):
        token = self.call("POST", "/tokens", self.world.public_key, card=CARD | {"number": number})
        self.made_at[token["id"]] = self.now
        return token["id"]

    @rule(target=charges, token=tokens, capture=st.booleans())
    def charges_a_token(self, token, capture):
        charge = self.pay(token, capture)
        return charge["id"] if charge["object"] == "charge" else None

    @rule(target=customers, token=consumes(tokens))
    def keeps_a_card(self, token):
        fits = token not in self.used and self.now - self.made_at[token] <= TOKEN_LASTS
        customer = self.call("POST", "/customers", email="a@example.com", card=token)
        assert (customer["object"] == "customer") == fits, customer
        self.used.add(token)
        return customer["id"] if fits else None

    @rule(target=charges, customer=customers, capture=st.booleans())
    def charges_a_customer(self, customer, capture):
        if customer is None:
            return None
        charge = self.call(
            "POST",
            "/charges",
            amount=100000,
            currency="thb",
            customer=customer,
            capture=capture,
            return_uri="https://shop.example/",
        )
        return charge["id"]

    @rule(charge=charges, amount=st.sampled_from([1, 30000, 100000, 100001]))
    def captures(self, charge, amount):
        self.do(charge, "capture", capture_amount=amount)

    @rule(charge=charges, deed=st.sampled_from(["capture", "reverse", "expire"]))
    def settles(self, charge, deed):
        self.do(charge, deed)

    @rule(charge=charges, deed=st.sampled_from(["mark_as_paid", "mark_as_failed"]))
    def marks(self, charge, deed):
        self.do(charge, deed)

    @rule(charge=charges, amount=st.sampled_from([1, 30000, 50000, 100000, 100001]))
    def refunds(self, charge, amount):
        self.do(charge, "refunds", amount=amount)

    def do(self, charge, deed, **body):
        """Do something to a charge, if there is one."""
        if charge is not None:
            self.call("POST", f"/charges/{charge}/{deed}", **body)

    @rule(charge=charges, outcome=st.sampled_from(["approve", "decline", "cancel", "nonsense"]))
    def answers_the_bank(self, charge, outcome):
        uri = charge and self.call("GET", f"/charges/{charge}")["authorize_uri"]
        if uri:
            answer = self.http.request_encode_body("POST", uri, {"outcome": outcome})
            assert answer.status in (200, 303)

    @rule(seconds=st.sampled_from([7 * MINUTE, 31 * MINUTE, 2 * DAY, 8 * DAY]))
    def waits(self, seconds):
        self.world.advance(seconds)
        self.now += seconds

    # What always holds

    @invariant()
    def the_books_agree(self):
        charges = self.call("GET", "/charges?limit=100")["data"]
        self.money_adds_up(charges)
        self.every_change_has_its_event(charges)
        self.lists_agree_with_what_is_retrieved(charges)

    def money_adds_up(self, charges):
        for charge in charges:
            assert 0 <= charge["captured_amount"] <= charge["authorized_amount"]
            refunded = sum(refund["amount"] for refund in charge["refunds"]["data"])
            assert charge["refunded_amount"] == refunded
            assert refunded <= (charge["captured_amount"] if charge["paid"] else 0)
            assert charge["paid"] == (charge["status"] == "successful")
        transactions = self.call("GET", "/transactions?limit=100")["data"]
        total = sum(
            one["amount"] * (1 if one["direction"] == "credit" else -1) for one in transactions
        )
        assert self.call("GET", "/balance")["total"] == total
        debits = [one["amount"] for one in transactions if one["direction"] == "debit"]
        assert sum(debits) == sum(charge["refunded_amount"] for charge in charges)

    def every_change_has_its_event(self, charges):
        events = self.call("GET", "/events?limit=100&order=reverse_chronological")["data"]
        newest = {}
        for event in events:
            charge = event["data"]
            if charge["object"] == "charge":
                assert TELLS[event["key"]](charge), (event["key"], charge["status"])
                newest.setdefault(charge["id"], charge)
        for charge in charges:
            # What changes without an event of its own: a refund has one about itself.
            told = newest.get(charge["id"])
            if told and not charge["refunded_amount"]:
                assert told["status"] == charge["status"]

    def lists_agree_with_what_is_retrieved(self, charges):
        for listed in charges[-2:]:
            alone = self.call("GET", f"/charges/{listed['id']}")
            assert alone.items() <= listed.items()


@pytest.mark.parametrize("dialect", ["documented", "recorded"])
def test_balances_add_up_after_any_sequence_of_calls(sandbox_url, dialect):
    machine = type("Merchant", (Merchant,), {"url": sandbox_url, "dialect": dialect})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="FUZZ_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
