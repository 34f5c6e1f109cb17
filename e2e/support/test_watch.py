"""The watch itself: it detects what it is there to detect."""

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
def watched_page(browser, base_url):
    """A page with a watch of its own, on which a test may cause problems."""
    context = browser.new_context(base_url=base_url)
    watch = Watch(base_url)
    watch.follow(context)
    page = context.new_page()
    page.goto("/")
    yield page, watch
    context.close()


def test_card_data_sent_to_the_shop_is_detected(watched_page):
    page, watch = watched_page
    assert watch.leaks([VISA]) == []

    for leak in LEAKS:
        page.evaluate(SEND, leak)

    assert len(watch.leaks([VISA])) == len(LEAKS)


def test_card_data_in_a_cookie_is_detected(watched_page, base_url):
    page, watch = watched_page
    page.context.add_cookies([{"name": "card", "value": VISA.number, "url": base_url}])

    watch.read_cookies(page.context)

    assert watch.leaks([VISA]) == [f"cookie {VISA.number}"]


@pytest.mark.parametrize(
    "problem",
    [
        "console.error('planted')",
        "console.warn('planted')",
        "setTimeout(() => { throw new Error('planted') })",
        "document.body.setAttribute('style', 'color: red')",
        "document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/planted' }))",
        "document.body.innerHTML = '<b>planted</b>'",
        "await fetch('/planted')",
    ],
)
def test_errors_of_a_page_are_detected(watched_page, problem):
    page, watch = watched_page

    page.evaluate(f"async () => {{ try {{ {problem} }} catch {{}} }}")
    page.evaluate("() => new Promise((done) => setTimeout(done))")

    assert watch.problems() != []


def test_failed_request_is_detected(watched_page):
    page, watch = watched_page
    page.route("**/planted", lambda route: route.abort())

    page.evaluate(SEND, ["/planted", {}])

    assert [problem for problem in watch.problems() if "/planted" in problem] != []


def test_unknown_host_is_detected(watched_page):
    page, watch = watched_page

    with page.expect_request("http://localhost:9/"):
        page.evaluate("() => { location.href = 'http://localhost:9/' }")

    assert watch.unknown_hosts == ["http://localhost:9/"]


def test_expected_status_must_occur(watched_page):
    _, watch = watched_page

    watch.expect_status(402)

    assert watch.problems() == ["no answer had the status 402"]
