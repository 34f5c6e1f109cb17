"""A crowd of shoppers in tests: each with a session, a network and an email of its own."""

import itertools

from flask.sessions import SecureCookieSessionInterface

from storefront.fraud.card_numbers import passes_luhn

#: Numbers that the sandbox declines; a real list has one per attempt.
STOLEN = [
    *("4111111111140011", "5555551111110011", "3530111111190011", "6250947000000014"),
    *("4111111111130012", "5555551111100012", "3530111111180012", "6250947000000022"),
    *("4111111111120013", "5555551111190013", "3530111111170013", "6250947000000030"),
    *("4111111111110014", "5555551111180014", "3530111111160014", "6250947000000048"),
    *("4000000000000002", "4111111111190016", "5555551111160016", "3530111111140016"),
    *("6250947000000055", "4111111111180017", "5555551111150017", "3530111111130017"),
    *("6250947000000063",),
]


def address(number):
    """A public IP address, in another network for each number."""
    return f"8.{number // 250 + 10}.{number % 250}.7"


def card_number(prefix):
    """The number of 16 digits with these first 15."""
    return next(number for digit in "0123456789" if passes_luhn(number := prefix + digit))


class Crowd:
    """Makes clients with a cart, set in the cookie for speed, and pays with them by JSON."""

    def __init__(self, app, world):
        self.app = app
        self.world = world
        self.carts = itertools.count()
        self.stolen = itertools.cycle(STOLEN)
        self.signer = SecureCookieSessionInterface().get_signing_serializer(app)

    def client(self):
        """A new session with one mug in its cart."""
        cart = {"key": f"cart {id(self)} {next(self.carts)}", "quantities": {"mug": 1}}
        client = self.app.test_client()
        client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.signer.dumps({"cart": cart}))
        return client

    def pay(self, ip, email, token=None, client=None, **fields):
        """Pay one cart: the response."""
        if "method" not in fields:
            fields["token"] = token or self.world.token()
        return (client or self.client()).post(
            "/charge",
            json={"email": email, **fields},
            headers={"Sec-Fetch-Site": "same-origin"},
            environ_base={"REMOTE_ADDR": ip},
        )

    def honest_card(self, number):
        """A token of a card of one shopper alone, and that is not declined."""
        return self.world.token(card_number(f"4{50_000_000 + number:014d}"))

    def stolen_card(self):
        """A token of a card that is declined."""
        return self.world.token(next(self.stolen))
