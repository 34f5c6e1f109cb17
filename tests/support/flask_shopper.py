"""A shopper in tests: verbs over the Flask client, which sees only pages and JSON."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

from itsdangerous import URLSafeTimedSerializer

from storefront.factory import COOKIE_NAME

PASSWORD = "correct horse battery"

#: Reads cookies without their key.
COOKIES = URLSafeTimedSerializer("")

#: The delivery address that every checkout form carries, unless a test sends another.
ADDRESS = {
    "shipping_name": "Somchai Prasert",
    "shipping_address": "99/1 Sukhumvit Road",
    "shipping_city": "Bangkok",
    "shipping_postal_code": "10110",
    "shipping_country": "TH",
    "shipping_phone": "081 234 5678",
}


class FlaskShopper:
    """A shopper without JavaScript, with a token from the sandbox."""

    def __init__(self, app, world):
        self.client = app.test_client()
        self.world = world
        self.page = None
        self.tokens = {}

    def sees(self, path, **options):
        """A page, followed to where it leads."""
        self.page = self.client.get(path, follow_redirects=True, **options)
        return self.page

    def sends(self, path, **fields):
        """Post a form with its CSRF token; returns the response, not what it redirects to."""
        known = ADDRESS if path == "/charge" else {}
        self.page = self.client.post(path, data={"csrf_token": self.csrf(), **known, **fields})
        return self.page

    def submits(self, path, **fields):
        """Post a form, and open the page that the response leads to."""
        answer = self.sends(path, **fields)
        return self.sees(answer.location) if answer.status_code == 303 else answer

    def sends_json(self, path, body, **headers):
        """Post JSON as a page of the shop does."""
        self.page = self.client.post(
            path, json=body, headers={"X-CSRFToken": self.csrf(), **headers}
        )
        return self.page

    def csrf(self):
        """The CSRF token of this session, read from a page once for each of its secrets."""
        secret = self.csrf_secret()
        if secret in self.tokens:
            return self.tokens[secret]
        page = self.client.get("/login").get_data(as_text=True)
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
        if secret := self.csrf_secret():
            self.tokens[secret] = token
        return token

    def csrf_secret(self):
        """What a token of this session must contain, as its cookie says; it is not encrypted."""
        cookie = self.client.get_cookie(COOKIE_NAME)
        content = COOKIES.loads_unsafe(cookie.value)[1] if cookie else None
        return (content or {}).get("csrf_token")

    def puts_in_cart(self, sku="mug", quantity=1):
        """Fill the cart."""
        return self.sends("/cart", sku=sku, quantity=quantity)

    def signs_up(self, email="somchai@example.com", password=PASSWORD):
        """Open an account."""
        return self.sends("/signup", email=email, password=password)

    def pays(self, number="4242424242424242", token=None, **fields):
        """Send the checkout form with a new card; gives the order page or the form again."""
        if "card" not in fields:
            fields["token"] = token or self.world.token(number)
        return self.submits("/charge", **{"email": "somchai@example.com", **fields})

    def pays_by_json(self, **body):
        """The JSON call of the brief."""
        return self.sends_json("/charge", body)

    def pays_in_tabs(self, tokens):
        """Pay with each token at once, in a tab of its own: the answers."""
        with ThreadPoolExecutor(len(tokens)) as pool:
            pays = [
                pool.submit(tab.pays_by_json, token=token)
                for tab, token in zip(self.tabs(len(tokens)), tokens, strict=True)
            ]
        return [answer.result() for answer in pays]

    def tabs(self, count, app=None):
        """Other tabs of the same browser, to be used at once; of another shop, if one is named."""
        tabs = [FlaskShopper(app or self.client.application, self.world) for _ in range(count)]
        for tab in tabs:
            tab.cookie = self.cookie
        return tabs

    @property
    def cookie(self):
        """The session, as the browser keeps it; an older one may be put back."""
        return self.client.get_cookie(COOKIE_NAME).value

    @cookie.setter
    def cookie(self, value):
        self.client.set_cookie(COOKIE_NAME, value)

    @property
    def cards(self):
        """Their saved cards, as the shop lists them in JSON, the default first."""
        answer = self.client.get("/cards", headers={"Accept": "application/json"})
        return answer.get_json()["cards"]

    @property
    def card(self):
        """The id of the saved card that they pay with unless they choose another."""
        return self.cards[0]["id"]

    @property
    def text(self):
        """What the last page says."""
        body = re.sub(
            r"<(script|template|head).*?</\1>", " ", self.page.get_data(as_text=True), flags=re.S
        )
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))

    @property
    def status(self):
        """The status of the order on the last page."""
        found = re.search(r'<main[^>]*data-status="([a-z_]+)"', self.page.get_data(as_text=True))
        return found and found[1]

    @property
    def order_number(self):
        """The number of the order on the last page."""
        return re.search(r"/orders/([A-Z0-9]+)", self.page.request.path)[1]
