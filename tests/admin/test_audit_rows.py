"""Ids in the audit log lead to the order and the charge that they belong to."""

from sqlalchemy import insert

from storefront.admin.labels import REPLAY_WEBHOOK, RETRY_TASK
from storefront.payments import tables
from storefront.payments.event_models import EventStatus
from storefront.payments.task_models import TaskKind


def test_replayed_webhook_names_its_order_and_its_charge(services, paid, repository, clock):
    charge_id, event_id = repository.get(paid).current_attempt.charge_id, "evnt_test_1"
    event = {"id": event_id, "key": "charge.complete", "charge_id": charge_id}
    with services.database.transaction() as connection:
        received = {"status": EventStatus.APPLIED, "received_at": clock()}
        connection.execute(insert(tables.webhook_events).values(**event, **received))
    services.audit_log.record("anong@example.com", REPLAY_WEBHOOK, detail=event_id)

    (row,) = services.audit_log.entries().rows

    assert (row.action, row.detail, row.order_number) == ("Replay a webhook", "", paid)
    assert row.ids == (("Webhook", event_id), ("Charge", charge_id))


def test_retried_task_names_its_order_and_its_charge(services, paid, repository):
    attempt = repository.get(paid).current_attempt
    detail = f"{TaskKind.RESOLVE_ATTEMPT} {attempt.key}"
    services.audit_log.record("anong@example.com", RETRY_TASK, detail=detail)

    (row,) = services.audit_log.entries().rows

    assert (row.detail, row.order_number) == ("Find the result of an attempt", paid)
    assert row.ids == (("Attempt", attempt.key), ("Charge", attempt.charge_id))


def test_task_about_an_order_shows_no_id_beside_its_number(services, paid):
    services.audit_log.record("anong@example.com", RETRY_TASK, detail=f"send_receipt {paid}")

    (row,) = services.audit_log.entries().rows

    assert (row.detail, row.order_number, row.ids) == ("Email the receipt", paid, ())


def test_unknown_id_is_shown_as_it_is(services):
    services.audit_log.record("anong@example.com", REPLAY_WEBHOOK, detail="evnt_test_gone")

    (row,) = services.audit_log.entries().rows

    assert (row.order_number, row.ids) == (None, (("Webhook", "evnt_test_gone"),))
