"""A webhook is a hint: checked, kept once, and then Omise itself is asked."""

import base64
import json
import time

import pytest

from tests.support.records import event_statuses
from tests.support.webhooks import SECRET, an_event, signed

OTHER = base64.b64encode(b"the secret that comes next").decode()


@pytest.fixture
def settings(settings):
    """A shop that knows a webhook secret."""
    from pydantic import SecretStr

    return settings.model_copy(update={"omise_webhook_secret": SecretStr(SECRET)})


@pytest.fixture
def deliver(app):
    """Delivers a webhook to the shop: the status of the answer."""

    def deliver(body, **headers):
        return (
            app.test_client()
            .post("/webhooks/omise", data=body, headers=headers, content_type="application/json")
            .status_code
        )

    return deliver


@pytest.fixture
def charge_id(world, at_the_bank):
    """A charge that waits for the bank."""
    return world.charges()[0]["id"]


def events_of(services):
    return event_statuses(services.database)


def test_genuine_webhook_fetches_the_charge_and_pays_the_order(
    deliver, world, services, repository, shopper, charge_id, at_the_bank
):
    world.at_the_bank(at_the_bank, "approve")
    body = an_event(charge_id)

    assert deliver(body, **signed(body)) == 204

    assert repository.get(shopper.order_number).status == "paid"
    assert events_of(services) == {"evnt_test_1": "applied"}


def test_body_of_a_webhook_is_not_trusted(deliver, repository, shopper, charge_id):
    body = an_event(charge_id)

    assert deliver(body, **signed(body)) == 204

    assert repository.get(shopper.order_number).status == "awaiting_payment"


def test_second_delivery_changes_nothing(
    deliver, world, services, repository, shopper, charge_id, at_the_bank
):
    world.at_the_bank(at_the_bank, "approve")
    body = an_event(charge_id)

    assert [deliver(body, **signed(body)) for _ in range(3)] == [204, 204, 204]

    assert repository.get(shopper.order_number).status == "paid"
    assert len(events_of(services)) == 1
    asked = world.control("GET", "requests")["data"]
    assert sum(row["path"] == f"/charges/{charge_id}" for row in asked) == 1


def test_webhooks_out_of_order_end_right(
    deliver, world, repository, shopper, charge_id, at_the_bank
):
    world.at_the_bank(at_the_bank, "approve")
    complete = an_event(charge_id, "charge.complete", "evnt_test_2")
    create = an_event(charge_id, "charge.create", "evnt_test_1")

    deliver(complete, **signed(complete))
    deliver(create, **signed(create))

    assert repository.get(shopper.order_number).status == "paid"


BODY = an_event("chrg_test_1")
#: What is wrong → headers, made when the test runs: a signature is valid for some minutes only.
FORGED = {
    "unsigned": dict,
    "with another secret": lambda: signed(BODY, OTHER),
    "signed for another body": lambda: signed(BODY + b" "),
    "too old": lambda: signed(BODY, at=time.time() - 600),
    "from the future": lambda: signed(BODY, at=time.time() + 600),
    "with another time": lambda: with_time(str(int(time.time()) - 1)),
    "without a time": lambda: {"Omise-Signature": signed(BODY)["Omise-Signature"]},
    "with a nonsense time": lambda: with_time("soon"),
    "with a nonsense signature": lambda: with_signature("v1=é,,"),
    "with an empty signature": lambda: with_signature(""),
}


def with_time(value):
    return signed(BODY) | {"Omise-Signature-Timestamp": value}


def with_signature(value):
    return signed(BODY) | {"Omise-Signature": value}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_webhook_without_a_valid_signature_does_nothing(deliver, services, world, forge):
    assert deliver(BODY, **forge()) == 401

    assert events_of(services) == {}
    assert world.control("GET", "requests")["data"] == []


def test_timestamp_of_ten_minutes_is_too_old_and_of_four_is_not(deliver, clock):
    clock.advance(600)
    assert deliver(BODY, **signed(BODY)) == 401

    clock.advance(-600 + 240)
    assert deliver(BODY, **signed(BODY)) == 204


def test_either_signature_is_valid_while_a_secret_is_rotated(deliver):
    mine, theirs = signed(BODY), signed(BODY, OTHER)

    for signatures in (
        f"{mine['Omise-Signature']},{theirs['Omise-Signature']}",
        f"{theirs['Omise-Signature']}, {mine['Omise-Signature']}",
    ):
        assert deliver(BODY, **mine | {"Omise-Signature": signatures}) == 204


def test_shop_accepts_two_secrets(shop_with, settings):
    from pydantic import SecretStr

    client = shop_with(omise_webhook_secret=SecretStr(f"{OTHER},{SECRET}")).test_client()

    for secret in (SECRET, OTHER):
        answer = client.post("/webhooks/omise", data=BODY, headers=signed(BODY, secret))
        assert answer.status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"object":"event"}',
        b"[" * 5000,
        b'{"object":"charge","id":"a","key":"b","data":{"object":"charge","id":"c"}}',
        b'{"object":"event","id":"../x","key":"b","data":{"object":"charge","id":"c"}}',
        b'{"object":"event","id":"a","key":"b","data":{"object":"charge","id":{}}}',
    ],
)
def test_signed_body_without_an_event_is_rejected(deliver, services, body):
    assert deliver(body, **signed(body)) == 401
    assert events_of(services) == {}


