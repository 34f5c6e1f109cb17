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


def events_of(parts):
    return event_statuses(parts.database)


def test_a_genuine_webhook_makes_us_ask_and_the_order_is_paid(
    deliver, world, parts, ledger, shopper, charge_id, at_the_bank
):
    world.at_the_bank(at_the_bank, "approve")
    body = an_event(charge_id)

    assert deliver(body, **signed(body)) == 204

    assert ledger.order(shopper.order_number).status == "paid"
    assert events_of(parts) == {"evnt_test_1": "applied"}


def test_what_a_webhook_says_is_not_believed(deliver, ledger, shopper, charge_id):
    body = an_event(charge_id)

    assert deliver(body, **signed(body)) == 204

    assert ledger.order(shopper.order_number).status == "awaiting_payment"


def test_a_second_delivery_changes_nothing(
    deliver, world, parts, ledger, shopper, charge_id, at_the_bank
):
    world.at_the_bank(at_the_bank, "approve")
    body = an_event(charge_id)

    assert [deliver(body, **signed(body)) for _ in range(3)] == [204, 204, 204]

    assert ledger.order(shopper.order_number).status == "paid"
    assert len(events_of(parts)) == 1
    asked = world.control("GET", "requests")["data"]
    assert sum(row["path"] == f"/charges/{charge_id}" for row in asked) == 1


def test_webhooks_out_of_order_end_right(deliver, world, ledger, shopper, charge_id, at_the_bank):
    world.at_the_bank(at_the_bank, "approve")
    complete = an_event(charge_id, "charge.complete", "evnt_test_2")
    create = an_event(charge_id, "charge.create", "evnt_test_1")

    deliver(complete, **signed(complete))
    deliver(create, **signed(create))

    assert ledger.order(shopper.order_number).status == "paid"


