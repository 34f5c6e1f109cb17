"""What a browser refuses to run in our pages is told to the shop, and counted."""

import pytest
from playwright.sync_api import expect

from e2e.support.csp_reports import LOAD, Reports

#: What a hole in a template would let in.
SKIMMER = "<script>window.isOwned = true</script>"


@pytest.fixture
def reports(base_url):
    """What the shop was told."""
    return Reports(base_url)


def test_an_injected_script_is_not_run_but_reported(page, reports, watch):
    watch.expect("Content Security Policy", "CSP: script-src")
    before = reports.counts()

    def inject(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", SKIMMER + "</main>"))

    page.route("**/login", inject)
    page.goto("/login")

    assert SKIMMER in page.content()
    assert page.evaluate("window.isOwned") is None
    assert reports.rise(page, "script-src-elem", before)


def test_what_is_loaded_from_a_stranger_is_refused_and_reported(page, reports, watch):
    watch.expect("CSP: img-src", "Content Security Policy")
    before = reports.counts()
    page.goto("/products/mug")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.evaluate(LOAD)

    assert reports.rise(page, "img-src", before)
    assert [r for r in watch.sent_to_shop if r.url.endswith("/csp-report")]  # by the page itself
    assert watch.strangers.pop().startswith("https://evil.example/")  # asked for, and never sent


def test_what_a_script_of_ours_is_talked_into_is_refused_and_reported(page, reports, watch):
    watch.expect("TrustedHTML", "CSP: require-trusted-types-for")
    before = reports.counts()
    page.goto("/login")

    refused = page.evaluate("""() => {
      try {
        document.body.innerHTML = "<img src=x onerror=alert(1)>"
      } catch (error) {
        return error.name
      }
    }""")

    assert refused == "TypeError"
    assert reports.rise(page, "require-trusted-types-for", before)
