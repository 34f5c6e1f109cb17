"""Webhooks: content, order, signature, retries."""

import base64
import json
import time

import pytest

from tests.sandbox.receiver import SECRET, is_signed

OTHER = base64.b64encode(b"second secret").decode()
DAY = 24 * 60 * 60


def delivery(merchant, **wanted):
    """The only delivery, once it is in the expected state."""
    for _ in range(500):
        (found,) = merchant.control("GET", "webhooks")["data"]
        if all(found[name] == value for name, value in wanted.items()):
            return found
    raise AssertionError(f"{found} is not {wanted}")


def test_webhook_body_is_the_event_as_it_was(merchant, receiver):
    charge = merchant.charge(capture=False)
    headers, body = receiver.next()
    merchant.api.post(f"/charges/{charge['id']}/capture")
    _, later = receiver.next()

    event = json.loads(body)
    known = merchant.api.get(f"/events/{event['id']}").json()
    assert headers["Content-Type"] == "application/json"
    assert (event["object"], event["key"], event["webhook_deliveries"]) == (
        "event",
        "charge.create",
        [],
    )
    assert event["data"] == charge
    assert known["data"] == charge
    assert json.loads(later)["data"]["status"] == "successful"


def test_webhook_is_signed(merchant, receiver):
    merchant.charge()

    headers, body = receiver.next()

    assert is_signed(headers, body, SECRET)
    assert not is_signed(headers, body + b" ", SECRET)
    assert not is_signed(headers, body, OTHER)


def test_both_secrets_sign_during_a_rotation(merchant, receiver):
    merchant.control("POST", "settings", {"webhook_secret": f"{SECRET},{OTHER}"})
    merchant.charge()

    headers, body = receiver.next()

    assert is_signed(headers, body, SECRET)
    assert is_signed(headers, body, OTHER)


@pytest.mark.parametrize("clock", [{"advance": 40 * DAY}, {"now": "2020-01-01", "frozen": True}])
def test_signature_has_the_time_of_the_machine(merchant, receiver, clock):
    merchant.control("POST", "clock", clock)
    merchant.charge()

    headers, body = receiver.next()

    created = merchant.control("GET", "clock")["now"]
    assert json.loads(body)["created_at"][:10] == created[:10]
    assert int(headers["Omise-Signature-Timestamp"]) == pytest.approx(time.time(), abs=5)
    assert is_signed(headers, body, SECRET)


def test_webhook_without_secret_is_unsigned(merchant, receiver):
    merchant.control("POST", "settings", {"webhook_secret": None})
    merchant.charge()

    headers, _ = receiver.next()

    assert "Omise-Signature" not in headers


def test_delivery_is_listed(merchant, receiver):
    charge = merchant.charge()

    found = delivery(merchant, state="delivered")

    assert (found["key"], found["charge"], found["uri"], found["status"]) == (
        "charge.create",
        charge["id"],
        receiver.url,
        200,
    )
    (event,) = merchant.api.get("/events").json()["data"]
    (shown,) = event["webhook_deliveries"]
    assert list(shown) == [
        "object",
        "id",
        "uri",
        "status",
        "key",
        "error",
        "payload",
        "created_at",
    ]
    assert json.loads(shown["payload"])["data"]["id"] == charge["id"]


def test_rejected_webhook_is_retried_with_growing_delays(merchant, receiver):
    receiver.statuses = [500, 302]
    merchant.charge()
    delivery(merchant, attempt=1, state="waiting")

    merchant.world.advance(5)
    second = delivery(merchant, attempt=2)
    merchant.world.advance(19)
    assert delivery(merchant)["attempt"] == 2
    merchant.world.advance(2)

    third = delivery(merchant, attempt=3, state="delivered")
    bodies = {receiver.next()[1] for _ in range(3)}
    assert (second["status"], third["status"]) == (302, 200)
    assert len(bodies) == 1


def test_webhook_is_given_up_after_eight_retries(merchant):
    merchant.control("POST", "settings", {"webhook_url": "http://127.0.0.1:9/"})
    merchant.charge()

    merchant.world.advance(30 * DAY)

    found = delivery(merchant, state="given_up")
    assert found["attempt"] == 9
    assert (found["status"], found["next_at"]) == (None, None)
    assert found["error"]


def test_delivery_can_be_resent(merchant, receiver):
    merchant.charge()
    _, first = receiver.next()
    found = delivery(merchant, state="delivered")

    merchant.control("POST", f"webhooks/{found['id']}/resend")

    assert receiver.next()[1] == first
    assert delivery(merchant, attempt=2)["state"] == "delivered"


def test_webhook_endpoints_of_a_charge_get_its_events(merchant, receiver):
    merchant.control("POST", "settings", {"webhook_url": None})
    merchant.charge(webhook_endpoints=[receiver.url])

    _, body = receiver.next()

    assert json.loads(body)["key"] == "charge.create"


def test_advancing_the_clock_keeps_the_order(merchant, receiver):
    merchant.charge("4000000000003063", return_uri="http://shop.test/")
    merchant.charge(capture=False)
    for _ in range(2):
        receiver.next()

    merchant.world.advance(10 * DAY)

    events = [json.loads(receiver.next()[1]) for _ in range(2)]
    assert [event["key"] for event in events] == ["charge.expire", "charge.expire"]
    assert [event["data"]["expired_at"] for event in events] == [
        event["created_at"] for event in events
    ]
