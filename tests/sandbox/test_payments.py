"""What the inspector shows: payments and their time lines, worlds, and the test bank's page."""

import pytest
import requests

from omise_sandbox.http.bank_texts import TEXTS
from omise_sandbox.testing import Sandbox, start, stop
from tests.sandbox.conftest import Merchant

THREE_DS = "4000000000003063"


def payments(merchant, **query):
    """A page of payments."""
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return merchant.control("GET", f"payments?{words}")


def kinds(merchant, charge):
    """The kinds of the steps of a payment."""
    steps = merchant.control("GET", f"payments/{charge['id']}/timeline")["data"]
    return [step["kind"] for step in steps]


def test_payments_are_paged_with_order_and_method(merchant):
    first = merchant.charge(metadata={"order": "A-1"})
    second = merchant.charge(description="Two books")

    page = payments(merchant, limit=1, order="reverse_chronological")

    assert page["total"] == 2
    assert [payment["id"] for payment in page["data"]] == [second["id"]]
    [found] = payments(merchant, query="a-1")["data"]
    assert (found["id"], found["order"]) == (first["id"], "A-1")
    assert found["method"] == "Visa •••• 4242"
    assert payments(merchant, query="nothing")["data"] == []


def test_timeline_has_requests_events_and_webhooks(merchant, receiver):
    charge = merchant.charge()
    receiver.next()
    merchant.api.post(f"/charges/{charge['id']}/refunds", amount=100)
    receiver.next()

    shown = kinds(merchant, charge)

    assert shown[:2] == ["request", "request"]
    assert (shown.count("event"), shown.count("webhook")) == (2, 2)


def test_payments_and_events_outlive_a_restart(tmp_path):
    database = str(tmp_path / "sandbox.sqlite3")
    for number in (1, 2):
        process, url = start("--db", database)
        merchant = Merchant(Sandbox(url).default_world)
        if number == 1:
            merchant.charge()
        else:
            [payment] = payments(merchant)["data"]
            assert kinds(merchant, payment) == ["token", "event"]
        stop(process)


def test_webhook_shows_what_the_shop_answered(merchant, receiver):
    receiver.statuses = [500]
    merchant.charge()
    receiver.next()
    merchant.control("POST", "clock", {"advance": 1})

    attempt = merchant.control("GET", "webhooks")["data"][0]["attempts"][0]

    assert attempt["status"] == 500
    assert any(line.startswith("Server: ") for line in attempt["headers"])
    assert isinstance(attempt["body"], str)


def test_worlds_are_listed_with_their_keys(merchant):
    listed = merchant.control("GET", "worlds")["data"]

    assert merchant.api.key in [world["secret_key"] for world in listed]
    assert [world["default"] for world in listed].count(True) == 1


def test_next_charge_is_declined(merchant):
    merchant.control("POST", "faults", {"path": "/charges", "do": "decline"})

    declined, paid = merchant.charge(), merchant.charge()

    assert (declined["status"], declined["failure_code"]) == ("failed", "insufficient_fund")
    assert paid["status"] == "successful"


@pytest.mark.parametrize(
    "fault", [{"path": "/tokens", "do": "decline"}, {"path": "/charges", "code": "x"}]
)
def test_impossible_decline_is_rejected(merchant, fault):
    with pytest.raises(requests.HTTPError, match=r"path: only|code: choose"):
        merchant.control("POST", "faults", {"do": "decline"} | fault)


def test_fault_ends_after_its_time(merchant):
    fault = {"path": "/charges", "do": "status", "times": None}
    ended = merchant.control("POST", "faults", fault | {"lasts": 0})
    assert ended["remaining"] == 0
    assert merchant.api.get("/charges").status_code == 200
    merchant.control("DELETE", "faults")

    merchant.control("POST", "faults", fault | {"lasts": 60})
    assert merchant.api.get("/charges").status_code == 503


def test_bank_page_speaks_the_language_of_the_shopper(merchant):
    charge = merchant.charge(THREE_DS, return_uri="http://shop.example/")

    def page(languages):
        headers = {"Accept-Language": languages}
        return requests.get(charge["authorize_uri"], headers=headers, timeout=5).text

    assert '<html lang="th">' in page("th-TH,th;q=0.9,en;q=0.8")
    assert TEXTS["ja"]["approve"] in page("ja")
    assert all(word in page("de, en") for word in ("<title>Test bank</title>", ">Approve<"))
    assert {frozenset(texts) for texts in TEXTS.values()} == {frozenset(TEXTS["en"])}
