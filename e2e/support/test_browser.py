"""The browser of the tests isolates sites, as the browsers of shoppers do."""

import pytest
from playwright.sync_api import expect

from e2e.support.browser import isolates_sites

#: Adds a frame that shows a page of the sandbox.
ADD_FRAME = """(url) => {
  const frame = document.createElement("iframe")
  frame.src = url
  document.body.append(frame)
}"""


@pytest.mark.only_browser("chromium")
def test_frame_of_omise_runs_in_a_process_of_its_own(shopper, browser, world, pytestconfig):
    """In a headless shell it does not, as the top of the run says."""
    page = shopper.go_to_checkout().page
    page.evaluate(ADD_FRAME, f"{world.url}/provider")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("Sandbox")

    targets = browser.new_browser_cdp_session().send("Target.getTargets")["targetInfos"]

    isolated = [target["url"] for target in targets if target["type"] == "iframe"]
    assert isolated == ([f"{world.url}/provider"] if isolates_sites(pytestconfig) else [])
