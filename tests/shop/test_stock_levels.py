"""The levels that the home page shows are never waited for long."""

from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from storefront.shop.stock_levels import StockLevels


class Reader:
    """A database with a stock that can hang."""

    def __init__(self):
        self.stock, self.reads, self.is_open = {"mug": 1}, 0, Event()
        self.is_open.set()

    def __call__(self):
        self.reads += 1
        self.is_open.wait(30)
        return dict(self.stock)


@pytest.fixture
def reader():
    """A reader that ends with the test."""
    reader = Reader()
    yield reader
    reader.is_open.set()


def test_levels_are_read_once_while_they_are_new(reader):
    levels = StockLevels(reader, patience=30)

    assert [levels.current(), levels.current()] == [{"mug": 1}] * 2
    assert reader.reads == 1


def test_old_levels_are_read_again(reader):
    levels = StockLevels(reader, max_age=0, patience=30)
    levels.current()
    reader.stock["mug"] = 0

    assert levels.current() == {"mug": 0}


def test_last_levels_are_shown_while_the_database_hangs(reader):
    levels = StockLevels(reader, max_age=0, patience=30)
    levels.current()
    levels._patience = 0
    reader.is_open.clear()

    assert [levels.current() for _ in range(20)] == [{"mug": 1}] * 20
    assert reader.reads == 2


def test_failure_of_the_database_keeps_the_last_levels():
    def fails():
        raise OperationalError("SELECT", {}, Exception())

    levels = StockLevels(fails, patience=30)

    assert levels.current() == {}
