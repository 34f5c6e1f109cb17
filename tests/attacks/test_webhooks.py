"""Forged and replayed webhooks, beyond those of tests/payments."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from omise_sandbox.testing.world import World
from tests.support.charges import charge_made_for
from tests.support.records import event_statuses
from tests.support.webhooks import an_event, signed


@pytest.fixture
def deliver(app):
    """Delivers a webhook to the shop, and returns the status of the response."""

    def deliver(body, headers):
        return app.test_client().post("/webhooks/omise", data=body, headers=headers).status_code

    return deliver


def events_of(services):
    return event_statuses(services.database)


def test_concurrent_deliveries_apply_once(
    database, deliver, world, at_the_bank, repository, services, attack_counter
):
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "approve")
    body = an_event(charge["id"])
    headers = signed(body)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: deliver(body, headers), range(16)))
    attack_counter["replayed webhooks"] += 16

    assert set(answers) == {204}
    assert repository.get(at_the_bank).status == "paid"
    assert events_of(services) == {"evnt_test_1": "applied"}
    order, payment = services.orders.get(at_the_bank), repository.get(at_the_bank)
    history = services.admin_queries.order_history(order, payment)
    assert len([entry for entry in history if entry.change and entry.change[1] == "paid"]) == 1


def test_replayed_webhook_is_rejected(deliver, at_the_bank, world, clock, services):
    body = an_event(world.charges()[0]["id"])
    recorded = signed(body)
    clock.advance(301)

    assert deliver(body, recorded) == 401
    assert events_of(services) == {}


def test_event_about_another_accounts_charge_changes_nothing(
    deliver, sandbox_url, at_the_bank, repository, services
):
    """Even if the sender knew the secret: the charge is read with our key."""
    other = World.new(sandbox_url)
    charge = charge_made_for(other, at_the_bank)
    assert charge["paid"] is True
    body = an_event(charge["id"])

    assert deliver(body, signed(body)) == 204

    assert repository.get(at_the_bank).status == "awaiting_payment"
    assert events_of(services) == {"evnt_test_1": "unmatched"}  # not found with our key


def test_charge_of_a_smaller_amount_pays_no_order(deliver, world, at_the_bank, repository):
    """A charge of one baht that names the order, made with the key of the account."""
    attempt = repository.get(at_the_bank).latest_attempt
    charge = charge_made_for(world, at_the_bank, amount=2000, attempt=attempt.key)
    assert charge["paid"] is True
    body = an_event(charge["id"])

    deliver(body, signed(body))

    assert repository.get(at_the_bank).status == "awaiting_payment"


@pytest.mark.parametrize(
    "change",
    [
        {"Omise-Signature": ",".join(["0" * 64] * 800)},
        {"Omise-Signature": "0" * 60_000},
        {"Omise-Signature": "é" * 64},
        {"Omise-Signature-Timestamp": "9" * 400},
        {"Omise-Signature-Timestamp": "-1"},
        {"Omise-Signature-Timestamp": "1e9"},
        {"Omise-Signature-Timestamp": "١٧٩٥٢٤٨٠٠٠".encode().decode("latin-1")},
        {"Omise-Signature-Timestamp": "0x6a"},
        {"Omise-Signature": "sha256=" + "0" * 64},
    ],
    ids=range(9),
)
def test_malformed_signature_is_rejected(deliver, services, change, attack_counter):
    body = an_event("chrg_test_1")

    assert deliver(body, signed(body) | change) == 401
    assert events_of(services) == {}
    attack_counter["forged webhooks"] += 1


def test_any_changed_bit_breaks_the_signature(deliver, services, attack_counter):
    body = an_event("chrg_test_1")
    headers = signed(body)

    for place in range(0, len(body), 3):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert deliver(changed, headers) == 401
        attack_counter["forged webhooks"] += 1
    assert events_of(services) == {}


def test_oversized_event_is_rejected_and_unknown_event_is_ignored(deliver, services):
    huge = json.dumps({"object": "event", "pad": "x" * 1024 * 1024}).encode()
    assert deliver(huge, signed(huge)) == 413

    body = an_event("../../account", event_id="evnt_test_2")
    assert deliver(body, signed(body)) == 401
    assert events_of(services) == {}


@pytest.mark.parametrize(
    "text", ["490154203237518", "4242424242424242", "1764180000006", "https://erp.test/?q=a%00b"]
)
def test_signed_webhook_may_contain_any_text(deliver, text):
    """An IMEI, an invoice number, a time or a link in the metadata; Omise would repeat it."""
    event = json.loads(an_event("chrg_test_none")) | {"metadata": {"device": text}}
    body = json.dumps(event).encode()

    assert deliver(body, signed(body)) == 204
