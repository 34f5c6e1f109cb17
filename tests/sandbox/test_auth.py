"""Keys: what each is accepted for, and their worlds."""

import base64

import pytest
import requests

from tests.sandbox.conftest import CARD, error_of


def authorization(key, colon=True):
    """A Basic header, with or without the colon that Omise.js omits."""
    return {"Authorization": "Basic " + base64.b64encode(f"{key}{':' * colon}".encode()).decode()}


@pytest.mark.parametrize("colon", [True, False])
def test_key_is_accepted_with_and_without_a_colon(merchant, colon):
    headers = authorization(merchant.vault.key, colon)

    answer = requests.post(
        f"{merchant.url}/tokens", json={"card": CARD}, headers=headers, timeout=5
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Basic"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Bearer skey_test_sandbox000000000000"},
        authorization("skey_test_unknown"),
        authorization(""),
    ],
)
def test_unknown_key_is_rejected(merchant, header):
    answer = requests.get(f"{merchant.url}/charges", headers=header, timeout=5)

    assert error_of(answer) == (401, "authentication_failure")


@pytest.mark.parametrize(("method", "path"), [("POST", "/charges"), ("GET", "/customers")])
def test_public_key_is_accepted_by_the_vault_only(merchant, method, path):
    assert error_of(merchant.vault(method, path)) == (401, "authentication_failure")


def test_secret_key_is_rejected_by_the_vault(merchant):
    answer = merchant.api.post("/tokens", card=CARD)

    assert error_of(answer) == (401, "authentication_failure")


def test_worlds_share_nothing(merchant):
    other = merchant.control("POST", "worlds")
    charge = merchant.charge()
    auth = (other["secret_key"], "")

    answer = requests.get(f"{merchant.url}/charges/{charge['id']}", auth=auth, timeout=5)

    assert error_of(answer) == (404, "not_found")
    assert requests.get(f"{merchant.url}/charges", auth=auth, timeout=5).json()["total"] == 0


def test_live_keys_create_live_objects(merchant):
    live = merchant.control("POST", "worlds", {"livemode": True})
    auth = (live["public_key"], "")

    token = requests.post(f"{merchant.url}/tokens", json={"card": CARD}, auth=auth, timeout=5)

    assert live["public_key"].startswith("pkey_")
    assert token.json()["livemode"] is True
    assert token.json()["id"].startswith("tokn_")
    assert "_test_" not in token.text


def test_keys_can_be_changed(merchant):
    keys = {"public_key": "pkey_test_mine1", "secret_key": "skey_test_mine1"}
    changed = merchant.control("POST", "settings", keys)
    auth = (keys["secret_key"], "")

    old = merchant.api.get("/charges")
    new = requests.get(f"{merchant.url}/charges", auth=auth, timeout=5)

    assert {name: changed[name] for name in keys} == keys
    assert (old.status_code, new.status_code) == (401, 200)
    merchant.world.secret_key = keys["secret_key"]


@pytest.mark.parametrize(
    "bad",
    [
        {"public_key": "skey_test_x"},
        {"secret_key": "skey_live"},
        {"secret_key": "skey_1"},
        {"secret_key": "skey_test_sandbox000000000000"},
    ],
)
def test_invalid_key_pairs_are_rejected(merchant, bad):
    answer = merchant.api.post("/_sandbox/settings", **bad)

    assert error_of(answer) == (400, "bad_request")


def test_world_can_be_deleted(merchant):
    other = merchant.control("POST", "worlds")
    auth = (other["secret_key"], "")

    requests.delete(f"{merchant.url}/_sandbox/worlds", auth=auth, timeout=5)

    answer = requests.get(f"{merchant.url}/charges", auth=auth, timeout=5)
    assert error_of(answer) == (401, "authentication_failure")
