"""Fixtures beside those of pytest-playwright."""

import pytest
from playwright.sync_api import BrowserContext

from omise_sandbox.playwright.checks import ShopTraffic


@pytest.fixture
def shop_traffic(context: BrowserContext, base_url: str) -> ShopTraffic:
    """What the browser sends to the shop at `base_url`."""
    return ShopTraffic(context, base_url)
