"""The client tells refused from unknown, and never sends an order twice."""

import json
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from storefront.payments.omise import OmiseClient, OmiseRejected, OmiseUnknown, OmiseUnreachable


@pytest.fixture
def omise(world):
    """A client for the world of this test, with little patience."""
    with OmiseClient(
        public_key=world.public_key,
        secret_key=world.secret_key,
        api_url=world.url,
        vault_url=world.url,
        connect_timeout=1,
        read_timeout=0.5,
    ) as client:
        yield client


def charge(omise, token, **more):
    return omise.create_charge(
        **{
            "amount": 39000,
            "currency": "THB",
            "card": token,
            "return_uri": "http://shop.test/return",
            "metadata": {"attempt": "a1"},
            "description": "Order 1",
        }
        | more
    )


def test_token_is_charged(omise, world, dialect):
    made = charge(omise, world.token())

    assert (made.status, made.paid, made.amount, made.currency) == (
        "successful",
        True,
        39000,
        "THB",
    )
    assert made.metadata == {"attempt": "a1"}
    assert made.card.last_digits == "4242"
    assert not made.needs_shopper


def test_declined_card_is_a_response_and_not_an_error(omise, world):
    made = charge(omise, world.token("4000000000000002"))

    assert (made.status, made.paid) == ("failed", False)
    assert made.failure_code


def test_charge_with_3ds_has_an_authorize_uri(omise, world):
    made = charge(omise, world.token("4000000000003063"))

    assert made.needs_shopper
    assert made.authorize_uri.startswith("http")


def test_charge_is_read_and_listed(omise, world):
    made = [charge(omise, world.token(), metadata={"attempt": f"a{n}"}) for n in range(3)]

    listed = list(omise.charges(since=datetime.now(UTC) - timedelta(minutes=1)))

    assert omise.charge(made[0].id) == made[0]
    assert [row.id for row in listed] == [row.id for row in reversed(made)]


def test_no_charge_is_lost_between_pages(omise, world):
    made = [charge(omise, world.token()).id for _ in range(5)]

    since = datetime.now(UTC) - timedelta(minutes=1)
    listed = [row.id for row in omise.charges(since=since, page_size=2)]

    assert listed == made[::-1]


def test_used_token_is_rejected(omise, world, dialect):
    token = world.token()
    charge(omise, token)

    with pytest.raises(OmiseRejected) as refusal:
        charge(omise, token)

    assert (refusal.value.status, refusal.value.code) == (400, "used_token")


def test_wrong_key_is_rejected(world):
    stranger = OmiseClient(
        public_key="pkey_test_0", secret_key="skey_test_0", api_url=world.url, vault_url=world.url
    )

    with stranger, pytest.raises(OmiseRejected) as refusal:
        stranger.charge("chrg_test_0")

    assert (refusal.value.status, refusal.value.code) == (401, "authentication_failure")


def test_refused_connection_means_nothing_was_sent():
    unreachable = OmiseClient(
        public_key="p", secret_key="s", api_url="http://127.0.0.1:9", vault_url=""
    )

    with unreachable, pytest.raises(OmiseUnreachable):
        charge(unreachable, "tokn_test_1")


FAULTS: list[dict[str, Any]] = [
    {"do": "drop_before"},
    {"do": "drop_after"},
    {"do": "garbage"},
    {"do": "delay", "seconds": 1},
    {"do": "status", "status": 500},
    {"do": "status", "status": 502},
    {"do": "status", "status": 503},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['do']}-{fault.get('status')}")
def test_post_without_a_response_is_unknown_and_sent_once(omise, world, fault):
    token = world.token()
    world.fails("POST", "/charges", times=3, **fault)

    with pytest.raises(OmiseUnknown):
        charge(omise, token)

    (armed,) = world.control("GET", "faults")["data"]
    assert armed["fired"] == 1


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['do']}-{fault.get('status')}")
def test_get_is_retried(omise, world, fault):
    made = charge(omise, world.token())
    world.fails("GET", "/charges/*", **fault)

    assert omise.charge(made.id) == made


def test_get_retries_are_limited(omise, world):
    world.fails("GET", "/charges/*", "status", status=503, times=3)

    with pytest.raises(OmiseUnknown):
        omise.charge("chrg_test_0")

    (armed,) = world.control("GET", "faults")["data"]
    assert armed["fired"] == 3


@pytest.fixture
def answering():
    """A client of a server that gives every request the same answer, and the requests it had."""
    with ExitStack() as stack:

        def make(answer):
            requests = []
            server = make_server(
                "127.0.0.1", 0, lambda *asked: requests.append(0) or answer(*asked)
            )
            listening = threading.Thread(target=server.serve_forever, args=(0.01,))
            listening.start()
            stack.callback(server.server_close)
            stack.callback(listening.join)
            stack.callback(server.shutdown)
            address = f"http://127.0.0.1:{server.server_port}"
            omise = OmiseClient(
                public_key="pkey_test_1",
                secret_key="skey_test_1",
                api_url=address,
                vault_url=address,
                read_timeout=2,
            )
            return stack.enter_context(omise), requests

        yield make


@pytest.mark.parametrize("status", [503, 429])
def test_long_retry_after_is_not_obeyed(answering, status):
    """A page waits for the call, and a worker has other tasks."""
    too_busy = Response("{}", status=status, headers={"Retry-After": "20"})
    omise, requests = answering(too_busy)
    began = monotonic()

    with pytest.raises(OmiseUnknown):
        omise.charge("chrg_test_0")

    assert monotonic() - began < 20
    assert len(requests) == 3


@pytest.mark.parametrize(
    "body",
    [{}, {"data": None, "total": 1}, {"data": []}, {"data": ["row"], "total": 1}],
    ids=["nothing", "no data", "no total", "no objects"],
)
def test_unreadable_list_is_an_error(answering, body):
    omise, _ = answering(Response(json.dumps({"object": "list", **body})))

    with pytest.raises(OmiseUnknown):
        list(omise.cards("cust_test_0"))


def test_id_cannot_change_the_path(omise):
    with pytest.raises(OmiseRejected) as refusal:
        omise.charge("../customers")

    assert refusal.value.status == 404


def test_no_secret_is_shown(omise, world):
    with pytest.raises(OmiseRejected) as refusal:
        omise.charge("chrg_test_0")

    for shown in (repr(omise), repr(refusal.value), str(refusal.value)):
        assert world.secret_key not in shown


def test_customers_and_their_cards(omise, world, dialect):
    customer = omise.create_customer(email="somchai@example.com", metadata={"user": "1"})
    first = omise.add_card(customer.id, world.token())
    second = omise.add_card(customer.id, world.token("5555555555554444"))

    assert first.default_card == first.cards[0].id
    assert [card.last_digits for card in second.cards] == ["4242", "4444"]

    chosen = omise.make_default_card(customer.id, second.cards[1].id)
    assert chosen.default_card == second.cards[1].id

    assert omise.delete_card(customer.id, first.cards[0].id).deleted
    assert [card.last_digits for card in omise.cards(customer.id)] == ["4444"]
    assert omise.customer(customer.id).card_count == 1


def test_token_names_its_card(omise, world):
    token = omise.token(world.token())

    assert not token.used
    assert token.id not in repr(token)
    assert token.card.last_digits == "4242"
