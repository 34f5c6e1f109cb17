"""What the content policy blocks is reported to the shop, and counted."""

import pytest
from playwright.sync_api import expect

from e2e.support.csp_reports import FOREIGN_IMAGE, LOAD_FOREIGN_IMAGE, CspReports

#: What a hole in a template would admit.
SKIMMER = "<script>window.isOwned = true</script>"


@pytest.fixture
def reports(base_url):
    """The reports that the shop counts."""
    return CspReports(base_url)


def test_injected_script_is_blocked_and_reported(page, reports, watch):
    watch.allow("CSP: script-src")
    before = reports.counts()

    def inject(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", SKIMMER + "</main>"))

    page.route("**/login", inject)
    page.goto("/login")

    assert SKIMMER in page.content()
    assert page.evaluate("window.isOwned") is None
    assert reports.rises(page, "script-src-elem", before)


def test_foreign_image_is_blocked_and_reported(page, reports, watch):
    watch.allow("CSP: img-src", FOREIGN_IMAGE)
    before = reports.counts()
    page.goto("/products/mug")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.evaluate(LOAD_FOREIGN_IMAGE)

    assert reports.rises(page, "img-src", before)
    assert [r for r in watch.sent_to_shop if r.url.endswith("/csp-report")]  # by the page itself
    assert watch.unknown_hosts.pop() == FOREIGN_IMAGE  # requested, and never sent


def test_unsafe_html_is_blocked_and_reported(page, reports, watch):
    watch.allow("CSP: require-trusted-types-for")
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
    assert reports.rises(page, "require-trusted-types-for", before)
