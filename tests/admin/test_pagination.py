"""Lists go from page to page without skipping or repeating a row. On both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storefront.admin.pagination import PAGE_SIZE, newest_first
from storefront.models import WebhookEvent

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """The page is cut by the database."""


def store(connected, times):
    with connected.writing() as session:
        session.add_all(
            WebhookEvent(id=f"evnt_{number:03}", key="charge.complete", received_at=at)
            for number, at in enumerate(times)
        )


def page(connected, before=None):
    with connected.reading() as session:
        return newest_first(
            session,
            select(WebhookEvent),
            time=WebhookEvent.received_at,
            key=WebhookEvent.id,
            before=before,
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
