"""The pages as shoppers meet them: making one of these objects asserts that the page is there."""

from e2e.pages.accounts import LoginPage, SignupPage
from e2e.pages.bank import BankPage
from e2e.pages.cards import CardsPage
from e2e.pages.catalogue import CartPage, HomePage, ProblemPage, ProductPage
from e2e.pages.checkout import CheckoutPage
from e2e.pages.order import OrderPage, OrdersPage

__all__ = [
    "BankPage",
    "CardsPage",
    "CartPage",
    "CheckoutPage",
    "HomePage",
    "LoginPage",
    "OrderPage",
    "OrdersPage",
    "ProblemPage",
    "ProductPage",
    "SignupPage",
]
