"""A shopper who comes over the network: a session with cookies, pages and forms."""

import re

import requests

from tests.support.flask_shopper import ADDRESS


class HttpShopper:
    """A shopper without JavaScript, at a shop in another process."""

    def __init__(self, shop_url, world):
        self.url = shop_url
        self.world = world
        self.http = requests.Session()
        self.http.trust_env = False
        self.csrf = ""
        self.cart = ""

    def sees(self, path):
        """A page, with its CSRF token noted."""
        page = self.http.get(self.url + path, timeout=60)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        self.csrf = found[1] if found else self.csrf
        return page

    def sends(self, path, **fields):
        """Post a form; returns the response, not what it redirects to."""
        known = ADDRESS if path == "/charge" else {}
        return self.http.post(
            self.url + path,
            data={"csrf_token": self.csrf, **known, **fields},
            timeout=60,
            allow_redirects=False,
        )

    def signs_up(self, email):
        """Open an account."""
        self.sees("/signup")
        return self.sends("/signup", email=email, password="correct horse battery")

    def at_checkout(self, sku="mug", quantity=1):
        """Fill the cart and open the page where one pays."""
        self.fills_the_cart(sku, quantity)
        return self.opens_the_checkout()

    def fills_the_cart(self, sku="mug", quantity=1):
        """Have something to pay for."""
        self.sees("/cart")
        return self.sends("/cart", sku=sku, quantity=quantity)

    def opens_the_checkout(self):
        """The page where one pays, with its cart noted."""
        page = self.sees("/checkout")
        found = re.search(r'name="cart" value="([^"]+)"', page.text)
        self.cart = found[1] if found else ""
        return page

    def pays(self, token=None, **fields):
        """Send the form; gives the number of the order."""
        answer = self.sends(
            "/charge",
            token=token or self.world.token(),
            email="somchai@example.com",
            cart=self.cart,
            **fields,
        )
        assert answer.status_code == 303, answer.text
        return number_in(answer.headers["Location"])

    def pays_by_json(self, **body):
        """The JSON call; gives the answer itself."""
        return self.http.post(
            f"{self.url}/charge", json=body, headers={"X-CSRFToken": self.csrf}, timeout=60
        )

    def status_of(self, number):
        """How an order stands."""
        return self.http.get(f"{self.url}/orders/{number}/status", timeout=60).json()["status"]


def number_in(address):
    """The number of the order that an address leads to."""
    found = re.search(r"/orders/([A-Z0-9]+)", address)
    assert found, address
    return found[1]
