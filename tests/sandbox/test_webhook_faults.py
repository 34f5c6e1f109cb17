"""Webhook faults: what the receiver sees, and the count of firing."""

import json
from pathlib import Path

import pytest
import requests

from omise_sandbox.simulation.faults import EVENTS, WEBHOOK_ACTIONS
from tests.sandbox.receiver import SECRET, is_signed


def arm(merchant, do, webhook="*", **more):
    """Add a webhook fault."""
    merchant.control("POST", "faults", {"webhook": webhook, "do": do} | more)


def keys(receiver, count):
    """The events of the next webhooks, in order of arrival."""
    return [json.loads(receiver.next()[1])["key"] for _ in range(count)]


def nothing_came(receiver):
    """Whether no webhook has arrived."""
    return receiver.taken.empty()


def fired(merchant):
    """How often each fault fired."""
    return [fault["fired"] for fault in merchant.control("GET", "faults")["data"]]


def settled(merchant):
    """Wait until every webhook that is due has its response."""
    merchant.control("POST", "clock", {"advance": 0})


def test_dropped_webhook_never_arrives(merchant, receiver):
    arm(merchant, "drop")
    merchant.charge()
    merchant.control("POST", "clock", {"advance": 30 * 24 * 3600})

    (delivery,) = merchant.control("GET", "webhooks")["data"]
    assert nothing_came(receiver)
    assert (delivery["state"], delivery["error"]) == ("given_up", "dropped by fault_1")
    assert fired(merchant) == [1]


def test_duplicated_webhook_arrives_twice(merchant, receiver):
    arm(merchant, "duplicate")
    merchant.charge()

    first, second = receiver.next()[1], receiver.next()[1]

    assert first == second


def test_duplicate_accepted_once_is_not_retried(merchant, receiver):
    receiver.statuses = [500]
    arm(merchant, "duplicate")
    merchant.charge()
    merchant.control("POST", "clock", {"advance": 3600})

    assert receiver.taken.qsize() == 2


def test_delayed_webhook_follows_the_clock_of_the_world(merchant, receiver):
    arm(merchant, "delay", seconds=90)
    merchant.charge()
    merchant.control("POST", "clock", {"advance": 80})
    assert nothing_came(receiver)

    merchant.control("POST", "clock", {"advance": 20})

    assert keys(receiver, 1) == ["charge.create"]


def test_reordered_webhook_arrives_after_the_next(merchant, receiver):
    arm(merchant, "reorder", "charge.create")
    charge = merchant.charge(capture=False)
    settled(merchant)
    assert nothing_came(receiver)

    merchant.api.post(f"/charges/{charge['id']}/capture")

    assert keys(receiver, 2) == ["charge.capture", "charge.create"]


def test_reordered_webhook_without_successor_arrives_later(merchant, receiver):
    arm(merchant, "reorder")
    merchant.charge()
    merchant.control("POST", "clock", {"advance": 60})

    assert keys(receiver, 1) == ["charge.create"]
    assert nothing_came(receiver)


def test_wrong_signature_matches_no_secret(merchant, receiver):
    receiver.statuses = [401]
    arm(merchant, "wrong_signature")
    merchant.charge()
    headers, body = receiver.next()
    assert not is_signed(headers, body, SECRET)

    merchant.control("POST", "clock", {"advance": 5})

    again, same = receiver.next()
    assert is_signed(again, same, SECRET)


def test_paused_webhook_arrives_when_released(merchant, receiver):
    arm(merchant, "pause")
    merchant.charge()
    settled(merchant)
    (held,) = merchant.control("GET", "holds")["data"]
    assert (held["kind"], held["subject"]) == ("webhook", "charge.create")
    assert nothing_came(receiver)

    merchant.control("POST", f"holds/{held['id']}/release")

    assert keys(receiver, 1) == ["charge.create"]
    assert merchant.control("GET", "holds")["data"] == []


def test_webhook_fault_applies_to_its_events_only(merchant, receiver):
    arm(merchant, "drop", "refund.*", times=None)
    charge = merchant.charge()
    merchant.api.post(f"/charges/{charge['id']}/refunds", amount=100)
    merchant.charge()

    assert keys(receiver, 2) == ["charge.create", "charge.create"]
    assert fired(merchant) == [1]


def test_every_webhook_action_is_tested():
    source = Path(__file__).read_text(encoding="utf-8")

    assert all(f'arm(merchant, "{do}"' in source for do in WEBHOOK_ACTIONS)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"do": "drop"}, "path or webhook: a fault needs one"),
        ({"do": "drop", "path": "/charges", "webhook": "*"}, "path or webhook: a fault needs one"),
        ({"do": "garbage", "webhook": "*"}, "choose one of drop, duplicate"),
        ({"do": "drop", "path": "/charges"}, "choose one of drop_before"),
        ({"do": "drop", "webhook": "charge.complet"}, "give an event such as charge.complete"),
        ({"webhook": "*"}, "do: choose one of"),
    ],
)
def test_invalid_webhook_fault_is_rejected(merchant, wish, words):
    answer = requests.post(
        f"{merchant.url}/_sandbox/faults", json=wish, auth=(merchant.api.key, ""), timeout=5
    )

    assert answer.status_code == 400
    assert words in answer.json()["message"]


def test_event_list_is_complete(merchant):
    """Everything that a merchant can do, once."""
    customer = merchant.customer("4242424242424242")
    card = f"/customers/{customer['id']}/cards/{customer['default_card']}"
    merchant.api.patch(card, name="SOMSRI")
    merchant.api.delete(card)
    merchant.api.patch(f"/customers/{customer['id']}", description="regular")
    merchant.api.delete(f"/customers/{customer['id']}")
    for operation in ("capture", "reverse"):
        held = merchant.charge(capture=False)
        merchant.api.post(f"/charges/{held['id']}/{operation}")
    paid = merchant.charge()
    merchant.api.patch(f"/charges/{paid['id']}", description="mug")
    merchant.api.post(f"/charges/{paid['id']}/refunds", amount=100)
    waiting = [
        merchant.charge(number="4000000000003063", return_uri="https://shop.example/")
        for _ in range(2)
    ]
    merchant.api.post(f"/charges/{waiting[0]['id']}/mark_as_paid")
    merchant.api.post(f"/charges/{waiting[1]['id']}/expire")

    for status in ("accepted", "won"):
        dispute = merchant.api.post(f"/charges/{merchant.charge()['id']}/disputes").json()
        merchant.api.patch(f"/disputes/{dispute['id']}", message="delivered")
        if status == "accepted":
            merchant.api.patch(f"/disputes/{dispute['id']}/accept")
        else:
            merchant.control("POST", f"disputes/{dispute['id']}/close", {"status": status})

    assert set(merchant.events()) == set(EVENTS)
