"""Triggers: every event can be caused, on a real object, by a legal transition."""

import pytest

from omise_sandbox.simulation.faults import EVENTS
from tests.sandbox.conftest import error_of


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_can_be_triggered_in_an_empty_world(merchant, event):
    caused = merchant.control("POST", "trigger", {"event": event})

    assert caused["key"] == event
    assert merchant.events()[-1] == event


def test_named_charge_goes_through_its_transition(merchant):
    held = merchant.charge(capture=False)
    other = merchant.charge(capture=False)

    caused = merchant.control("POST", "trigger", {"event": "charge.capture", "charge": held["id"]})

    assert caused["data"]["id"] == held["id"]
    assert merchant.now(held)["paid"] is True
    assert merchant.now(other)["paid"] is False


def test_suitable_charge_is_used_before_a_new_one(merchant):
    waiting = merchant.charge("4000000000003063", return_uri="http://shop.test/")

    caused = merchant.control("POST", "trigger", {"event": "charge.complete"})

    assert caused["data"]["id"] == waiting["id"]
    assert merchant.now(waiting)["status"] == "successful"


@pytest.mark.parametrize("event", ["charge.complete", "charge.capture", "charge.create"])
def test_illegal_transition_is_rejected(merchant, event):
    paid = merchant.charge()

    refused = merchant.api.post("/_sandbox/trigger", event=event, charge=paid["id"])

    assert error_of(refused) == (400, "bad_request")
    assert f"{paid['id']} is captured; {event} needs a charge that is" in refused.json()["message"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"event": "charge.teleport"}, 400),
        ({}, 400),
        ({"event": "charge.capture", "charge": "chrg_test_1"}, 404),
        ({"event": "customer.create", "charge": "chrg_test_1"}, 400),
    ],
)
def test_invalid_trigger_is_rejected(merchant, params, status):
    assert merchant.api.post("/_sandbox/trigger", **params).status_code == status


def test_triggered_event_has_its_webhook(merchant, receiver):
    caused = merchant.control("POST", "trigger", {"event": "charge.create"})

    _, body = receiver.next()

    assert caused["id"].encode() in body


def test_event_without_a_webhook_can_be_sent_later(merchant, receiver):
    merchant.control("POST", "settings", {"webhook_url": None})
    event = merchant.control("POST", "trigger", {"event": "charge.create"})
    nowhere = merchant.api.post(f"/_sandbox/events/{event['id']}/resend")
    merchant.control("POST", "settings", {"webhook_url": receiver.url})

    merchant.control("POST", f"events/{event['id']}/resend")
    _, first = receiver.next()
    merchant.control("POST", f"events/{event['id']}/resend")
    _, second = receiver.next()

    assert error_of(nowhere) == (400, "bad_request")
    assert first == second
    assert error_of(merchant.api.post("/_sandbox/events/evnt_1/resend")) == (404, "not_found")
