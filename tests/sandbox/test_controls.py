"""The controls: settings, reset, and the log of requests."""

import re

import pytest
import requests

from omise_sandbox.http.static_files import LIBRARY
from omise_sandbox.testing.world import World
from tests.sandbox.conftest import Merchant, error_of


def test_health_answers_ok(merchant):
    answer = requests.get(f"{merchant.url}/_sandbox/health", timeout=5)

    assert answer.json()["status"] == "ok"


def test_same_seed_and_clock_give_the_same_ids(sandbox_url):
    def story():
        merchant = Merchant(World.new(sandbox_url, seed=7))
        merchant.control("POST", "clock", {"frozen": True, "now": "2026-01-01"})
        return [merchant.charge()[name] for name in ("id", "transaction", "created_at")]

    assert story() == story()


def test_ids_sort_by_time(merchant):
    made = [merchant.charge()["id"] for _ in range(5)]

    assert made == sorted(made)
    assert {len(charge_id) for charge_id in made} == {len("chrg_test_") + 19}


# Settings


def test_named_settings_are_changed(merchant):
    changed = merchant.control("POST", "settings", {"three_ds": "always", "latency": 0.01})

    assert (changed["three_ds"], changed["latency"]) == ("always", 0.01)
    assert changed["secret_key"] == merchant.api.key
    assert merchant.control("GET", "settings") == changed


@pytest.mark.parametrize(
    "bad",
    [
        {"three_ds": "sometimes"},
        {"dialect": "klingon"},
        {"webhook_url": "nowhere"},
        {"webhook_url": "file:///etc/passwd"},
        {"webhook_secret": "%%%"},
        {"latency": -1},
        {"latency": "nan"},
        {"seed": "x"},
        {"colour": "red"},
    ],
)
def test_invalid_setting_changes_nothing(merchant, bad):
    before = merchant.control("GET", "settings")

    answer = merchant.api.post("/_sandbox/settings", **{"three_ds": "never"} | bad)

    assert error_of(answer) == (400, "bad_request")
    assert merchant.control("GET", "settings") == before


def test_latency_delays_api_calls(merchant):
    merchant.control("POST", "settings", {"latency": 0.1})

    assert merchant.api.get("/charges").elapsed.total_seconds() >= 0.1


# Reset


def test_reset_keeps_only_the_keys(merchant):
    merchant.customer("4242424242424242")
    charge = merchant.charge()
    merchant.control("POST", "settings", {"three_ds": "never"})
    merchant.control("POST", "faults", {"path": "/charges", "do": "status"})
    merchant.world.advance(1000)

    merchant.control("POST", "reset")

    for path in ("/charges", "/customers", "/events"):
        assert merchant.api.get(path).json()["total"] == 0
    assert error_of(merchant.api.get(f"/charges/{charge['id']}")) == (404, "not_found")
    assert merchant.control("GET", "settings")["three_ds"] == "card"
    assert merchant.control("GET", "faults")["data"] == []
    assert merchant.control("GET", "clock")["offset"] == 0
    assert merchant.charge()["paid"] is True


# The log of requests


def test_log_shows_requests_and_masks_cards(merchant):
    merchant.token()
    merchant.api.post("/charges", card="4242 4242 4242 4242", amount=5)
    merchant.api.get("/charges/4242424242424242", q="5555555555554444")
    merchant.api.post("/customers", description="pays with 4242-4242-4242-4242, code 123")

    answer = requests.get(
        f"{merchant.url}/_sandbox/requests", auth=(merchant.api.key, ""), timeout=5
    )

    entries = answer.json()["data"]
    assert [(entry["method"], entry["path"]) for entry in entries] == [
        ("POST", "/tokens"),
        ("POST", "/charges"),
        ("GET", "/charges/•••4242"),
        ("POST", "/customers"),
    ]
    assert entries[0]["request"]["card"]["number"] == "•••4242"
    assert entries[0]["request"]["card"]["security_code"] == "•••"
    assert entries[0]["response"]["object"] == "token"
    assert [entry["status"] for entry in entries] == [200, 400, 404, 200]
    assert "4242424242424242" not in answer.text.replace(" ", "").replace("-", "")
    assert "5555555555554444" not in answer.text


