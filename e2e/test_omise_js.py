"""The sandbox's Omise.js, as any merchant's page may use it: its whole public interface."""

import pytest
from playwright.sync_api import expect

from e2e.cards import VISA
from e2e.merchant import running_merchant
from e2e.omise import PUBLIC_KEY

#: Calls a function of Omise that ends in a callback, and gives what the callback was told.
CALL = """([name, ...args]) =>
    new Promise((done) => Omise[name](...args, (status, body) => done([status, body])))"""

#: Speaks with /provider as the real library does: strings, `<channel> <JSON-RPC>`.
SPEAK = """([vault, me, channel, message]) => new Promise((done) => {
    const frame = document.createElement("iframe")
    const heard = []
    addEventListener("message", ({ data, origin }) => {
        heard.push([origin, data])
        if (data === `${channel}-ready`) frame.contentWindow.postMessage(message, vault)
        else done(heard)
    })
    frame.src = `${vault}/provider?xdm_e=${encodeURIComponent(me)}&xdm_c=${channel}&xdm_p=1`
    document.body.append(frame)
})"""


SAMPLE = """
<script src="HOST/omise.js"></script>
<script>
Omise.setPublicKey('KEY');
const cardData = {
  name: 'JOHN DOE',
  number: '4242424242424242',
  expiration_month: 12,
  expiration_year: 2040,
  security_code: '123'
};
Omise.createToken('card', cardData, (statusCode, response) => {
  if (statusCode === 200) {
    const tokenId = response.id;
    fetch('/charge', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: tokenId, amount: 100000 })
    })
  }
});
</script>
"""


@pytest.fixture(scope="module")
def site():
    """Another merchant's site."""
    with running_merchant() as merchant:
        yield merchant


@pytest.fixture
def show(page, site, watch, omise):
    """Shows a page of the merchant that loads Omise.js."""
    watch.known_hosts.add(site.url.removeprefix("http://"))

    def show(body="", script_tag=f'<script src="{omise.url}/omise.js"></script>'):
        page.goto(site.serves(script_tag + body))
        if "data-key" not in body:
            page.evaluate("(key) => Omise.setPublicKey(key)", PUBLIC_KEY)
        return page

    return show


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


# Tokens and sources


def test_create_token(show):
    status, token = show().evaluate(CALL, ["createToken", "card", VISA.details])

    assert (status, token["object"], token["card"]["last_digits"]) == (200, "token", "4242")


def test_create_token_of_a_wallet(show):
    wallet = {"method": "googlepay", "data": "{}", "billing_name": "Somchai"}

    status, token = show().evaluate(CALL, ["createToken", "tokenization", wallet])

    assert (status, token["card"]["tokenization_method"]) == (200, "googlepay")


def test_a_refused_card_is_told_to_the_callback(show, watch):
    watch.expect("status of 402")

    status, error = show().evaluate(
        CALL, ["createToken", "card", {**VISA.details, "number": "4242424242424241"}]
    )

    assert (status, error["object"], error["code"]) == (402, "error", "invalid_card")


def test_a_wrong_key_is_told_to_the_callback(show, watch):
    watch.expect("status of 401")
    page = show()
    page.evaluate("Omise.setPublicKey('pkey_test_nobody')")

    status, error = page.evaluate(CALL, ["createToken", "card", VISA.details])

    assert (status, error["code"]) == (401, "authentication_failure")


def test_several_tokens_at_once(show):
    answers = show().evaluate(
        f"(card) => Promise.all([1, 2, 3].map(() => ({CALL})(['createToken', 'card', card])))",
        VISA.details,
    )

    assert [status for status, _ in answers] == [200, 200, 200]
    assert len({token["id"] for _, token in answers}) == 3


def test_create_source(show):
    status, source = show().evaluate(
        CALL, ["createSource", "promptpay", {"amount": 39000, "currency": "THB"}]
    )

    assert (status, source["type"]) == (200, "promptpay")


# The ready-made form


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


def test_the_sample_of_the_documentation(page, site, omise, watch):
    """As it stands there, but for host, key and the year, which has passed."""
    watch.known_hosts.add(site.url.removeprefix("http://"))
    page.goto(site.serves(SAMPLE.replace("HOST", omise.url).replace("KEY", PUBLIC_KEY)))

    sent = site.forms.get(timeout=10)

    assert sent["token"].startswith("tokn_test_")
    assert sent["amount"] == 100000


# The other half, for the real Omise.js


def speak(page, omise, site, message, me=None):
    """What the provider's frame says in the channel `default7`, when it is told a message."""
    return page.evaluate(SPEAK, [omise.url, me or site.url, "default7", message])


def test_the_provider_answers_the_real_library(show, omise, site):
    call = (
        'default7 {"method":"createToken","id":1,"jsonrpc":"2.0",'
        f'"params":["{PUBLIC_KEY}",{{"card":{{"name":"A B","number":"4242424242424242",'
        '"expiration_month":12,"expiration_year":2040,"security_code":"123"}}]}'
    )

    (_, ready), (origin, answer) = speak(show(), omise, site, call)

    assert ready == "default7-ready"
    assert origin == omise.url
    assert answer.startswith('default7 {"jsonrpc":"2.0","id":1,"result":{"status":200,"data":{')


def test_the_provider_tells_errors_with_their_data(show, omise, site, watch):
    watch.expect("status of 401")
    call = (
        'default7 {"method":"createToken","id":2,"jsonrpc":"2.0","params":["nobody",{"card":{}}]}'
    )

    *_, (_, answer) = speak(show(), omise, site, call)

    assert answer.startswith('default7 {"jsonrpc":"2.0","id":2,"error":{"code":-32099,')
    assert '"data":{"status":401,"data":{"object":"error"' in answer
