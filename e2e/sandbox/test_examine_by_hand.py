"""A scenario by hand: the inspector asks, the tester buys at the shop and answers."""

import re

import pytest
from playwright.sync_api import expect

from e2e.support.accessibility import violations
from e2e.support.cards import THREE_DS_CARD, VISA
from e2e.support.viewport import DESKTOP_SIZE, expect_no_sideways_scroll


@pytest.fixture
def examine(new_context, world, base_url):
    """The view of the inspector."""
    world.send_webhooks_to(base_url)
    page = new_context(viewport=DESKTOP_SIZE).new_page()
    page.goto(f"{world.url}/_sandbox/#examine")
    return page


def start(page, scenario):
    """Choose a scenario and start it."""
    page.get_by_label("Scenario").select_option(scenario)
    page.get_by_role("button", name="Start").click()


def answer(page, question, choice):
    """Wait for a question, and choose an answer."""
    group = page.get_by_role("group", name="Question")
    expect(group).to_contain_text(question)
    group.get_by_role("button", name=choice, exact=True).click()


def test_shop_that_is_right(examine, shopper):
    start(examine, "ordinary-purchase")
    answer(examine, "Fill a cart", "Done")
    expect(examine.get_by_role("group", name="Question")).to_contain_text(VISA.number)
    shopper.buy_with(VISA)
    answer(examine, "Pay with the card", "paid")
    answer(examine, "Reload the page of the order", "paid")

    verdict = examine.locator("#examine-verdict")
    expect(verdict).to_contain_text("right")
    lanes = examine.get_by_role("region", name="Timeline")
    for step in ("POST /charges: 200", "charge.create: 204", "the shop says: paid"):
        expect(lanes).to_contain_text(step)
    assert violations(examine) == []
    examine.set_viewport_size({"width": 320, "height": 800})
    expect_no_sideways_scroll(examine)


def test_shop_that_would_believe_a_return(examine, shopper):
    start(examine, "3ds-forged-return")
    answer(examine, "Fill a cart", "Done")
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    answer(examine, "Pay with the card", "at the bank")
    answer(examine, "in the same browser", "paid")
    answer(examine, "Reload the page of the order", "paid")

    verdict = examine.locator("#examine-verdict")
    expect(verdict).to_contain_text("wrong (told the shopper something false)")
    expect(verdict).to_contain_text("the shop says paid, and no money moved")
    expect(verdict).to_contain_text("How to fix it: At the return, and at each webhook")


def test_scenario_is_stopped(examine):
    stop = examine.get_by_role("button", name="Stop")
    expect(stop).to_be_hidden()
    start(examine, "ordinary-purchase")
    question = examine.get_by_role("group", name="Question")
    expect(question).to_be_visible()

    stop.click()

    expect(question).to_be_hidden()
    expect(stop).to_be_hidden()


def test_scenario_is_copied_as_a_test(examine):
    examine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    examine.get_by_label("Scenario").select_option("two-clicks")
    examine.get_by_role("button", name="Copy as pytest").click()

    copied = examine.evaluate("navigator.clipboard.readText()")
    assert 'expect_right("shop.toml", "two-clicks"' in copied
    compile(copied, "copied", "exec")


def test_repeated_reads_are_one_line_in_the_lanes(examine):
    read = {"lane": "API", "text": "GET /charges/chrg_1: 200"}
    steps = [
        {"at": 0, "lane": "browser", "text": "pays"},
        *({"at": at, **read} for at in (1, 2, 4)),
    ]
    running = {"scenario": "ordinary-purchase", "timeline": steps}
    examine.route("**/_sandbox/examination", lambda route: route.fulfill(json=running))

    lanes = examine.get_by_role("region", name="Timeline")
    expect(lanes.get_by_role("row")).to_have_count(3)  # the head, the payment, the reads
    run = lanes.get_by_role("group")
    expect(run.locator("summary")).to_have_text(
        re.compile(r"GET /charges/chrg_1: 200 \S 3, 1\.00 s to 4\.00 s")
    )
    run.locator("summary").click()
    expect(run.get_by_role("listitem")).to_have_text(["1.00 s", "2.00 s", "4.00 s"])
    assert violations(examine) == []
