"""Held responses: a test controls the order of response, redirect and webhook."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from omise_sandbox import testing
from omise_sandbox.testing.world import World
from tests.sandbox.conftest import error_of
from tests.support.programs import wait_until

DEFAULT_KEY = "skey_test_sandbox000000000000"


@pytest.fixture
def caller():
    """Makes calls whose responses may be held."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        yield pool.submit


def hold(merchant, method, path):
    """Pause the response to the next such call."""
    merchant.control("POST", "faults", {"method": method, "path": path, "do": "pause"})


def held(merchant, count=1):
    """What is held, once there is this much."""
    deadline = time.monotonic() + 5
    while len(found := merchant.control("GET", "holds")["data"]) < count:
        assert time.monotonic() < deadline, f"{count} were to be held, not {found}"
    return found


def release(merchant, hold):
    """Release it."""
    merchant.control("POST", f"holds/{hold['id']}/release")


def test_work_is_done_while_the_response_is_held(merchant, caller):
    hold(merchant, "POST", "/charges")
    answer = caller(merchant.charge)
    (waiting,) = held(merchant)

    (charge,) = merchant.api.get("/charges").json()["data"]
    assert charge["paid"] is True
    assert (waiting["kind"], waiting["subject"]) == ("answer", "POST /charges")
    assert not answer.done()

    release(merchant, waiting)

    told = answer.result(timeout=5)
    same = charge.keys() - {"refunds"}  # a list says until when it was read
    assert {name: told[name] for name in same} == {name: charge[name] for name in same}
    assert merchant.control("GET", "holds")["data"] == []


def test_webhook_arrives_before_the_held_response(merchant, receiver, caller):
    hold(merchant, "POST", "/charges")
    answer = caller(merchant.charge)

    receiver.next()
    assert not answer.done()

    release(merchant, held(merchant)[0])
    assert answer.result(timeout=5)["paid"] is True


def test_webhook_arrives_before_the_shopper_returns(merchant, receiver, caller):
    charge = merchant.charge(number="4000000000003063", return_uri="https://shop.example/back")
    receiver.next()
    hold(merchant, "POST", "/payments/*")
    way_back = caller(
        requests.post,
        charge["authorize_uri"],
        data={"outcome": "approve"},
        allow_redirects=False,
        timeout=10,
    )

    receiver.next()
    assert merchant.now(charge)["status"] == "successful"
    assert not way_back.done()

    release(merchant, held(merchant)[0])
    assert way_back.result(timeout=5).headers["Location"] == "https://shop.example/back"


def test_held_responses_leave_in_the_chosen_order(merchant, caller):
    for path in ("/charges", "/customers"):
        hold(merchant, "POST", path)
    charge = caller(merchant.charge)
    held(merchant)
    customer = caller(merchant.api.post, "/customers", email="a@example.com")
    first, second = held(merchant, 2)

    release(merchant, second)
    assert customer.result(timeout=5).status_code == 200
    assert not charge.done()

    release(merchant, first)
    assert charge.result(timeout=5)["paid"] is True


def test_reset_releases_everything(merchant, caller):
    hold(merchant, "POST", "/charges")
    answer = caller(merchant.charge)
    held(merchant)

    merchant.control("POST", "reset")

    assert answer.result(timeout=5)["paid"] is True
    assert merchant.control("GET", "holds")["data"] == []


def test_disconnected_caller_of_a_held_response_is_ignored(merchant):
    hold(merchant, "POST", "/charges")
    token = merchant.token()["id"]
    with pytest.raises(requests.Timeout):
        requests.post(
            f"{merchant.url}/charges",
            json={"amount": 100000, "currency": "thb", "card": token},
            auth=(merchant.api.key, ""),
            timeout=(5, 0.05),
        )

    release(merchant, held(merchant)[0])

    assert merchant.api.get("/charges").json()["total"] == 1


def test_held_response_of_another_world_is_not_found(merchant, caller):
    hold(merchant, "POST", "/charges")
    answer = caller(merchant.charge)
    (waiting,) = held(merchant)

    refused = requests.post(
        f"{merchant.url}/_sandbox/holds/{waiting['id']}/release",
        auth=(World.new(merchant.url).secret_key, ""),
        timeout=5,
    )

    assert error_of(refused) == (404, "not_found")
    assert not answer.done()
    release(merchant, waiting)
    answer.result(timeout=5)


def test_shutdown_does_not_wait_for_held_responses(caller):
    process, url = testing.start()
    requests.post(
        f"{url}/_sandbox/faults", json={"path": "/customers", "do": "pause"}, timeout=5
    ).raise_for_status()
    answer = caller(requests.post, f"{url}/customers", auth=(DEFAULT_KEY, ""), timeout=30)
    wait_until(
        lambda: requests.get(f"{url}/_sandbox/holds", timeout=5).json()["data"], "it is held"
    )

    started = time.monotonic()
    testing.stop(process)

    assert time.monotonic() - started < 5
    assert isinstance(answer.exception(timeout=5), requests.ConnectionError)
