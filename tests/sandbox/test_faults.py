"""Faults: each goes wrong as it says, as often as it says, and is seen to have fired."""

import pytest
import requests

from tests.sandbox.conftest import CARD, error_of


def arm(merchant, do, path="/charges", method="POST", **more):
    """Arm a fault."""
    fault = {"method": method, "path": path, "do": do} | more
    return merchant.control("POST", "faults", fault)


def pay(merchant, token):
    """Try to pay."""
    return merchant.api.post("/charges", amount=100000, currency="thb", card=token["id"])


def test_drop_before_does_no_work(merchant):
    token = merchant.token()
    arm(merchant, "drop_before")

    with pytest.raises(requests.ConnectionError):
        pay(merchant, token)

    assert merchant.api.get("/charges").json()["total"] == 0
    assert pay(merchant, token).json()["paid"] is True


def test_drop_after_charges_and_tells_nobody(merchant):
    token = merchant.token()
    arm(merchant, "drop_after")

    with pytest.raises(requests.ConnectionError):
        pay(merchant, token)

    (charge,) = merchant.api.get("/charges").json()["data"]
    assert charge["paid"] is True
    assert error_of(pay(merchant, token)) == (400, "used_token")


def test_garbage_charges_and_is_no_json(merchant):
    token = merchant.token()
    arm(merchant, "garbage")

    answer = pay(merchant, token)

    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert merchant.api.get("/charges").json()["total"] == 1


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, (503, "service_unavailable")),
        ({"status": 500}, (500, "internal_error")),
        ({"status": 429}, (429, "too_many_requests")),
        (
            {"status": 400, "code": "failed_fraud_check", "message": "no"},
            (400, "failed_fraud_check"),
        ),
    ],
)
def test_a_status_does_no_work(merchant, more, expected):
    token = merchant.token()
    arm(merchant, "status", **more)

    assert error_of(pay(merchant, token)) == expected

    assert merchant.api.get("/charges").json()["total"] == 0


def test_a_delay_is_only_that(merchant):
    arm(merchant, "delay", seconds=0.2)

    answer = pay(merchant, merchant.token())

    assert answer.json()["paid"] is True
    assert answer.elapsed.total_seconds() >= 0.2


def test_the_vault_can_fail_too(merchant):
    arm(merchant, "status", path="/tokens")

    answer = merchant.vault.post("/tokens", card=CARD)

    assert error_of(answer) == (503, "service_unavailable")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/charges/*", "/charges/{charge}", "/charges/{id}"])
def test_a_fault_finds_its_route(merchant, path):
    charge = merchant.charge()
    arm(merchant, "status", path=path.replace("{id}", charge["id"]), method="GET")

    assert merchant.api.get(f"/charges/{charge['id']}/").status_code == 503
    assert merchant.api.get(f"/charges/{charge['id']}").status_code == 200


def test_a_fault_counts_down_and_is_seen(merchant):
    made = arm(merchant, "status", method="GET", times=2)

    statuses = [merchant.api.get("/charges").status_code for _ in range(3)]

    (fault,) = merchant.control("GET", "faults")["data"]
    assert statuses == [503, 503, 200]
    assert (made["fired"], made["remaining"]) == (0, 2)
    assert (fault["id"], fault["fired"], fault["remaining"]) == (made["id"], 2, 0)


def test_a_fault_without_times_never_runs_out(merchant):
    arm(merchant, "status", method=None, times=None)

    assert {merchant.api.get("/charges").status_code for _ in range(5)} == {503}


def test_chance_is_obeyed(merchant):
    arm(merchant, "status", method="GET", times=None, probability=0.5)

    statuses = {merchant.api.get("/charges").status_code for _ in range(40)}

    assert statuses == {200, 503}


def test_faults_are_disarmed(merchant):
    one, _ = arm(merchant, "status"), arm(merchant, "delay")
    merchant.control("DELETE", f"faults/{one['id']}")
    assert [fault["do"] for fault in merchant.control("GET", "faults")["data"]] == ["delay"]

    merchant.control("DELETE", "faults")

    assert merchant.control("GET", "faults")["data"] == []


def test_a_fault_stays_in_its_world(merchant):
    other = merchant.control("POST", "worlds")
    auth = (other["secret_key"], "")
    fault = {"path": "/charges", "do": "status", "times": None}
    requests.post(f"{merchant.url}/_sandbox/faults", json=fault, auth=auth, timeout=5)

    assert merchant.api.get("/charges").status_code == 200


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"do": "status"},
        {"path": "/charges"},
        {"path": "charges", "do": "status"},
        {"path": "/charges", "do": "explode"},
        {"path": "/charges", "do": "status", "status": 200},
        {"path": "/charges", "do": "delay", "seconds": -1},
        {"path": "/charges", "do": "status", "times": 0},
        {"path": "/charges", "do": "status", "probability": 2},
        {"path": "/charges", "do": "status", "often": True},
        {"path": "/charges", "do": "delay", "seconds": "nan"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(merchant, bad):
    answer = merchant.api("POST", "/_sandbox/faults", bad)

    assert error_of(answer) == (400, "bad_request")


def test_a_fault_shows_in_the_log(merchant):
    token = merchant.token()
    arm(merchant, "drop_after")
    with pytest.raises(requests.ConnectionError):
        pay(merchant, token)

    entry = merchant.control("GET", "requests")["data"][-1]

    assert (entry["fault"], entry["status"]) == ("drop_after", None)
    assert entry["response"]["object"] == "charge"
