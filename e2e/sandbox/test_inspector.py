"""The inspector of the sandbox."""

import re

import pytest
from playwright.sync_api import expect

from e2e.support.cards import THREE_DS_CARD, VISA
from e2e.support.screens import problems_on_every_screen

#: On how many lines the text of a button stands, or that of a label before its field.
LINES_OF_TEXT = """(control) => {
  const range = document.createRange()
  range.selectNodeContents(control.firstChild)
  return new Set([...range.getClientRects()].map(({ top }) => top)).size
}"""

LINES_BESIDE_A_LONG_MESSAGE = f"""(control) => {{
  document.getElementById("live").textContent = "a long message ".repeat(9)
  return ({LINES_OF_TEXT})(control)
}}"""


@pytest.fixture
def inspector(new_context, world):
    """The inspector, open in a tab of its own."""
    page = new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{world.url}/_sandbox/")
    return page


def open_view(page, view):
    """Open a view."""
    page.get_by_role("navigation").get_by_role("link", name=view).click()


def test_inspector_says_that_it_is_a_sandbox(inspector):
    expect(inspector.locator("body")).to_contain_text("no money moves")


def test_requests_appear_live_without_card_data(inspector, shopper):
    shopper.buy_with(VISA)

    row = inspector.locator("#request-list > *").filter(has_text="/tokens").first
    row.click()

    expect(row).to_contain_text("POST")
    expect(row).to_contain_text("200")
    expect(row).to_contain_text("tokn_test_")
    expect(row).not_to_contain_text(VISA.number)


def test_payment_shows_its_requests(inspector, shopper):
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD).approve()
    open_view(inspector, "Payments")

    payment = inspector.locator("#payment-list > *").first
    payment.click()

    for step in ("/tokens", "/charges", "/authorize"):
        expect(payment).to_contain_text(step)


def test_pending_charge_is_settled(inspector, shopper, world):
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    open_view(inspector, "Payments")
    inspector.locator("#payment-list > *").first.click()

    inspector.get_by_role("button", name="Mark as paid").click()

    expect(inspector.locator("#payment-list")).to_contain_text("successful")
    assert [payment.status for payment in world.payments()] == ["successful"]


def test_clock_is_advanced(inspector):
    open_view(inspector, "Controls")

    inspector.locator("[data-advance]").first.click()

    expect(inspector.locator("#clock-offset")).to_contain_text("ahead of real time")


def test_fault_is_added_fires_and_is_released(inspector, shopper):
    open_view(inspector, "Controls")
    inspector.get_by_label("Path", exact=True).fill("/payments/*")
    inspector.locator("#fault-do").select_option("call:pause")
    inspector.get_by_role("button", name="Add fault").click()
    expect(inspector.locator("#fault-list")).to_contain_text("fired 0 of 1")

    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    shopper.page.get_by_role("button", name="Approve").click(no_wait_after=True)
    expect(inspector.locator("#fault-list")).to_contain_text("fired 1 of 1")
    inspector.get_by_role("button", name="Release").click()

    expect(shopper.page.get_by_role("main")).to_have_attribute("data-status", "paid")


def test_webhook_fault_asks_for_an_event_and_no_path(inspector):
    open_view(inspector, "Controls")

    inspector.locator("#fault-do").select_option("webhook:drop")

    expect(inspector.get_by_label("Event", exact=True)).to_be_visible()
    expect(inspector.get_by_label("Path", exact=True)).to_be_hidden()


def test_next_charge_is_declined_by_one_click_and_replayed(inspector, world, quiet_browser):
    quiet_browser.expect_status(400)
    open_view(inspector, "Controls")
    inspector.get_by_role("button", name="Decline the next charge").click()
    expect(inspector.locator("#armed")).to_have_text("1 active fault")
    open_view(inspector, "Token")
    inspector.locator("#token").get_by_role("button").last.click()
    answer = inspector.locator("#token").get_by_label("Response").text_content()
    world.charge(re.search(r"tokn_\w+", answer)[0], 2000)

    open_view(inspector, "Requests")
    inspector.get_by_role("button", name="4xx").click()
    expect(inspector.get_by_text("No requests match the filter.")).to_be_visible()
    inspector.get_by_role("button", name="4xx").click()
    row = inspector.locator("#request-list > *").filter(has_text="/charges").last  # the oldest
    row.click()
    row.get_by_role("button", name="Replay").click()
    expect(inspector.get_by_role("status")).to_contain_text("Replayed POST /charges: 400")

    row.get_by_role("link", name="Payment chrg_").click()
    expect(inspector.locator("#payment-list")).to_contain_text("insufficient_fund")


