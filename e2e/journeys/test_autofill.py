"""A card that the browser keeps, filled in by the browser itself.

Chromium does it when it is asked through its DevTools, as it does when somebody picks the card from
the list under a field. A headless shell, in which the other tests run, keeps no cards, so this
needs a Chromium with windows; `test_card_field.py` imitates what it does in any browser.
"""

import shutil

import pytest
from playwright.sync_api import expect

from e2e.pages.checkout import EMAIL, expect_alive
from e2e.support.cards import VISA, typed
from e2e.support.shopper import Shopper

MUG = 390_00
WITH_WINDOWS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LANGUAGES = ("en-GB", "th-TH", "ja-JP")


@pytest.fixture
def browser_that_keeps_cards(browser_type, browser_type_launch_args):
    """A Chromium with windows, though none is opened."""
    program = next(filter(None, map(shutil.which, WITH_WINDOWS)), None)
    if program is None:
        pytest.skip(
            f"none of {', '.join(WITH_WINDOWS)} is here, and a headless shell keeps no cards"
        )
    browser = browser_type.launch(**browser_type_launch_args | {"executable_path": program})
    yield browser
    browser.close()


@pytest.fixture(params=LANGUAGES)
def shopper(request, browser_that_keeps_cards, base_url, watch):
    """A guest who reads one of the languages of the shop."""
    context = browser_that_keeps_cards.new_context(base_url=base_url, locale=request.param)
    watch.follow(context)
    yield Shopper(context.new_page())
    watch.look_into(context)


def picks_the_card(page, field):
    """Have the browser fill in the card from one of its fields."""
    typed.append(VISA)
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


@pytest.mark.parametrize("field", ["#card-name", "#card-number"])
def test_the_browser_fills_in_all_four_fields_and_the_card_pays(shopper, omise, field):
    page = shopper.page
    page.goto("/products/mug")
    with page.expect_navigation(url="**/cart"):
        page.locator("main form button").click()
    page.goto("/checkout")
    expect_alive(page)
    page.locator("#email").fill(EMAIL)

    picks_the_card(page, field)

    expect(page.locator("#card-name")).to_have_value(VISA.name)
    expect(page.locator("#card-number")).to_have_value("4242 4242 4242 4242")
    expect(page.locator("#card-expiry")).not_to_have_value("")
    expect(page.locator("#card-security-code")).to_have_value(VISA.security_code)
    expect(page.locator("[data-brand]")).to_have_text("Visa")
    page.locator("button[data-pay]").click()
    expect(page.locator("main")).to_have_attribute("data-status", "paid")
    assert omise.payments() == [(MUG, "successful")]
