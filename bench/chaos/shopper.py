"""A shopper who pays through all of it."""

import contextlib
import re
import time
from html import unescape

import requests

from tests.support.http_shopper import HttpShopper, number_in

#: What a shopper sees of a process that was killed meanwhile.
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


class Shopper(HttpShopper):
    """A visitor who does not give up when a connection breaks."""

    is_member = False

    def __init__(self, shop_url, world, chance, counts):
        super().__init__(shop_url, world)
        self.chance = chance
        self.counts = counts

    def again(self, do, tries=60):
        """Do something until it is answered by a shop that is not being killed."""
        for _ in range(tries):
            with contextlib.suppress(*BROKEN):
                answer = do()
                if answer.status_code < 500:
                    return answer
            self.counts.add("requests repeated")
            time.sleep(0.2)  # while gunicorn starts another worker
        raise RuntimeError("the shop did not come back")

    def sees(self, path):
        """A page, asked for until it is answered."""
        return self.again(lambda: super(Shopper, self).sees(path))

    def sends(self, path, **fields):
        """A form, sent until it is answered."""
        return self.again(lambda: super(Shopper, self).sends(path, **fields))

    def pays_by_json(self, **body):
        """The JSON call, made until it is answered."""
        return self.again(lambda: super(Shopper, self).pays_by_json(**body))

    def signs_up(self, email):
        """Become a member."""
        self.is_member = True
        return super().signs_up(email)

    def token(self, number):
        """A token, asked for until the vault gives one."""
        while True:
            with contextlib.suppress(requests.RequestException, AssertionError, ValueError):
                return self.world.token(number)

    def order_of_the_cart(self):
        """The number of the order that the checkout leads to."""
        page = self.opens_the_checkout()
        return number_in(page.url) if "/orders/" in page.url else None

    def twin(self):
        """The same person in another tab."""
        twin = Shopper(self.url, self.world, self.chance, self.counts)
        twin.http.cookies.update(self.http.cookies)
        twin.csrf, twin.cart = self.csrf, self.cart
        return twin

    def presses_pay(self, by_json, **fields):
        """Pay, and press again when the connection breaks: the number of the order, or None."""
        if by_json:
            return self.pays_by_json(**fields).json().get("order")
        answer = self.sends("/charge", email="a@example.com", cart=self.cart, **fields)
        if answer.status_code == 303 and "/orders/" in answer.headers["Location"]:
            return number_in(answer.headers["Location"])
        return None

    def saved_card(self):
        """One of their cards, if Omise tells."""
        with contextlib.suppress(*BROKEN, ValueError, KeyError, IndexError):
            answer = self.http.get(
                f"{self.url}/cards", headers={"Accept": "application/json"}, timeout=60
            )
            return answer.json()["cards"][0]["id"]
        return None

    def goes_to_the_bank(self, number):
        """Approve, decline, cancel or close the tab; come back, twice, elsewhere, or not."""
        page = self.sees(f"/orders/{number}?to=bank").text
        found = re.search(rf'href="({re.escape(self.world.url)}/[^"]+)"', page)
        choice = self.chance.choices(["approve", "decline", "cancel", None], [6, 2, 1, 1])[0]
        if not found or choice is None:
            self.counts.add("banks abandoned")
            return
        with contextlib.suppress(KeyError):  # the bank has its answer already
            back = self._answers_the_bank(unescape(found[1]), choice).removeprefix(self.url)
            self.counts.add("banks visited")
            somewhere = self.chance.choice([self, self, self, self.twin(), None])
            for _ in range(self.chance.choice([1, 1, 2])):
                if somewhere:
                    somewhere.sees(back)

    def _answers_the_bank(self, page, choice):
        """Where the bank sends the shopper, who asks again when the connection breaks."""
        while True:
            with contextlib.suppress(requests.RequestException):
                return self.world.at_the_bank(page, choice)
