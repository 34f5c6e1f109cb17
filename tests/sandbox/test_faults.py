"""Faults: each has its effect, fires as often as requested, and is counted."""

import pytest
import requests

from tests.sandbox.conftest import CARD, error_of


def arm(merchant, do, path="/charges", method="POST", **more):
    """Add a fault."""
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


def test_drop_after_charges_and_cuts_the_connection(merchant):
    token = merchant.token()
    arm(merchant, "drop_after")

    with pytest.raises(requests.ConnectionError):
        pay(merchant, token)

    (charge,) = merchant.api.get("/charges").json()["data"]
    assert charge["paid"] is True
    assert error_of(pay(merchant, token)) == (400, "used_token")


def test_garbage_charges_and_answers_no_json(merchant):
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
def test_status_fault_does_no_work(merchant, more, expected):
    token = merchant.token()
    arm(merchant, "status", **more)

    assert error_of(pay(merchant, token)) == expected

    assert merchant.api.get("/charges").json()["total"] == 0


def test_delay_fault_only_delays(merchant):
    arm(merchant, "delay", seconds=0.2)

    answer = pay(merchant, merchant.token())

    assert answer.json()["paid"] is True
    assert answer.elapsed.total_seconds() >= 0.2


def test_faults_apply_to_the_vault(merchant):
    arm(merchant, "status", path="/tokens")

    answer = merchant.vault.post("/tokens", card=CARD)

    assert error_of(answer) == (503, "service_unavailable")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/charges/*", "/charges/{charge}", "/charges/{id}"])
def test_fault_matches_by_path_route_or_wildcard(merchant, path):
    charge = merchant.charge()
    arm(merchant, "status", path=path.replace("{id}", charge["id"]), method="GET")

    assert merchant.api.get(f"/charges/{charge['id']}/").status_code == 503
    assert merchant.api.get(f"/charges/{charge['id']}").status_code == 200


def test_fault_counts_how_often_it_fired(merchant):
    made = arm(merchant, "status", method="GET", times=2)

    statuses = [merchant.api.get("/charges").status_code for _ in range(3)]

    (fault,) = merchant.control("GET", "faults")["data"]
    assert statuses == [503, 503, 200]
    assert (made["fired"], made["remaining"]) == (0, 2)
    assert (fault["id"], fault["fired"], fault["remaining"]) == (made["id"], 2, 0)


def test_fault_without_times_never_runs_out(merchant):
    arm(merchant, "status", method=None, times=None)

    assert {merchant.api.get("/charges").status_code for _ in range(5)} == {503}


def test_fault_probability_is_respected(merchant):
    arm(merchant, "status", method="GET", times=None, probability=0.5)

    statuses = {merchant.api.get("/charges").status_code for _ in range(40)}

    assert statuses == {200, 503}


def test_faults_can_be_removed(merchant):
    one, _ = arm(merchant, "status"), arm(merchant, "delay")
    merchant.control("DELETE", f"faults/{one['id']}")
    assert [fault["do"] for fault in merchant.control("GET", "faults")["data"]] == ["delay"]

    merchant.control("DELETE", "faults")

    assert merchant.control("GET", "faults")["data"] == []


def test_fault_applies_to_its_world_only(merchant):
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
def test_invalid_fault_is_rejected(merchant, bad):
    answer = merchant.api("POST", "/_sandbox/faults", bad)

    assert error_of(answer) == (400, "bad_request")


def test_fired_fault_is_in_the_log(merchant):
    token = merchant.token()
    arm(merchant, "drop_after")
    with pytest.raises(requests.ConnectionError):
        pay(merchant, token)

    entry = merchant.control("GET", "requests")["data"][-1]

    assert (entry["fault"], entry["status"]) == ("drop_after", None)
    assert entry["response"]["object"] == "charge"
