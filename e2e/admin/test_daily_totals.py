"""The page of a day: totals, payments by hour, failures by reason."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from e2e.support.cards import VISA, Card
from e2e.support.purchases import place_order

MUG = 390_00
INSUFFICIENT_FUNDS = Card("4111111111140011")


class Day(NamedTuple):
    """The figures on the page of a day."""

    orders_paid: int
    money_paid: int
    payments_made: int
    payments_failed: int
    insufficient_funds: int


def test_day_shows_totals_and_charts(admin, context, world):
    today = datetime.now(ZoneInfo("Asia/Bangkok")).date()
    days = (today, today + timedelta(days=1))  # in case one ends during this test
    before = totals_of(admin, days)
    for card in (VISA, VISA, INSUFFICIENT_FUNDS):
        place_order(context.request, world, card)

    after = totals_of(admin, days)

    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 2 * MUG, 2, 1, 1]


def test_charts_fit_on_a_phone(admin, context, world):
    place_order(context.request, world, INSUFFICIENT_FUNDS)
    admin.page.set_viewport_size({"width": 360, "height": 740})
    admin.page.goto("/admin")

    for name in ("Payments by hour", "Failed payments by reason"):
        chart = admin.page.get_by_role("img", name=name).bounding_box()
        assert chart["x"] + chart["width"] <= 360, name


def totals_of(admin, days):
    """The figures of some days together."""
    return Day(*map(sum, zip(*(read_day(admin, day) for day in days), strict=True)))


def read_day(admin, day):
    """The figures of a day, from its totals and its two charts."""
    admin.page.goto(f"/admin?day={day.isoformat()}")
    expect(admin.heading).to_contain_text(f"{day.day} {day:%B %Y}")
    expect(admin.page.get_by_role("img", name="Payments by hour")).to_be_visible()
    totals = admin.main.get_by_role("region", name="Orders").get_by_role("row")
    paid = figures(totals.filter(has_text=re.compile(r"^\s*Paid\b"))) or [(0, 0)]
    hours = figures(admin.main.locator("details tbody tr"))
    chart = admin.page.get_by_role("img", name="Failed payments by reason").locator("title")
    insufficient_funds = re.findall(
        r"Insufficient funds (\d+)", " ".join(chart.all_text_contents())
    )
    made, failed = (sum(column) for column in zip(*hours, strict=True))
    orders, money = paid[0]
    return Day(orders, money, made, failed, sum(map(int, insufficient_funds)))


def figures(rows):
    """The two figures of each row, without separators of digits."""
    texts = rows.locator("td.figures").all_text_contents()
    numbers = [int(re.sub(r"\D", "", text)) for text in texts]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
