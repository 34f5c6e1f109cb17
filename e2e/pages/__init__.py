"""Page objects: to construct one asserts that its page is shown."""

from e2e.pages.accounts import LoginPage, SignupPage
from e2e.pages.bank import BankPage, WalletPage
from e2e.pages.cards import CardsPage
from e2e.pages.cart import CartPage
from e2e.pages.catalogue import HomePage, ProductPage
from e2e.pages.checkout import CheckoutPage
from e2e.pages.errors import ErrorPage
from e2e.pages.order import OrderPage, OrdersPage

__all__ = [
    "BankPage",
    "CardsPage",
    "CartPage",
    "CheckoutPage",
    "ErrorPage",
    "HomePage",
    "LoginPage",
    "OrderPage",
    "OrdersPage",
    "ProductPage",
    "SignupPage",
    "WalletPage",
]