def test_event_without_a_charge_is_stored_and_ignored(deliver, services):
    body = json.dumps(
        {
            "object": "event",
            "id": "evnt_test_9",
            "key": "customer.create",
            "data": {"object": "customer", "id": "cust_test_1"},
        }
    ).encode()

    assert deliver(body, **signed(body)) == 204
    assert events_of(services) == {"evnt_test_9": "ignored"}


def test_refund_event_updates_the_order(deliver, world, repository, paid):
    (charge,) = world.charges()
    refund = world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 10000})
    body = json.dumps(
        {
            "object": "event",
            "id": "evnt_test_3",
            "key": "refund.create",
            "data": {"object": "refund", "id": refund["id"], "charge": charge["id"]},
        }
    ).encode()

    assert deliver(body, **signed(body)) == 204
    assert repository.get(paid).status == "partially_refunded"


def test_event_is_stored_for_the_worker_while_omise_is_down(
    deliver, world, services, repository, shopper, charge_id, at_the_bank, clock
):
    world.at_the_bank(at_the_bank, "approve")
    world.fails("GET", "/charges/*", "status", status=503, times=3)
    body = an_event(charge_id)

    assert deliver(body, **signed(body)) == 204
    assert events_of(services) == {"evnt_test_1": "received"}

    clock.advance(60)
    services.engine.worker.run_due()
    assert repository.get(shopper.order_number).status == "paid"
    assert events_of(services) == {"evnt_test_1": "applied"}


def test_event_of_an_unmatched_charge_is_retried_and_then_closed(
    deliver, world, services, clock, caplog
):
    charge = world.api(
        "POST", "/charges", {"amount": 5000, "currency": "THB", "card": world.token()}
    )
    body = an_event(charge["id"])

    assert deliver(body, **signed(body)) == 204
    assert events_of(services) == {"evnt_test_1": "unmatched"}

    clock.advance(25 * 3600)
    services.engine.worker.run_due()
    assert events_of(services) == {"evnt_test_1": "ignored"}
    assert "webhook_of_unknown_charge" in caplog.text


def test_event_of_a_charge_unknown_to_omise_is_closed(deliver, services, clock):
    body = an_event("chrg_test_5xuy4w91xqz7d1w9u0t")

    assert deliver(body, **signed(body)) == 204
    assert events_of(services) == {"evnt_test_1": "unmatched"}

    clock.advance(25 * 3600)
    services.engine.worker.run_due()
    assert events_of(services) == {"evnt_test_1": "ignored"}


def test_event_before_the_response_settles_the_order(
    deliver, world, repository, charge_with_lost_answer
):
    (charge,) = world.charges()
    body = an_event(charge["id"], "charge.create")

    assert deliver(body, **signed(body)) == 204

    assert repository.get(charge_with_lost_answer).status == "paid"


def test_event_can_be_replayed(app, deliver, world, repository, paid):
    (charge,) = world.charges()
    body = an_event(charge["id"])
    deliver(body, **signed(body))
    world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 39000})

    result = app.test_cli_runner().invoke(args=["replay-event", "evnt_test_1"])

    assert result.exit_code == 0
    assert repository.get(paid).status == "refunded"


def test_webhook_without_a_secret_is_only_a_hint(
    shop_with, world, services, repository, shopper, charge_id, at_the_bank, clock
):
    from pydantic import SecretStr

    world.at_the_bank(at_the_bank, "approve")
    client = shop_with(omise_webhook_secret=SecretStr("")).test_client()
    clock.advance(2)

    assert client.post("/webhooks/omise", data=an_event(charge_id)).status_code == 204

    assert repository.get(shopper.order_number).status == "paid"
    assert events_of(services) == {}


def test_webhook_without_a_secret_fetches_no_foreign_charge(shop_with, world):
    from pydantic import SecretStr

    client = shop_with(omise_webhook_secret=SecretStr("")).test_client()

    assert client.post("/webhooks/omise", data=BODY).status_code == 204

    assert world.control("GET", "requests")["data"] == []


def test_signature_of_the_sandbox_is_accepted(
    deliver, world, repository, shopper, charge_id, at_the_bank
):
    """End to end without a network: what the sandbox would send, the shop takes."""
    world.control(
        "POST", "settings", {"webhook_secret": SECRET, "webhook_url": "http://127.0.0.1:9/"}
    )
    world.at_the_bank(at_the_bank, "approve")
    event = world.api("GET", "/events", order="reverse_chronological", limit=1)["data"][0]
    body = json.dumps(event).encode()

    assert deliver(body, **signed(body)) == 204
    assert repository.get(shopper.order_number).status == "paid"


def test_signed_webhook_with_long_numbers_is_received(deliver, services):
    """An IMEI passes the check digit of card numbers, and so does one card number in ten."""
    event = json.loads(an_event("chrg_test_1"))
    event["data"]["metadata"] = {"device": "490154203237518", "invoice": "4242424242424242"}
    body = json.dumps(event).encode()

    assert deliver(body, **signed(body)) == 204

    assert len(events_of(services)) == 1
