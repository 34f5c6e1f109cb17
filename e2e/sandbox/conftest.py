"""Another merchant's site, which loads the sandbox's Omise.js."""

import pytest

from e2e.support.merchant_site import running_merchant_site


@pytest.fixture(scope="module")
def merchant_site():
    """The site."""
    with running_merchant_site() as site:
        yield site


@pytest.fixture
def open_merchant_page(page, merchant_site, watch, world):
    """Opens a page of the merchant that loads Omise.js."""
    watch.known_hosts.add(merchant_site.url.removeprefix("http://"))

    def open_page(body="", script_tag=f'<script src="{world.url}/omise.js"></script>'):
        page.goto(merchant_site.add_page(script_tag + body))
        if "data-key" not in body:
            page.evaluate("(key) => Omise.setPublicKey(key)", world.public_key)
        return page

    return open_page
