"""The page of the day: what was paid, what failed, and why."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from e2e.cards import VISA, Card

MUG = 390_00
WITHOUT_MONEY = Card("4111111111140011")


class Day(NamedTuple):
    """What the page of the day says."""

    orders_paid: int
    money_paid: int
    payments_made: int
    payments_failed: int
    without_money: int


@pytest.mark.both_dialects
def test_the_day_is_summed_up_and_drawn(office, shopper, another_shopper):
    today = datetime.now(UTC).date()
    days = (today, today + timedelta(days=1))  # in case it ends in the middle of this test
    before = sum_of(office, days)
    shopper.has_paid_with(VISA)
    shopper.has_paid_with(VISA)
    another_shopper.at_checkout().pay_with(WITHOUT_MONEY).expect_status("payment_failed")

    after = sum_of(office, days)

    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 2 * MUG, 2, 1, 1]


@pytest.mark.parametrize("name", ["Payments by hour", "Failed payments by reason"])
def test_the_charts_fit_on_a_phone(office, shopper, name):
    shopper.at_checkout().pay_with(WITHOUT_MONEY).expect_status("payment_failed")
    office.page.set_viewport_size({"width": 360, "height": 740})
    office.page.goto("/admin")

    chart = office.page.get_by_role("img", name=name).bounding_box()

    assert chart["x"] + chart["width"] <= 360


def sum_of(office, days):
    """The figures of some days together."""
    return Day(*map(sum, zip(*(read_day(office, day) for day in days), strict=True)))


def read_day(office, day):
    """The figures of a day, from its sums and its two charts."""
    office.page.goto(f"/admin?day={day.isoformat()}")
    expect(office.heading).to_have_text(f"{day.day} {day:%B %Y}")
    expect(office.page.get_by_role("img", name="Payments by hour")).to_be_visible()
    sums = office.main.get_by_role("region", name="Orders").get_by_role("row")
    paid = figures(sums.filter(has_text=re.compile(r"^\s*Paid\b"))) or [(0, 0)]
    hours = figures(office.main.locator("details tbody tr"))
    chart = office.page.get_by_role("img", name="Failed payments by reason").locator("title")
    without_money = re.findall(r"insufficient_fund (\d+)", " ".join(chart.all_text_contents()))
    made, failed = (sum(column) for column in zip(*hours, strict=True))
    return Day(*paid[0], made, failed, sum(map(int, without_money)))


def figures(rows):
    """The two figures of each row, without what separates their digits."""
    texts = rows.locator("td.figures").all_text_contents()
    numbers = [int(re.sub(r"\D", "", text)) for text in texts]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
