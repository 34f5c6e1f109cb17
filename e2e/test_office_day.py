"""The page of the day: what was paid, what failed, and why."""

import re
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
    before = read_day(office)
    shopper.has_paid_with(VISA)
    shopper.has_paid_with(VISA)
    another_shopper.at_checkout().pay_with(WITHOUT_MONEY).expect_status("payment_failed")

    after = read_day(office)

    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 2 * MUG, 2, 1, 1]
    for chart in ("Payments by hour", "Failed payments by reason"):
        expect(office.page.get_by_role("img", name=chart)).to_be_visible()


def read_day(office):
    """The figures of today."""
    office.page.goto("/admin")
    sums = office.main.get_by_role("region", name="Orders of the day").get_by_role("row")
    paid = figures(sums.filter(has_text=re.compile(r"^\s*Paid\b"))) or [(0, 0)]
    hours = figures(office.main.locator("details tbody tr"))
    reasons = " ".join(office.main.locator("svg title").all_text_contents())
    without_money = re.findall(r"insufficient_fund (\d+)", reasons)
    made, failed = (sum(column) for column in zip(*hours, strict=True))
    return Day(*paid[0], made, failed, sum(map(int, without_money)))


def figures(rows):
    """The two figures of each row, without what separates their digits."""
    texts = rows.locator("td.figures").all_text_contents()
    numbers = [int(re.sub(r"\D", "", text)) for text in texts]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
