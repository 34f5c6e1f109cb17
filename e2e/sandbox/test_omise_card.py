"""OmiseCard of the sandbox's Omise.js: the pre-built form, on any merchant's page."""

import pytest
from playwright.sync_api import expect

from e2e.support.cards import VISA
from e2e.support.sandbox import PUBLIC_KEY

FORM = '<form method="post" action="/pay"><button id="pay">Pay</button></form>'


@pytest.fixture
def form(page):
    """The payment form of Omise, in its frame."""
    return page.frame_locator("#omise-checkout-iframe-app")


def fill(form, card=VISA):
    """Fill in the payment form."""
    form.get_by_label("Card number").fill(card.number)
    form.get_by_label("Name on card").fill(card.name)
    form.get_by_label("Expiry date").fill(card.expiry)
    form.get_by_label("Security code").fill(card.security_code)


def configure(page, **more):
    """Configure the form; `calls` records its callbacks."""
    config = {"publicKey": PUBLIC_KEY, "amount": 39000, "frameLabel": "Mug shop"} | more
    page.evaluate(
        """(config) => {
            window.calls = []
            const shown = (data) => (typeof data === "object" ? Object.keys(data) : data)
            for (const name of ["onCreateTokenSuccess", "onFormClosed", "onError"]) {
                config[name] = (data) => calls.push([name, shown(data)])
            }
            if (config.element) config.element = document.querySelector(config.element)
            OmiseCard.configure(config)
        }""",
        config,
    )


def calls(page, count=1):
    """The first calls of callbacks, once there are so many."""
    page.wait_for_function(f"calls.length >= {count}")
    return page.evaluate("calls")


def test_popup_form_returns_a_token(open_merchant_page, form):
    page = open_merchant_page()
    configure(page)
    page.evaluate("OmiseCard.open()")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_visible()

    fill(form)
    form.get_by_role("button", name="Pay").click()

    ((name, token),) = calls(page)
    assert (name, token[:10]) == ("onCreateTokenSuccess", "tokn_test_")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_hidden()


def test_closing_the_form_calls_back(open_merchant_page, form):
    page = open_merchant_page()
    configure(page)
    page.evaluate("OmiseCard.open()")

    form.get_by_role("button", name="Close").click()

    assert [name for name, _ in calls(page)] == ["onFormClosed"]


def test_page_closes_and_destroys_the_form(open_merchant_page, form):
    page = open_merchant_page()
    configure(page)
    page.evaluate("OmiseCard.open()")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_visible()

    page.evaluate("new Promise((done) => OmiseCard.close(done))")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_hidden()
    page.evaluate("OmiseCard.destroy()")

    expect(page.locator("iframe")).to_have_count(0)
    assert page.evaluate("OmiseCard.open()") is False


def test_configured_button_submits_the_token(open_merchant_page, form, merchant_site):
    page = open_merchant_page(
        '<form method="post" action="/pay"><button id="pay">Pay</button></form>'
    )
    configure(page)
    page.evaluate(
        "OmiseCard.configureButton('#pay', { frameLabel: 'By button' }); OmiseCard.attach()"
    )
    page.locator("#pay").click()
    expect(form.get_by_role("heading", name="By button")).to_be_visible()

    fill(form)
    form.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    sent = merchant_site.forms.get(timeout=5)
    assert sent["omiseToken"].startswith("tokn_test_")
    assert sent["omiseSource"] == ""


def test_configured_button_submits_a_source(open_merchant_page, form, merchant_site):
    page = open_merchant_page(
        '<form method="post" action="/pay"><button id="pay">Pay</button></form>'
    )
    configure(page, otherPaymentMethods=["promptpay"])
    page.evaluate("OmiseCard.configureButton('#pay'); OmiseCard.attach()")
    page.locator("#pay").click()

    form.get_by_label("PromptPay").check()
    form.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert merchant_site.forms.get(timeout=5)["omiseSource"].startswith("src_test_")


def test_script_tag_adds_a_button(open_merchant_page, form, merchant_site, world):
    page = open_merchant_page(
        f'<form method="post" action="/pay"><script src="{world.url}/omise.js"'
        f' data-key="{PUBLIC_KEY}" data-amount="39000" data-button-label="Buy it"></script></form>',
        script_tag="",
    )

    page.get_by_role("button", name="Buy it").click()
    fill(form)
    form.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert merchant_site.forms.get(timeout=5)["omiseToken"].startswith("tokn_test_")


def test_embedded_form_returns_a_token_on_request(open_merchant_page, form):
    page = open_merchant_page('<div id="card"></div>')
    configure(page, customCardForm=True, element="#card")
    page.evaluate("OmiseCard.open()")
    fill(form)
    form.get_by_label("Save this card").check()

    page.evaluate("OmiseCard.requestCardToken({ email: 'somchai@example.com' })")

    assert calls(page) == [["onCreateTokenSuccess", ["token", "remember"]]]


def test_unsupported_options_raise(open_merchant_page):
    with pytest.raises(Exception, match="customInstallmentForm is not imitated"):
        configure(open_merchant_page(), customInstallmentForm=True)