BODY = an_event("chrg_test_1")
FORGED = {
    "unsigned": {},
    "with another secret": signed(BODY, OTHER),
    "signed for another body": signed(BODY + b" "),
    "too old": signed(BODY, at=time.time() - 600),
    "from the future": signed(BODY, at=time.time() + 600),
    "with another time": signed(BODY) | {"Omise-Signature-Timestamp": str(int(time.time()) - 1)},
    "without a time": {"Omise-Signature": signed(BODY)["Omise-Signature"]},
    "with a nonsense time": signed(BODY) | {"Omise-Signature-Timestamp": "soon"},
    "with a nonsense signature": signed(BODY) | {"Omise-Signature": "v1=é,,"},
    "with an empty signature": signed(BODY) | {"Omise-Signature": ""},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_webhook_that_is_not_genuine_does_nothing(deliver, parts, world, headers):
    assert deliver(BODY, **headers) == 401

    assert events_of(parts) == {}
    assert world.control("GET", "requests")["data"] == []


def test_ten_minutes_of_skew_are_too_much_and_four_are_not(deliver, clock):
    clock.advance(600)
    assert deliver(BODY, **signed(BODY)) == 401

    clock.advance(-600 + 240)
    assert deliver(BODY, **signed(BODY)) == 204


def test_while_a_secret_is_replaced_either_signature_will_do(deliver):
    mine, theirs = signed(BODY), signed(BODY, OTHER)

    for signatures in (
        f"{mine['Omise-Signature']},{theirs['Omise-Signature']}",
        f"{theirs['Omise-Signature']}, {mine['Omise-Signature']}",
    ):
        assert deliver(BODY, **mine | {"Omise-Signature": signatures}) == 204


def test_a_shop_may_know_two_secrets(shop_with, settings):
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
def test_a_signed_body_that_is_no_event_is_refused(deliver, parts, body):
    assert deliver(body, **signed(body)) == 401
    assert events_of(parts) == {}


def test_an_event_that_is_of_no_charge_is_kept_and_left(deliver, parts):
    body = json.dumps(
        {
            "object": "event",
            "id": "evnt_test_9",
            "key": "customer.create",
            "data": {"object": "customer", "id": "cust_test_1"},
        }
    ).encode()

    assert deliver(body, **signed(body)) == 204
    assert events_of(parts) == {"evnt_test_9": "ignored"}


def test_an_event_of_a_refund_updates_the_order(deliver, world, ledger, paid):
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
    assert ledger.order(paid).status == "partially_refunded"


def test_while_omise_cannot_be_asked_an_event_is_kept_for_the_worker(
    deliver, world, parts, ledger, shopper, charge_id, at_the_bank, clock
):
    world.at_the_bank(at_the_bank, "approve")
    world.fails("GET", "/charges/*", "status", status=503, times=3)
    body = an_event(charge_id)

    assert deliver(body, **signed(body)) == 204
    assert events_of(parts) == {"evnt_test_1": "received"}

    clock.advance(60)
    parts.engine.worker.run_due()
    assert ledger.order(shopper.order_number).status == "paid"
    assert events_of(parts) == {"evnt_test_1": "applied"}


def test_an_event_of_a_charge_that_no_order_knows_is_parked_and_given_up_in_the_end(
    deliver, world, parts, clock, caplog
):
    charge = world.api(
        "POST", "/charges", {"amount": 5000, "currency": "THB", "card": world.token()}
    )
    body = an_event(charge["id"])

    assert deliver(body, **signed(body)) == 204
    assert events_of(parts) == {"evnt_test_1": "unmatched"}

    clock.advance(25 * 3600)
    parts.engine.worker.run_due()
    assert events_of(parts) == {"evnt_test_1": "ignored"}
    assert "webhook_of_unknown_charge" in caplog.text


def test_an_event_of_a_charge_that_omise_does_not_know_is_given_up_in_the_end(
    deliver, parts, clock
):
    body = an_event("chrg_test_5xuy4w91xqz7d1w9u0t")

    assert deliver(body, **signed(body)) == 204
    assert events_of(parts) == {"evnt_test_1": "unmatched"}

    clock.advance(25 * 3600)
    parts.engine.worker.run_due()
    assert events_of(parts) == {"evnt_test_1": "ignored"}


def test_an_event_that_comes_before_the_answer_settles_the_order(deliver, world, ledger, lost):
    (charge,) = world.charges()
    body = an_event(charge["id"], "charge.create")

    assert deliver(body, **signed(body)) == 204

    assert ledger.order(lost).status == "paid"


def test_an_event_can_be_handled_once_more(app, deliver, world, ledger, paid):
    (charge,) = world.charges()
    body = an_event(charge["id"])
    deliver(body, **signed(body))
    world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 39000})

    result = app.test_cli_runner().invoke(args=["replay-event", "evnt_test_1"])

    assert result.exit_code == 0
    assert ledger.order(paid).status == "refunded"


def test_without_a_secret_a_webhook_is_only_a_hint(
    shop_with, world, parts, ledger, shopper, charge_id, at_the_bank, clock
):
    from pydantic import SecretStr

    world.at_the_bank(at_the_bank, "approve")
    client = shop_with(omise_webhook_secret=SecretStr("")).test_client()
    clock.advance(2)

    assert client.post("/webhooks/omise", data=an_event(charge_id)).status_code == 204

    assert ledger.order(shopper.order_number).status == "paid"
    assert events_of(parts) == {}


def test_without_a_secret_nobody_makes_us_ask_about_charges_of_theirs(shop_with, world):
    from pydantic import SecretStr

    client = shop_with(omise_webhook_secret=SecretStr("")).test_client()

    assert client.post("/webhooks/omise", data=BODY).status_code == 204

    assert world.control("GET", "requests")["data"] == []


def test_the_sandbox_signs_so_that_the_shop_believes_it(
    deliver, world, ledger, shopper, charge_id, at_the_bank
):
    """End to end without a network: what the sandbox would send, the shop takes."""
    world.control(
        "POST", "settings", {"webhook_secret": SECRET, "webhook_url": "http://127.0.0.1:9/"}
    )
    world.at_the_bank(at_the_bank, "approve")
    event = world.api("GET", "/events", order="reverse_chronological", limit=1)["data"][0]
    body = json.dumps(event).encode()

    assert deliver(body, **signed(body)) == 204
    assert ledger.order(shopper.order_number).status == "paid"
