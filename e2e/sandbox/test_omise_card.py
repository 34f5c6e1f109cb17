"""OmiseCard of the sandbox's Omise.js: the ready-made form, on any merchant's page."""

import pytest
from playwright.sync_api import expect

from e2e.support.cards import VISA
from e2e.support.sandbox import PUBLIC_KEY


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
    """Configure the form; what its callbacks are told is noted in `told`."""
    config = {"publicKey": PUBLIC_KEY, "amount": 39000, "frameLabel": "Mug shop"} | more
    page.evaluate(
        """(config) => {
            window.told = []
            const shown = (data) => (typeof data === "object" ? Object.keys(data) : data)
            for (const name of ["onCreateTokenSuccess", "onFormClosed", "onError"]) {
                config[name] = (data) => told.push([name, shown(data)])
            }
            if (config.element) config.element = document.querySelector(config.element)
            OmiseCard.configure(config)
        }""",
        config,
    )


def told(page, count=1):
    """What callbacks were told, once so many were called."""
    page.wait_for_function(f"told.length >= {count}")
    return page.evaluate("told")


def test_the_form_gives_a_token(show, form):
    page = show()
    configure(page)
    page.evaluate("OmiseCard.open()")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_visible()

    fill(form)
    form.get_by_role("button", name="Pay").click()

    ((name, token),) = told(page)
    assert (name, token[:10]) == ("onCreateTokenSuccess", "tokn_test_")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_hidden()


def test_a_form_that_is_closed_says_so(show, form):
    page = show()
    configure(page)
    page.evaluate("OmiseCard.open()")

    form.get_by_role("button", name="Close").click()

    assert [name for name, _ in told(page)] == ["onFormClosed"]


def test_the_page_closes_the_form_and_takes_it_away(show, form):
    page = show()
    configure(page)
    page.evaluate("OmiseCard.open()")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_visible()

    page.evaluate("new Promise((done) => OmiseCard.close(done))")
    expect(form.get_by_role("heading", name="Mug shop")).to_be_hidden()
    page.evaluate("OmiseCard.destroy()")

    expect(page.locator("iframe")).to_have_count(0)
    assert page.evaluate("OmiseCard.open()") is False


def test_a_button_fills_in_the_form_and_sends_it(show, form, site):
    page = show('<form method="post" action="/pay"><button id="pay">Pay</button></form>')
    configure(page)
    page.evaluate(
        "OmiseCard.configureButton('#pay', { frameLabel: 'By button' }); OmiseCard.attach()"
    )
    page.locator("#pay").click()
    expect(form.get_by_role("heading", name="By button")).to_be_visible()

    fill(form)
    form.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    sent = site.forms.get(timeout=5)
    assert sent["omiseToken"].startswith("tokn_test_")
    assert sent["omiseSource"] == ""


def test_a_source_is_sent_in_a_field_of_its_own(show, form, site):
    page = show('<form method="post" action="/pay"><button id="pay">Pay</button></form>')
    configure(page, otherPaymentMethods=["promptpay"])
    page.evaluate("OmiseCard.configureButton('#pay'); OmiseCard.attach()")
    page.locator("#pay").click()

    form.get_by_label("PromptPay").check()
    form.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert site.forms.get(timeout=5)["omiseSource"].startswith("src_test_")


def test_a_script_tag_makes_its_own_button(show, form, site, omise):
    page = show(
        f'<form method="post" action="/pay"><script src="{omise.url}/omise.js"'
        f' data-key="{PUBLIC_KEY}" data-amount="39000" data-button-label="Buy it"></script></form>',
        script_tag="",
    )

    page.get_by_role("button", name="Buy it").click()
    fill(form)
    form.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert site.forms.get(timeout=5)["omiseToken"].startswith("tokn_test_")


def test_the_embedded_form_gives_a_token_when_asked(show, form):
    page = show('<div id="card"></div>')
    configure(page, customCardForm=True, element="#card")
    page.evaluate("OmiseCard.open()")
    fill(form)
    form.get_by_label("Save this card").check()

    page.evaluate("OmiseCard.requestCardToken({ email: 'somchai@example.com' })")

    assert told(page) == [["onCreateTokenSuccess", ["token", "remember"]]]


def test_what_is_not_imitated_fails_loudly(show):
    with pytest.raises(Exception, match="customInstallmentForm is not imitated"):
        configure(show(), customInstallmentForm=True)