def test_clock_is_frozen_and_goes_back_to_real_time(inspector):
    open_view(inspector, "Controls")

    inspector.get_by_role("button", name="+1 day", exact=True).click()
    expect(inspector.locator("#banner")).to_contain_text("1 day ahead")
    inspector.get_by_role("button", name="Freeze").click()
    expect(inspector.locator("#banner")).to_contain_text("frozen")
    inspector.locator("#banner").get_by_role("button", name="Back to real time").click()

    expect(inspector.locator("#banner")).to_be_hidden()


def test_world_is_created_and_entered(inspector):
    open_view(inspector, "Controls")

    inspector.get_by_role("button", name="New world").click()

    expect(inspector.locator("#world-list > *").first).to_contain_text("skey_test_•••")
    expect(inspector.locator("#world-list > *").first).to_contain_text("current")


def test_chips_of_one_kind_add_up_and_of_two_kinds_narrow(inspector, world, quiet_browser):
    def press(name):
        inspector.get_by_role("button", name=name, exact=True).click()

    shown = inspector.locator("#request-list > :not([hidden])")
    open_view(inspector, "Token")
    inspector.get_by_role("button", name="Create token").click()
    expect(inspector.locator("#token-result")).to_contain_text("tokn_test_")
    world.payments()
    open_view(inspector, "Requests")
    expect(shown).to_have_count(2)

    press("POST")
    expect(shown).to_have_count(1)
    expect(inspector.locator("#request-count")).to_have_text("1 of 2 requests")
    press("GET")
    expect(shown).to_have_count(2)
    press("4xx")
    expect(shown).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1280])
def test_labels_of_filters_are_not_broken(inspector, width):
    inspector.set_viewport_size({"width": width, "height": 780})
    label = inspector.locator("#requests .bar__filter")

    assert label.evaluate(LINES_OF_TEXT) == 1


def test_button_is_not_broken_by_a_long_message_beside_it(inspector):
    inspector.set_viewport_size({"width": 360, "height": 780})
    button = inspector.get_by_role("button", name="Pause")

    assert button.evaluate(LINES_BESIDE_A_LONG_MESSAGE) == 1


def test_every_tab_can_be_reached_on_a_phone(inspector):
    inspector.set_viewport_size({"width": 360, "height": 780})
    tabs = inspector.get_by_role("navigation")
    expect(tabs).to_have_attribute("data-after", "")
    expect(tabs).not_to_have_attribute("data-before", "")

    inspector.goto(inspector.url.partition("#")[0] + "#fidelity")

    expect(tabs.get_by_role("link", name="Fidelity")).to_be_in_viewport(ratio=1)
    expect(tabs).to_have_attribute("data-before", "")
    expect(tabs).not_to_have_attribute("data-after", "")
    tabs.get_by_role("link", name="Requests").click()
    expect(tabs.get_by_role("link", name="Requests")).to_be_in_viewport(ratio=1)


def test_pause_says_what_it_does_next(inspector):
    inspector.get_by_role("button", name="Pause", exact=True).click()
    expect(inspector.locator("#live")).to_have_text("Paused")

    inspector.get_by_role("button", name="Resume", exact=True).click()
    expect(inspector.locator("#live")).to_have_text("Live")


def test_token_is_created(inspector):
    open_view(inspector, "Token")

    inspector.locator("#token").get_by_role("button").last.click()

    expect(inspector.locator("#token")).to_contain_text("tokn_test_")


#: What is done in a view before it is looked at.
ACTIONS = {
    "Requests": lambda page: page.locator("#request-list summary").first.click(),
    "Payments": lambda page: page.locator("#payment-list summary").first.click(),
    "Objects": lambda page: page.locator("#object-list summary").first.click(),
    "Webhooks": lambda page: page.locator("#webhook-list summary").first.click(),
    "Create a token": lambda page: page.locator("#token").get_by_role("button").last.click(),
    "Examine": lambda page: page.get_by_label("Scenario").select_option("webhook-forged"),
    "Fidelity": lambda page: page.locator("#fidelity summary").first.click(),
    "Controls": lambda page: page.get_by_role("button", name="Omise down for 1 minute").click(),
}


def test_every_view_is_accessible_and_fits(inspector, world, shopper, base_url):
    views = inspector.get_by_role("navigation").get_by_role("link").all_inner_texts()
    assert set(views) == set(ACTIONS)
    problems = {}
    for view in ACTIONS:
        open_view(inspector, view)
        problems[f"{view}, empty"] = problems_on_every_screen(inspector)
    world.send_webhooks_to(base_url)
    shopper.buy_with(VISA)
    shopper.go_to_checkout("lamp").go_to_bank_with(THREE_DS_CARD)
    problems["bank"] = problems_on_every_screen(shopper.page)
    world.advance_clock(minutes=1)

    for view, act in ACTIONS.items():
        open_view(inspector, view)
        act(inspector)
        problems[view] = problems_on_every_screen(inspector)
    world.reset("documented")

    assert {view: found for view, found in problems.items() if found} == {}
