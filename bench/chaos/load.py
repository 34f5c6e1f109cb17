"""All the shoppers of a run, and the merchant who refunds some of them."""

import contextlib
import random
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

from storefront.payments.errors import PaymentError
from storefront.payments.operations import new_idempotency_key

from .shopper import Shopper

GOOD, DECLINED, ASKS_THE_BANK = "4242424242424242", "4000000000000002", "4000000000003063"
PRODUCTS = ("mug", "vase", "lamp", "throw")


class Load:
    """All shoppers of a run; `orders` are the numbers that they were shown.

    Args:
        shop: where they buy.
        services: of the same shop, for the merchant.
        counts: of what they do.
        seed: decides what they do.
    """

    def __init__(self, shop, services, counts, seed):
        self.shop = shop
        self.services = services
        self.counts = counts
        self.seed = seed
        self.orders = set()
        self.members = threading.local()

    def buys(self, number):
        """One checkout, from the cart to its end."""
        chance = random.Random(f"{self.seed} {number}")
        who = self._shopper(chance)
        who.fills_the_cart(chance.choice(PRODUCTS), chance.randint(1, 3))
        who.opens_the_checkout()
        card = chance.choices([GOOD, DECLINED, ASKS_THE_BANK], [7, 1, 2])[0]
        order = self._pays(who, chance, card) or who.order_of_the_cart()
        self.counts.add("checkouts")
        if order is None:
            return
        self.orders.add(order)
        if card == ASKS_THE_BANK:
            who.goes_to_the_bank(order)
        if card == DECLINED and chance.random() < 0.5:
            who.opens_the_checkout()
            self._pays(who, chance, GOOD)
        for _ in range(chance.randint(0, 2)):
            who.sees(f"/orders/{order}")
        if chance.random() < 0.1:
            self._refunds(order, chance)

    def _shopper(self, chance):
        """A guest, or the member of this thread."""
        if chance.random() < 0.8:
            return Shopper(self.shop.url, self.shop.world, chance, self.counts)
        if not hasattr(self.members, "mine"):
            self.members.mine = Shopper(self.shop.url, self.shop.world, chance, self.counts)
            self.members.mine.signs_up(f"{secrets.token_hex(6)}@example.com")
        self.members.mine.chance = chance
        return self.members.mine

    def _pays(self, who, chance, card):
        """Pay once, or twice at once: the number of the order, or None."""
        by_json = chance.random() < 0.4
        fields = {"token": who.token(card)}
        if who.is_member:
            saved = who.saved_card() if chance.random() < 0.6 else None
            fields = {"card": saved} if saved else {**fields, "save_card": "1"}
        presses = [(who, fields)]
        kind = chance.random()
        if kind < 0.2:
            self.counts.add("double clicks")
            presses.append((who.twin(), fields))
        elif kind < 0.3 and "token" in fields:
            self.counts.add("two tabs")
            presses.append((who.twin(), {"token": who.token(GOOD)}))
        with ThreadPoolExecutor(len(presses)) as pool:
            numbers = list(
                pool.map(lambda press: press[0].presses_pay(by_json, **press[1]), presses)
            )
        return next(filter(None, numbers), None)

    def _refunds(self, number, chance):
        """The merchant refunds a part, sometimes with two concurrent requests."""
        most = self.services.engine.repository.get(number).refundable.amount
        if not most:
            return
        amount, key = chance.choice([most, most // 2]), new_idempotency_key()

        def refund(_):
            with contextlib.suppress(PaymentError):
                self.services.engine.operations.refund(number, amount=amount, idempotency_key=key)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(refund, range(chance.choice([1, 2]))))
        self.counts.add("refunds asked for")
