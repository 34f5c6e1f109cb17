"""Disputes: opened by a call or a test card, answered, accepted, won or lost."""

import pytest
import requests

from omise_sandbox import testing
from omise_sandbox.rules.cards import NUMBERS
from omise_sandbox.testing.world import World
from tests.sandbox.conftest import Merchant, error_of
from tests.sandbox.recordings import assert_same_shape, recording

BACK = "http://shop.test/back"


@pytest.fixture
def charge(merchant):
    """A paid charge."""
    return merchant.charge()


@pytest.fixture
def dispute(merchant, charge):
    """An open dispute of the charge."""
    return merchant.api.post(f"/charges/{charge['id']}/disputes").json()


def decide(merchant, dispute, status):
    """Let the bank decide."""
    return merchant.control("POST", f"disputes/{dispute['id']}/close", {"status": status})


def balance(merchant):
    """What the account has."""
    return merchant.api.get("/balance").json()["total"]


def test_accepted_dispute_equals_the_recording(merchant, dispute):
    lost = merchant.api.patch(f"/disputes/{dispute['id']}/accept").json()

    recorded = recording("dispute-accepted")
    assert_same_shape(lost, recorded)
    same = ("amount", "message", "reason_code", "reason_message", "status")
    assert {name: lost[name] for name in same} == {name: recorded[name] for name in same}
    assert [each["key"] for each in lost["transactions"]] == ["dispute.started.debit"]


def test_open_dispute_is_debited_and_part_of_its_charge(merchant, charge):
    before = balance(merchant)
    dispute = merchant.api.post(f"/charges/{charge['id']}/disputes").json()

    disputed = merchant.now(charge)

    assert (dispute["status"], dispute["closed_at"]) == ("open", None)
    assert balance(merchant) == before - charge["amount"]
    assert disputed["dispute"]["id"] == dispute["id"]
    assert not disputed["disputable"]
    assert not disputed["refundable"]
    assert not disputed["can_perform_void"]


def test_dispute_is_for_what_is_not_refunded(merchant, charge):
    merchant.api.post(f"/charges/{charge['id']}/refunds", amount=10000)

    dispute = merchant.api.post(f"/charges/{charge['id']}/disputes").json()

    assert dispute["amount"] == charge["amount"] - 10000


def test_disputed_charge_can_be_neither_refunded_nor_disputed_again(merchant, charge, dispute):
    refund = merchant.api.post(f"/charges/{charge['id']}/refunds", amount=100)
    again = merchant.api.post(f"/charges/{charge['id']}/disputes")

    assert error_of(refund) == (400, "failed_refund")
    assert error_of(again) == (400, "invalid_dispute")


@pytest.mark.parametrize("params", [{"capture": False}, {"number": "4111111111140011"}])
def test_unpaid_charge_cannot_be_disputed(merchant, params):
    unpaid = merchant.charge(**params)

    assert error_of(merchant.api.post(f"/charges/{unpaid['id']}/disputes")) == (
        400,
        "invalid_dispute",
    )


def test_message_makes_a_dispute_pending(merchant, dispute):
    noted = merchant.api.patch(f"/disputes/{dispute['id']}", metadata={"case": "7"}).json()
    answered = merchant.api.patch(f"/disputes/{dispute['id']}", message="Delivered").json()

    assert (noted["status"], noted["metadata"]) == ("open", {"case": "7"})
    assert (answered["status"], answered["message"]) == ("pending", "Delivered")
    assert answered["metadata"] == {"case": "7"}


def test_won_dispute_is_credited_and_its_charge_can_be_refunded(merchant, charge, dispute):
    before = balance(merchant)
    won = decide(merchant, dispute, "won")

    assert won["status"] == "won"
    assert [each["key"] for each in won["transactions"]] == [
        "dispute.started.debit",
        "dispute.won.credit",
    ]
    assert balance(merchant) == before + charge["amount"]
    assert merchant.now(charge)["refundable"]
    assert not merchant.now(charge)["disputable"]


def test_closed_dispute_cannot_be_changed(merchant, dispute):
    decide(merchant, dispute, "lost")
    place = f"/disputes/{dispute['id']}"

    assert error_of(merchant.api.patch(place, message="Wait")) == (400, "invalid_dispute")
    assert error_of(merchant.api.patch(f"{place}/accept")) == (400, "invalid_dispute")
    assert error_of(merchant.api.post(f"{place}/documents", file="a")) == (400, "documents_locked")
    again = merchant.api.post(f"/_sandbox/disputes/{dispute['id']}/close", status="won")
    assert error_of(again) == (400, "bad_request")