def test_log_can_be_filtered(merchant):
    merchant.charge()
    log = merchant.control("GET", "requests")["data"]

    assert len(merchant.control("GET", f"requests?after={log[0]['id']}")["data"]) == 1
    assert len(merchant.control("GET", "requests?method=post&path=/charges")["data"]) == 1
    assert len(merchant.control("GET", "requests?path=/char")["data"]) == 0


def test_bank_pages_are_logged_with_their_query(merchant):
    charge = merchant.charge("4000000000003063", return_uri="http://shop.test/")
    requests.get(f"{charge['authorize_uri']}?lang=en", timeout=5)

    entry = merchant.control("GET", "requests")["data"][-1]

    assert (entry["method"], entry["query"], entry["status"]) == ("GET", "lang=en", 200)


def test_rejected_keys_are_logged(merchant):
    merchant.vault.get("/charges")

    entry = merchant.control("GET", "requests")["data"][-1]

    assert (entry["path"], entry["status"]) == ("/charges", 401)


def test_log_is_a_ring_buffer(merchant):
    with requests.Session() as session:
        session.auth = (merchant.api.key, "")
        for _ in range(505):
            session.get(f"{merchant.url}/charges/x", timeout=5)

    log = merchant.control("GET", "requests")["data"]

    assert (len(log), log[0]["id"], log[-1]["id"]) == (500, 6, 505)


@pytest.mark.parametrize("kind", ["token", "charge", "customer", "refund", "event"])
def test_objects_of_every_kind_are_listed(merchant, kind):
    customer = merchant.customer("4242424242424242")
    charge = merchant.api.post("/charges", amount=100000, customer=customer["id"]).json()
    merchant.api.post(f"/charges/{charge['id']}/refunds", amount=1)

    objects = merchant.control("GET", f"objects?kind={kind}")["data"]

    assert {each["object"] for each in objects} == {kind}


def test_cross_origin_requests_cannot_use_the_controls(merchant):
    answer = requests.post(
        f"{merchant.url}/_sandbox/reset", headers={"Origin": "https://evil.example"}, timeout=5
    )
    ours = requests.get(
        f"{merchant.url}/_sandbox/health", headers={"Origin": merchant.url}, timeout=5
    )

    assert error_of(answer) == (403, "not_authorized")
    assert ours.status_code == 200


@pytest.mark.parametrize("path", ["/provider", "/pay.html", "/_sandbox/"])
def test_pages_load_only_sandbox_files(merchant, path):
    policy = requests.get(merchant.url + path, timeout=5).headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert ("frame-ancestors 'none'" in policy) == (path == "/_sandbox/")


def test_root_leads_a_browser_to_the_inspector(merchant):
    browser = {"Accept": "text/html,application/xhtml+xml"}

    page = requests.get(merchant.url, headers=browser, timeout=5)

    assert page.url == f"{merchant.url}/_sandbox/"
    assert "<html" in page.text
    assert requests.get(merchant.url, timeout=5).status_code == 401


def test_inspector_links_the_fidelity_manifest(merchant):
    page = requests.get(f"{merchant.url}/_sandbox/", timeout=5).text
    links = re.findall(r'<a href="(/[^"]*)"', page)

    assert "/_sandbox/fidelity" in links
    assert all(requests.get(merchant.url + link, timeout=5).ok for link in links)


def test_omise_js_is_one_classic_script(merchant):
    answer = requests.get(f"{merchant.url}/omise.js", timeout=5)

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.text.startswith("(() => {")
    for part in LIBRARY.iterdir():
        assert part.read_text(encoding="utf-8") in answer.text, part.name


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
def test_files_are_compressed_for_those_who_accept_it(merchant, accepted, encoding):
    headers = {"Accept-Encoding": accepted}
    answer = requests.get(f"{merchant.url}/omise.js", headers=headers, timeout=5)

    assert answer.headers.get("Content-Encoding") == encoding
    assert "OmiseCard" in answer.text


def test_favicon_of_pages_that_name_none(merchant):
    answer = requests.get(f"{merchant.url}/favicon.ico", timeout=5)

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200,
        "image/svg+xml; charset=utf-8",
    )


@pytest.mark.parametrize("name", ["..%2f__main__.py", "nothing.js", ".hidden", "%2e%2e", "a/b"])
def test_other_files_are_not_served(merchant, name):
    answer = requests.get(f"{merchant.url}/_sandbox/static/{name}", timeout=5)

    assert error_of(answer) == (404, "not_found")
