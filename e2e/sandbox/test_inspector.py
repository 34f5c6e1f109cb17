"""The inspector of the sandbox."""

import re

import pytest
from playwright.sync_api import expect

from e2e.support.cards import THREE_DS_CARD, VISA
from e2e.support.screens import problems_on_every_screen
from e2e.support.viewport import DESKTOP_SIZE, PHONE_SIZE

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

TIMES = " \N{MULTIPLICATION SIGN}"

#: How often something was read, and from when to when.
TIMES_OF_A_RUN = re.compile(TIMES + r" 14, \d\d:\d\d:\d\d( to \d\d:\d\d:\d\d)?")


@pytest.fixture
def inspector(new_context, world):
    """The inspector, open in a tab of its own."""
    page = new_context(viewport=DESKTOP_SIZE).new_page()
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
    charge_without_a_shop(inspector, world)

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


def charge_without_a_shop(page, world):
    """Create a token in the inspector, and charge it: the id of the charge."""
    open_view(page, "Token")
    page.get_by_role("button", name="Create token").click()
    expect(page.locator("#token-result")).to_contain_text("tokn_test_")
    answer = page.locator("#token").get_by_label("Response").text_content()
    world.charge(re.search(r"tokn_\w+", answer)[0], 2000)
    return world.latest_charge()


def test_repeated_reads_are_one_line_in_the_requests(inspector, world):
    charge = charge_without_a_shop(inspector, world)
    open_view(inspector, "Requests")
    world.poll(charge, 14)

    rows = inspector.locator("#request-list > *")
    run = rows.filter(has_text=f"GET/charges/{charge}{TIMES} 14")
    expect(run.locator("> summary")).to_have_text(TIMES_OF_A_RUN)
    expect(rows).to_have_count(4)  # the token, the charge, the list of charges, the run
    run.locator("> summary").focus()
    inspector.keyboard.press("Enter")
    each = run.locator(".run > *")
    expect(each).to_have_count(14)
    each.first.locator("summary").click()
    expect(each.first.get_by_label("Response")).to_contain_text(charge)

    inspector.get_by_role("button", name="Hide polling", exact=True).click()
    expect(rows).to_have_count(3)
    expect(inspector.locator("#request-count")).to_have_text("3 of 17 requests")


def test_run_of_reads_grows_while_it_is_open_and_focused(inspector, world):
    charge = charge_without_a_shop(inspector, world)
    open_view(inspector, "Requests")
    world.poll(charge, 1)
    row = inspector.locator("#request-list > *").filter(has_text=f"/charges/{charge}").first
    row.locator("summary").click()
    expect(row.get_by_label("Response")).to_be_visible()

    world.advance_clock(minutes=1)
    world.poll(charge, 1)
    expect(row).to_contain_text(re.compile(rf"{TIMES} 2, \d\d:\d\d:\d\d to \d\d:\d\d:\d\d"))
    expect(row.get_by_label("Response")).to_be_visible()  # as before it was in a run

    row.locator("> summary").focus()
    world.poll(charge, 2)
    expect(row).to_contain_text(f"{TIMES} 4")
    expect(row.locator(".run > *")).to_have_count(4)
    expect(row.get_by_label("Response")).to_be_visible()
    expect(row.locator("> summary")).to_be_focused()


def test_repeated_reads_are_one_line_in_the_time_line(inspector, world):
    charge = charge_without_a_shop(inspector, world)
    world.advance_clock(minutes=1)  # its webhook and its event come before what is read later
    world.poll(charge, 5)
    inspector.goto(f"{world.url}/_sandbox/#payments/{charge}")

    reads = inspector.locator("#payment-list [data-charge] > li").filter(has_text="GET /charges")
    expect(reads).to_have_count(1)
    expect(reads).to_contain_text(f"GET /charges/{charge}{TIMES} 5, ")
    reads.locator("summary").click()
    expect(reads.locator("li")).to_have_count(5)

    world.poll(charge, 2)

    expect(reads).to_contain_text(f"{TIMES} 7, ")
    expect(reads.locator("li")).to_have_count(7)
    assert problems_on_every_screen(inspector) == []


