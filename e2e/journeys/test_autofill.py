"""A card that the browser has stored, filled in by the browser itself.

Chromium does it when it is asked through its DevTools, as it does when a shopper picks the card
from the list under a field. A headless shell stores no cards; `test_card_fields.py` imitates
autofill in any browser.
"""

import pytest
from playwright.sync_api import expect

from e2e.pages.checkout import EMAIL, enter_address, expect_script_running
from e2e.support.browser import isolates_sites
from e2e.support.cards import VISA, entered_cards

MUG = 390_00

#: The language of the shopper, and the field from which the browser fills in the card.
CASES = [
    ("en-GB", "#card-name"),
    ("en-GB", "#card-number"),
    ("th-TH", "#card-number"),
    ("ja-JP", "#card-number"),
]


@pytest.fixture
def browser_context_args(browser_context_args, locale):
    """The browser prefers the language of the case."""
    return {**browser_context_args, "locale": locale}


def fill_in_stored_card(page, field):
    """Let the browser fill in the card from one of its fields."""
    entered_cards.append(VISA)
    devtools = page.context.new_cdp_session(page)
    found = devtools.send("Runtime.evaluate", {"expression": f"document.querySelector('{field}')"})
    of = {"objectId": found["result"]["objectId"]}
    node = devtools.send("DOM.describeNode", of)["node"]["backendNodeId"]
    details = VISA.details
    card = {
        "number": details["number"],
        "name": details["name"],
        "expiryMonth": f"{details['expiration_month']:02}",
        "expiryYear": str(details["expiration_year"]),
        "cvc": details["security_code"],
    }
    page.locator(field).focus()
    devtools.send("Autofill.enable")
    devtools.send("Autofill.trigger", {"fieldId": node, "card": card})


@pytest.mark.only_browser("chromium")
@pytest.mark.parametrize(("locale", "field"), CASES)
def test_autofill_fills_in_all_fields_and_the_card_pays(page, world, pytestconfig, field):
    if not isolates_sites(pytestconfig):
        pytest.skip("a headless shell stores no cards")
    page.goto("/products/mug")
    with page.expect_navigation(url="**/cart"):
        page.locator("main form button").click()
    page.goto("/checkout")
    expect_script_running(page)
    page.locator("#email").fill(EMAIL)
    enter_address(page)

    fill_in_stored_card(page, field)

    expect(page.locator("#card-name")).to_have_value(VISA.name)
    expect(page.locator("#card-number")).to_have_value("4242 4242 4242 4242")
    expect(page.locator("#card-expiry")).not_to_have_value("")
    expect(page.locator("#card-security-code")).to_have_value(VISA.security_code)
    expect(page.locator("#card-brand")).to_have_text("Visa")
    page.locator("button[data-pay]").click()
    expect(page.locator("main")).to_have_attribute("data-status", "paid")
    assert world.payments() == [(MUG, "successful")]
