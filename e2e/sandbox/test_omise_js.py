"""The sandbox's Omise.js on any merchant's page: tokens, sources, and the provider frame."""

from e2e.support.cards import VISA
from e2e.support.sandbox import PUBLIC_KEY

#: Calls a function of Omise that ends in a callback: the arguments of the callback.
CALL = """([name, ...args]) =>
    new Promise((done) => Omise[name](...args, (status, body) => done([status, body])))"""

#: Speaks with /provider as the real library does: strings, `<channel> <JSON-RPC>`.
SPEAK = """([vault, merchant, channel, message]) => new Promise((done) => {
    const frame = document.createElement("iframe")
    const heard = []
    addEventListener("message", ({ data, origin }) => {
        heard.push([origin, data])
        if (data === `${channel}-ready`) frame.contentWindow.postMessage(message, vault)
        else done(heard)
    })
    frame.src = `${vault}/provider?xdm_e=${encodeURIComponent(merchant)}&xdm_c=${channel}&xdm_p=1`
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


def test_create_token(open_merchant_page):
    status, token = open_merchant_page().evaluate(CALL, ["createToken", "card", VISA.details])

    assert (status, token["object"], token["card"]["last_digits"]) == (200, "token", "4242")


def test_create_token_of_a_wallet(open_merchant_page):
    wallet = {"method": "googlepay", "data": "{}", "billing_name": "Somchai"}

    status, token = open_merchant_page().evaluate(CALL, ["createToken", "tokenization", wallet])

    assert (status, token["card"]["tokenization_method"]) == (200, "googlepay")


def test_rejected_card_reaches_the_callback(open_merchant_page, watch):
    watch.expect_status(402)

    status, error = open_merchant_page().evaluate(
        CALL, ["createToken", "card", {**VISA.details, "number": "4242424242424241"}]
    )

    assert (status, error["object"], error["code"]) == (402, "error", "invalid_card")


def test_wrong_key_reaches_the_callback(open_merchant_page, watch):
    watch.expect_status(401)
    page = open_merchant_page()
    page.evaluate("Omise.setPublicKey('pkey_test_unknown')")

    status, error = page.evaluate(CALL, ["createToken", "card", VISA.details])

    assert (status, error["code"]) == (401, "authentication_failure")


def test_several_tokens_at_once(open_merchant_page):
    answers = open_merchant_page().evaluate(
        f"(card) => Promise.all([1, 2, 3].map(() => ({CALL})(['createToken', 'card', card])))",
        VISA.details,
    )

    assert [status for status, _ in answers] == [200, 200, 200]
    assert len({token["id"] for _, token in answers}) == 3


def test_create_source(open_merchant_page):
    status, source = open_merchant_page().evaluate(
        CALL, ["createSource", "promptpay", {"amount": 39000, "currency": "THB"}]
    )

    assert (status, source["type"]) == (200, "promptpay")


def test_sample_of_the_documentation(page, merchant_site, world, watch):
    """As it stands there, except for host, key and the year, which has passed."""
    watch.known_hosts.add(merchant_site.url.removeprefix("http://"))
    page.goto(merchant_site.add_page(SAMPLE.replace("HOST", world.url).replace("KEY", PUBLIC_KEY)))

    sent = merchant_site.forms.get(timeout=10)

    assert sent["token"].startswith("tokn_test_")
    assert sent["amount"] == 100000


# The provider frame, for the real Omise.js


def speak(page, world, merchant_site, message):
    """What the provider's frame sends in the channel `default7` for a message."""
    return page.evaluate(SPEAK, [world.url, merchant_site.url, "default7", message])


def test_provider_answers_the_real_library(open_merchant_page, world, merchant_site):
    call = (
        'default7 {"method":"createToken","id":1,"jsonrpc":"2.0",'
        f'"params":["{PUBLIC_KEY}",{{"card":{{"name":"A B","number":"4242424242424242",'
        '"expiration_month":12,"expiration_year":2040,"security_code":"123"}}]}'
    )

    (_, ready), (origin, answer) = speak(open_merchant_page(), world, merchant_site, call)

    assert ready == "default7-ready"
    assert origin == world.url
    assert answer.startswith('default7 {"jsonrpc":"2.0","id":1,"result":{"status":200,"data":{')


def test_provider_returns_errors_with_their_data(open_merchant_page, world, merchant_site, watch):
    watch.expect_status(401)
    call = (
        'default7 {"method":"createToken","id":2,"jsonrpc":"2.0","params":["unknown",{"card":{}}]}'
    )

    *_, (_, answer) = speak(open_merchant_page(), world, merchant_site, call)

    assert answer.startswith('default7 {"jsonrpc":"2.0","id":2,"error":{"code":-32099,')
    assert '"data":{"status":401,"data":{"object":"error"' in answer