def test_disputes_are_listed_by_status(merchant):
    ids = {}
    for status in ("open", "pending", "won", "lost"):
        charge = merchant.charge()
        ids[status] = merchant.api.post(f"/charges/{charge['id']}/disputes").json()["id"]
    merchant.api.patch(f"/disputes/{ids['pending']}", message="Delivered")
    for status in ("won", "lost"):
        decide(merchant, {"id": ids[status]}, status)

    def listed(path):
        answer = merchant.api.get(path).json()
        assert answer["location"] == path
        return [dispute["id"] for dispute in answer["data"]]

    assert listed("/disputes") == list(ids.values())
    assert listed("/disputes/open") == [ids["open"]]
    assert listed("/disputes/pending") == [ids["pending"]]
    assert listed("/disputes/closed") == [ids["won"], ids["lost"]]


def test_dispute_is_retrieved_and_expanded(merchant, charge, dispute):
    place = f"/disputes/{dispute['id']}"

    assert merchant.api.get(place).json()["charge"] == charge["id"]
    assert merchant.api.get(place, expand="true").json()["charge"]["object"] == "charge"
    assert error_of(merchant.api.get("/disputes/dspt_test_1")) == (404, "not_found")


def test_every_step_has_its_event(merchant, dispute):
    merchant.api.patch(f"/disputes/{dispute['id']}", message="Delivered")
    merchant.api.patch(f"/disputes/{dispute['id']}/accept")
    other = merchant.api.post(f"/charges/{merchant.charge()['id']}/disputes").json()
    decide(merchant, other, "won")

    assert [key for key in merchant.events() if key.startswith("dispute")] == [
        "dispute.create",
        "dispute.update",
        "dispute.accept",
        "dispute.create",
        "dispute.close",
    ]


def test_webhook_of_a_dispute_names_its_charge(merchant, receiver, charge):
    receiver.next()
    merchant.api.post(f"/charges/{charge['id']}/disputes")
    receiver.next()

    last = merchant.control("GET", "webhooks")["data"][-1]

    assert (last["key"], last["charge"]) == ("dispute.create", charge["id"])


FLOWS = {
    "at once": {},
    "captured later": {"capture": False},
    "3-D Secure": {"authentication": "3DS", "return_uri": BACK},
}


@pytest.mark.parametrize(("flow", "params"), FLOWS.items(), ids=list(FLOWS))
def test_test_card_opens_a_dispute_once_it_is_captured(merchant, flow, params):
    charge = merchant.charge(NUMBERS["opens_dispute"], **params)
    if flow == "captured later":
        assert charge["dispute"] is None
        merchant.api.post(f"/charges/{charge['id']}/capture")
    if flow == "3-D Secure":
        requests.post(
            charge["authorize_uri"], data={"outcome": "approve"}, allow_redirects=False, timeout=5
        )

    assert merchant.now(charge)["dispute"]["status"] == "open"
    assert merchant.events()[-1] == "dispute.create"


def test_documents_are_added_listed_and_deleted(merchant, dispute):
    place = f"{merchant.url}/disputes/{dispute['id']}/documents"
    keys = (merchant.api.key, "")
    file = {"file": ("proof of delivery.png", b"\x89PNG\r\n\x00\xff")}

    added = requests.post(place, files=file, auth=keys, timeout=5).json()
    listed = merchant.api.get(f"/disputes/{dispute['id']}/documents").json()
    found = merchant.api.get(added["location"]).json()
    shown = merchant.api.get(f"/disputes/{dispute['id']}").json()["documents"]
    gone = merchant.api.delete(added["location"]).json()

    assert (added["object"], added["filename"]) == ("document", "proof of delivery.png")
    assert [document["id"] for document in listed["data"]] == [added["id"]]
    assert found == added == shown["data"][0]
    assert gone == added | {"deleted": True}
    assert merchant.api.get(f"/disputes/{dispute['id']}/documents").json()["total"] == 0
    assert error_of(merchant.api.get(added["location"])) == (404, "not_found")


def test_live_charge_cannot_be_disputed_by_a_call(sandbox_url):
    keys = requests.post(f"{sandbox_url}/_sandbox/worlds", json={"livemode": True}, timeout=5)
    live = Merchant(World(sandbox_url, keys.json()["public_key"], keys.json()["secret_key"]))

    refused = live.api.post(f"/charges/{live.charge()['id']}/disputes")

    assert error_of(refused) == (400, "feature_not_supported")


def test_disputes_survive_a_kill(tmp_path):
    options = ("--db", str(tmp_path / "sandbox.db"))
    process, url = testing.start(*options)
    merchant = Merchant(World.new(url))
    charge = merchant.charge()
    dispute = merchant.api.post(f"/charges/{charge['id']}/disputes").json()
    merchant.api.post(f"/disputes/{dispute['id']}/documents", file="a.txt")
    decide(merchant, dispute, "won")
    before = [merchant.now(charge)["dispute"]["documents"]["data"], balance(merchant)]
    process.kill()
    testing.stop(process)

    process, merchant.world.url = testing.start(*options)
    merchant = Merchant(merchant.world)
    after = [merchant.now(charge)["dispute"]["documents"]["data"], balance(merchant)]
    status = merchant.now(charge)["dispute"]["status"]
    testing.stop(process)

    assert after == before
    assert status == "won"
