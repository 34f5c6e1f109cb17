"""Page objects and fixtures for browser tests of any shop, with pytest-playwright.

Needs the extra `playwright`: `pip install "omise-sandbox[playwright]"`. In a conftest:
`pytest_plugins = ["omise_sandbox.playwright.fixtures"]`.
"""

from omise_sandbox.playwright.bank import BankPage
from omise_sandbox.playwright.card_form import Card, CardForm, OmisePopup
from omise_sandbox.playwright.checks import ShopTraffic, expect_one_charge

__all__ = ["BankPage", "Card", "CardForm", "OmisePopup", "ShopTraffic", "expect_one_charge"]
