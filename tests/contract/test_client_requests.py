"""Requests as official clients and common tools send them, byte for byte where it matters."""

import subprocess

import pytest
import requests

CARD = {
    "name": "SOMCHAI PRASERT",
    "number": "4242424242424242",
    "expiration_month": 12,
    "expiration_year": 2040,
    "security_code": "123",
}
MONEY = {"amount": 300000, "currency": "thb"}
BACK = "https://shop.example/back"


@pytest.fixture
def api(account):
    """Calls the API with the secret key."""

    def call(method, path, **options):
        url, keys = account.api_url + path, (account.secret_key, "")
        return requests.request(method, url, auth=keys, timeout=30, **options)

    return call


@pytest.fixture
def token(account):
    """The id of a new token."""
    url, keys = f"{account.vault_url}/tokens", (account.public_key, "")
    return requests.post(url, json={"card": CARD}, auth=keys, timeout=30).json()["id"]


@pytest.fixture
def authorized(api, token):
    """The id of an authorized charge."""
    return api("POST", "/charges", json={**MONEY, "card": token, "capture": False}).json()["id"]


def test_java_sends_capture_false_with_every_source(api):
    source = api("POST", "/sources", json={**MONEY, "type": "promptpay"}).json()["id"]

    charge = api("POST", "/charges", json={**MONEY, "source": source, "capture": False})

    assert (charge.status_code, charge.json()["status"]) == (200, "pending")


def test_java_sends_zero_to_capture_everything(api, authorized):
    charge = api("POST", f"/charges/{authorized}/capture", json={"capture_amount": 0})

    assert (charge.status_code, charge.json()["captured_amount"]) == (200, MONEY["amount"])


def test_java_sends_unset_parameters_as_null(api, token):
    unset = dict.fromkeys(["first_charge", "linked_account", "recurring_reason", "authentication"])

    assert api("POST", "/charges", json={**MONEY, "card": token, **unset}).status_code == 200


def test_java_expects_wechat_pay_in_its_app(api):
    source = api("POST", "/sources", json={**MONEY, "type": "wechat_pay"}).json()

    params = {**MONEY, "source": source["id"], "return_uri": BACK}
    charge = api("POST", "/charges", json=params).json()

    assert (source["flow"], charge["source"]["flow"]) == ("app_redirect", "app_redirect")


def test_node_sends_null_as_the_body_of_a_capture(api, authorized):
    headers = {"Content-Type": "application/json"}

    charge = api("POST", f"/charges/{authorized}/capture", data="null", headers=headers)

    assert (charge.status_code, charge.json()["status"]) == (200, "successful")


def test_node_updates_a_card_without_its_id(api, token, request):
    customer = api("POST", "/customers", json={}).json()["id"]

    card = api("PATCH", f"/customers/{customer}/cards", json={"card": token})

    documented = request.node.callspec.params["account"] == "documented"
    assert card.status_code == (200 if documented else 405)
    assert (card.json()["object"] == "card") is documented


def test_go_asks_for_three_ds(api, token):
    params = {**MONEY, "card": token, "authentication": "3DS", "return_uri": BACK}

    charge = api("POST", "/charges", json=params).json()

    assert (charge["status"], charge["authorized"], bool(charge["authorize_uri"])) == (
        "pending",
        False,
        True,
    )


@pytest.mark.parametrize(
    "params",
    [
        {"transaction_indicator": "MIT"},
        {"recurring_reason": "subscription", "first_charge": "chrg_test_1"},
        {"linked_account": "lacc_test_1"},
        {"reference": "A1"},
        {"statement_descriptor": "LANTERN"},
    ],
    ids=lambda params: next(iter(params)),
)
def test_parameters_of_the_builders_are_accepted(api, token, params):
    charge = api("POST", "/charges", json={**MONEY, "card": token, **params})

    assert (charge.status_code, charge.json()["status"]) == (200, "successful")
    assert charge.json().get("statement_descriptor") in (None, "LANTERN")


def test_authorization_type_is_returned_when_it_was_given(api, token):
    params = {**MONEY, "card": token, "capture": False, "authorization_type": "pre_auth"}

    charge = api("POST", "/charges", json=params).json()

    assert charge["authorization_type"] == "pre_auth"
    assert (charge["authorized_amount"], charge["captured_amount"]) == (MONEY["amount"], 0)


@pytest.mark.parametrize(("bank", "term"), [("kbank", 4), ("bbl", 9), ("wlb_kbank", 10)])
def test_recorded_installment_terms_are_accepted(api, bank, term):
    source = {**MONEY, "type": f"installment_{bank}", "installment_term": term}

    assert api("POST", "/sources", json=source).status_code == 200


def test_curl_sends_a_multipart_form(account):
    fields = [word for name, value in CARD.items() for word in ("-F", f"card[{name}]={value}")]
    command = ["curl", "-sS", f"{account.vault_url}/tokens", "-u", f"{account.public_key}:"]

    run = subprocess.run([*command, *fields], capture_output=True, text=True, check=True)

    assert '"object": "token"' in run.stdout


@pytest.mark.parametrize("version", [None, "2017-11-02", "2019-05-29"])
def test_version_of_a_response_is_the_one_that_it_follows(api, version):
    answer = api("GET", "/account", headers={"Omise-Version": version} if version else {})

    assert answer.headers["Omise-Version"] == "2019-05-29"
