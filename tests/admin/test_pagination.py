"""Lists go from page to page without skipping or repeating a row. On both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from storefront.admin.pagination import PAGE_SIZE, newest_first
from storefront.payments.event_models import EventStatus
from storefront.payments.tables import webhook_events

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """The page is cut by the database."""


def store(connected, times):
    rows = [
        {
            "id": f"evnt_{number:03}",
            "key": "charge.complete",
            "status": EventStatus.APPLIED,
            "received_at": at,
        }
        for number, at in enumerate(times)
    ]
    with connected.transaction() as connection:
        connection.execute(insert(webhook_events), rows)


def page(connected, before=None):
    with connected.read_session() as session:
        return newest_first(
            session,
            select(webhook_events),
            time=webhook_events.c.received_at,
            key=webhook_events.c.id,
            before=before,
            build=lambda row: row,
        )


def pages(connected):
    """The ids of every page."""
    found, before = [], None
    while True:
        current = page(connected, before)
        found.append([row.id for row in current.rows])
        before = current.next_before
        if before is None:
            return found


def test_empty_list_has_one_empty_page(connected):
    assert pages(connected) == [[]]


def test_full_page_without_older_rows_has_no_next_page(connected):
    store(connected, [START] * PAGE_SIZE)

    assert page(connected).next_before is None


def test_rows_are_ordered_by_time_and_not_by_key(connected):
    store(connected, [START + timedelta(hours=2), START, START + timedelta(hours=1)])

    assert pages(connected) == [["evnt_000", "evnt_002", "evnt_001"]]


def test_rows_of_the_same_time_are_neither_skipped_nor_repeated(connected):
    store(connected, [START] * (2 * PAGE_SIZE + 1))

    found = pages(connected)

    assert [len(ids) for ids in found] == [PAGE_SIZE, PAGE_SIZE, 1]
    assert len({one for ids in found for one in ids}) == 2 * PAGE_SIZE + 1


def test_cursor_that_does_not_exist_gives_an_empty_page(connected):
    store(connected, [START])

    assert page(connected, before="evnt_unknown").rows == []
