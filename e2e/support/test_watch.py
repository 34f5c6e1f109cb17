"""The watchmen themselves: they see what they are there to see."""

import pytest

from e2e.support.cards import VISA
from e2e.support.watch import Watch

SEND = """([url, init]) => fetch(url, init).then(() => null, () => null)"""


LEAKS = [
    ("/?q=4242424242424242", {}),
    ("/?q=4242+4242+4242-4242", {}),
    ("/?q=%34%32%34%32424242424242", {}),
    ("/", {"headers": {"X-Note": "4242 4242 4242 4242"}}),
    ("/cart", {"method": "POST", "body": "number=4242424242424242"}),
    ("/cart", {"method": "POST", "body": '{"card": [{"number": 4242424242424242}]}'}),
    ("/cart", {"method": "POST", "body": "code=842"}),
    ("/cart", {"method": "POST", "body": '{"code": "842"}'}),
    ("/cart", {"method": "POST", "body": "security_code="}),
    ("/?cvv=1", {}),
]


@pytest.fixture
def planted(browser, base_url):
    """A page with a watch of its own, in which a test may misbehave."""
    context = browser.new_context(base_url=base_url)
    watch = Watch(base_url)
    watch.follow(context)
    page = context.new_page()
    page.goto("/")
    yield page, watch
    context.close()


def test_card_data_sent_to_the_shop_is_seen(planted):
    page, watch = planted
    assert watch.leaks([VISA]) == []

    for misdeed in LEAKS:
        page.evaluate(SEND, misdeed)

    assert len(watch.leaks([VISA])) == len(LEAKS)


def test_card_data_in_a_cookie_is_seen(planted, base_url):
    page, watch = planted
    page.context.add_cookies([{"name": "card", "value": VISA.number, "url": base_url}])

    watch.look_into(page.context)

    assert watch.leaks([VISA]) == [f"cookie {VISA.number}"]


@pytest.mark.parametrize(
    "misdeed",
    [
        "console.error('planted')",
        "console.warn('planted')",
        "setTimeout(() => { throw new Error('planted') })",
        "document.body.setAttribute('style', 'color: red')",
        "document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/planted' }))",
        "document.body.innerHTML = '<b>planted</b>'",
    ],
)
def test_a_noisy_page_is_heard(planted, misdeed):
    page, watch = planted

    page.evaluate(f"() => {{ try {{ {misdeed} }} catch {{}} }}")
    page.evaluate("() => new Promise((done) => setTimeout(done))")

    assert watch.complaints() != []


def test_a_stranger_is_seen(planted):
    page, watch = planted

    with page.expect_request("http://localhost:9/"):
        page.evaluate("() => { location.href = 'http://localhost:9/' }")

    assert watch.strangers == ["http://localhost:9/"]


def test_an_expected_noise_that_never_comes_is_a_complaint(planted):
    _, watch = planted

    watch.expect("status of 402")

    assert watch.complaints() == ["expected, but never logged: status of 402"]