def test_reads_with_another_answer_are_not_of_the_run(inspector, world, shopper):
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    charge = world.latest_charge()
    world.poll(charge, 3)
    world.mark_charge_as("paid")
    world.poll(charge, 3)
    inspector.goto(f"{world.url}/_sandbox/#payments/{charge}")

    runs = inspector.locator("#payment-list [data-charge] > li").filter(has_text=f"{TIMES} ")
    expect(runs.filter(has_text="pending")).to_have_count(1)
    expect(runs.filter(has_text="successful")).to_have_count(1)


def test_link_to_a_request_opens_the_run_that_it_is_in(inspector, world):
    world.poll(charge_without_a_shop(inspector, world), 3)
    inspector.goto(f"{world.url}/_sandbox/#requests/5")

    opened = inspector.locator("#request-list .run > [open]")
    expect(opened).to_have_count(1)
    expect(opened.get_by_label("Response")).to_be_visible()


def test_request_after_a_reset_is_not_the_linked_one(inspector, world):
    world.payments()
    inspector.goto(f"{world.url}/_sandbox/#requests/1")
    inspector.get_by_role("searchbox", name="Filter").fill("nothing like this")
    expect(inspector.locator("#request-list > *")).to_have_count(1)

    world.reset("documented")
    world.payments()

    expect(inspector.get_by_text("No requests match the filter.")).to_be_visible()


#: Payments cannot be read until "Try again" is pressed, so that no poll succeeds before it.
PAYMENTS_FAIL = """() => {
  const { fetch } = window
  const restore = ({ target }) => { if (target.textContent === "Try again") window.fetch = fetch }
  window.addEventListener("click", restore, { capture: true })
  window.fetch = async (url, ...options) => String(url).includes("/_sandbox/payments?")
    ? new Response("no room left", { status: 500 }) : fetch(url, ...options)
}"""


def test_problem_of_a_view_is_said_in_it(inspector):
    inspector.evaluate(PAYMENTS_FAIL)
    open_view(inspector, "Payments")

    alert = inspector.get_by_role("alert")
    expect(alert).to_contain_text("Payments: The sandbox answered 500.")
    expect(alert).to_contain_text("The log of the sandbox says why.")
    expect(inspector.get_by_text("No payments yet.")).to_be_hidden()
    expect(inspector.locator("#live")).to_have_text("Live")
    assert problems_on_every_screen(inspector) == []
    open_view(inspector, "Webhooks")
    expect(alert).to_have_count(0)

    open_view(inspector, "Payments")
    alert.get_by_role("button", name="Try again").click()

    expect(alert).to_have_count(0)
    expect(inspector.get_by_role("heading", name="Payments")).to_be_focused()
    expect(inspector.get_by_text("No payments yet.")).to_be_visible()


def test_sandbox_that_does_not_answer(inspector, quiet_browser):
    quiet_browser.allow("ERR_FAILED", "Load failed", "NetworkError")
    inspector.route("**/_sandbox/*", lambda route: route.abort())

    alert = inspector.get_by_role("alert")
    expect(alert).to_contain_text("The sandbox does not answer.")
    expect(alert).to_contain_text("Start it again if it has stopped.")
    expect(inspector.locator("#live")).to_have_text("Not connected")
    inspector.unroute("**/_sandbox/*")

    expect(alert).to_have_count(0)
    expect(inspector.locator("#live")).to_have_text("Live")


@pytest.mark.parametrize("width", [360, 1280])
def test_labels_of_filters_are_not_broken(inspector, width):
    inspector.set_viewport_size({"width": width, "height": 780})
    label = inspector.locator("#requests .bar__filter")

    assert label.evaluate(LINES_OF_TEXT) == 1


def test_button_is_not_broken_by_a_long_message_beside_it(inspector):
    inspector.set_viewport_size(PHONE_SIZE)
    button = inspector.get_by_role("button", name="Pause")

    assert button.evaluate(LINES_BESIDE_A_LONG_MESSAGE) == 1


def test_every_tab_can_be_reached_on_a_phone(inspector):
    inspector.set_viewport_size(PHONE_SIZE)
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
