"""Chaos: many shoppers pay while everything fails, and afterwards the two ledgers must agree.

A third of Omise's answers go wrong, webhooks are lost, doubled and reordered, and the shop's
processes are killed with -9. Run it with `make chaos`, or `python -m bench.chaos --help`.
"""

import argparse
import contextlib
import itertools
import logging
import random
import re
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
import structlog
from sqlalchemy import select, text

from sandbox import testing
from sandbox.testing import World
from storefront import create_app
from storefront.database import Database
from storefront.errors import StorefrontError
from storefront.models import Order
from storefront.orders import AttemptKind, AttemptState
from storefront.settings import Settings
from tests.postgresql import Postgresql
from tests.programs import Shop, wait_until
from tests.visitor import Visitor, number_in

WEBHOOK_SECRET = "Y2hhb3M="
GOOD, DECLINED, ASKS_THE_BANK = "4242424242424242", "4000000000000002", "4000000000003063"
PRODUCTS = ("mug", "vase", "lamp", "throw")

#: How long the shop waits for Omise, in seconds, and when it takes a call as never made.
TIMEOUTS = {
    "OMISE_CONNECT_TIMEOUT": "0.5",
    "OMISE_READ_TIMEOUT": "1.5",
    "OMISE_LATEST_ARRIVAL": "6",
}

#: What goes wrong at Omise, and how often: about a third of all calls. A delay is longer than the
#: shop waits, and shorter than what it takes to be sure that nothing arrives.
FAULTS = [
    {"do": "drop_before", "probability": 0.06},
    {"do": "drop_after", "probability": 0.08},
    {"do": "garbage", "probability": 0.06},
    {"do": "delay", "seconds": 2, "probability": 0.06},
    {"do": "status", "status": 500, "probability": 0.04},
    {"do": "status", "status": 502, "probability": 0.04},
    {"do": "status", "status": 503, "probability": 0.04},
]


#: What a shopper sees of a process that was killed meanwhile.
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


@dataclass
class Counts:
    """What happened in a run."""

    seen: Counter = field(default_factory=Counter)
    faults: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what, number=1):
        """Note that something happened."""
        with self.lock:
            self.seen[what] += number


# The way of the webhooks


class Post(ThreadingHTTPServer):
    """Takes Omise's webhooks to the shop, or does not, or twice, or later than others."""

    daemon_threads = True

    def __init__(self, shop_url, seed, counts):
        super().__init__(("127.0.0.1", 0), Carrier)
        self.target = f"{shop_url}/webhooks/omise"
        self.random = random.Random(seed)
        self.counts = counts
        self.is_honest = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        """Where Omise is to send its webhooks."""
        return f"http://127.0.0.1:{self.server_port}/"


class Carrier(BaseHTTPRequestHandler):
    """One webhook."""

    def do_POST(self):  # the name that http.server asks for
        """Do something to it, and answer what the shop answers."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fate = self.server.random.random()
        if self.server.is_honest or fate > 0.6:
            status = self._deliver("webhooks delivered", body)
        elif fate > 0.4:
            status = 204  # Omise thinks that it arrived
            self.server.counts.add("webhooks lost")
        elif fate > 0.2:
            self._deliver("webhooks delivered", body)
            status = self._deliver("webhooks doubled", body)
        else:
            time.sleep(fate * 10)  # those that come after it overtake it
            status = self._deliver("webhooks reordered", body)
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _deliver(self, how, body):
        self.server.counts.add(how)
        names = ("Content-Type", "Omise-Signature", "Omise-Signature-Timestamp")
        headers = {name: self.headers[name] for name in names if name in self.headers}
        try:
            return requests.post(
                self.server.target, data=body, headers=headers, timeout=20
            ).status_code
        except requests.RequestException:
            return 502

    def log_message(self, *_):
        """Say nothing."""


# The shoppers


class Customer(Visitor):
    """A shopper who does not give up when a connection breaks."""

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

    def token(self, number):
        """A token, asked for until the vault gives one."""
        while True:
            with contextlib.suppress(requests.RequestException, AssertionError, ValueError):
                return self.world.token(number)

    def fills_the_cart(self, sku, quantity):
        """Have something to pay for."""
        self.again(lambda: self.sees("/cart"))
        self.again(lambda: self.sends("/cart", sku=sku, quantity=quantity))

    def opens_the_checkout(self):
        """The page where one pays, or the order that the cart became."""
        page = self.again(lambda: self.sees("/checkout"))
        found = re.search(r'name="cart" value="([^"]+)"', page.text)
        self.cart = found[1] if found else ""
        return page

    def twin(self):
        """The same person in another tab."""
        twin = Customer(self.url, self.world, self.chance, self.counts)
        twin.http.cookies.update(self.http.cookies)
        twin.csrf, twin.cart = self.csrf, self.cart
        return twin

    def presses_pay(self, by_json, **fields):
        """Pay, and press again when the connection breaks: the number of the order, or None."""

        def press():
            if by_json:
                return self.pays_by_json(**fields)
            return self.sends("/charge", email="a@example.com", cart=self.cart, **fields)

        answer = self.again(press)
        if answer.status_code == 303 and "/orders/" in answer.headers["Location"]:
            return number_in(answer.headers["Location"])
        return answer.json().get("order") if by_json else None

    def order_of_the_cart(self):
        """The number of the order that the checkout leads to."""
        page = self.opens_the_checkout()
        return number_in(page.url) if "/orders/" in page.url else None

    def saved_card(self):
        """One of their cards, if Omise tells."""
        with contextlib.suppress(*BROKEN, ValueError, KeyError, IndexError):
            answer = self.http.get(
                f"{self.url}/cards", headers={"Accept": "application/json"}, timeout=60
            )
            return answer.json()["cards"][0]["id"]
        return None

    def answers_the_bank(self, page, choice):
        """Where the bank sends the shopper, who asks again when the connection breaks."""
        while True:
            with contextlib.suppress(requests.RequestException):
                return self.world.at_the_bank(page, choice)

    def goes_to_the_bank(self, number):
        """Approve, decline, cancel or close the tab; come back, twice, elsewhere, or not."""
        page = self.again(lambda: self.sees(f"/orders/{number}?to=bank")).text
        found = re.search(rf'href="({re.escape(self.world.url)}/[^"]+)"', page)
        choice = self.chance.choices(["approve", "decline", "cancel", None], [6, 2, 1, 1])[0]
        if not found or choice is None:
            self.counts.add("banks abandoned")
            return
        with contextlib.suppress(KeyError):  # the bank has its answer already
            back = self.answers_the_bank(unescape(found[1]), choice).removeprefix(self.url)
            self.counts.add("banks visited")
            somewhere = self.chance.choice([self, self, self, self.twin(), None])
            for _ in range(self.chance.choice([1, 1, 2])):
                if somewhere:
                    somewhere.again(lambda: somewhere.sees(back))


class Crowd:
    """All the shoppers of a run."""

    def __init__(self, shop, world, counts, seed):
        self.shop = shop
        self.world = world
        self.counts = counts
        self.seed = seed
        self.orders = set()
        self.back_office = None
        self.members = threading.local()

    def buys(self, number):
        """One checkout from the shelf to whatever end."""
        chance = random.Random(f"{self.seed} {number}")
        who = self._somebody(chance)
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
            who.again(lambda: who.sees(f"/orders/{order}"))
        if chance.random() < 0.1:
            self._refunds(order, chance)

    def _somebody(self, chance):
        """A guest, or the member of this thread."""
        if chance.random() < 0.8:
            return Customer(self.shop.url, self.world, chance, self.counts)
        if not hasattr(self.members, "mine"):
            mine = Customer(self.shop.url, self.world, chance, self.counts)
            mine.is_member = True
            mine.again(lambda: mine.sees("/signup"))
            email = f"{secrets.token_hex(6)}@example.com"
            mine.again(lambda: mine.sends("/signup", email=email, password="correct horse battery"))
            self.members.mine = mine
        self.members.mine.chance = chance
        return self.members.mine

    def _pays(self, who, chance, card):
        by_json = chance.random() < 0.4
        fields = {"token": who.token(card)}
        if hasattr(who, "is_member"):
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
        """The merchant gives some of it back, now and then with two clicks at once."""
        order = self.back_office.ledger.order(number)
        most = order.refundable.amount
        if not most:
            return
        amount, click = chance.choice([most, most // 2]), secrets.token_hex(16)

        def refund(_):
            with contextlib.suppress(StorefrontError):
                self.back_office.money_moves.refund(number, amount=amount, click=click)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(refund, range(chance.choice([1, 2]))))
        self.counts.add("refunds asked for")


# The killer


class Killer(threading.Thread):
    """Kills a process of the shop with -9, again and again."""

    def __init__(self, shop, counts, seed, pause):
        super().__init__(daemon=True)
        self.shop = shop
        self.counts = counts
        self.random = random.Random(seed)
        self.pause = pause
        self.enough = threading.Event()
        self.worker = shop.worker()

    def run(self):
        """Kill until told to stop; gunicorn starts its workers again, the outbox's is started."""
        while not self.enough.wait(self.random.uniform(0.5, 1.5) * self.pause):
            if self.random.random() < 0.2:
                self.worker.kill()
                self.worker.wait()
                self.shop.forget(self.worker)
                self.worker = self.shop.worker()
                self.counts.add("outbox workers killed")
            elif workers := self.shop.workers():
                self.random.choice(workers).kill()
                self.counts.add("shop workers killed")

    def stop(self):
        """No more of it."""
        self.enough.set()
        self.join()


# A run


@contextlib.contextmanager
def a_database(kind, folder):
    """The address of an empty one."""
    if kind == "postgresql":
        with Postgresql(folder) as server:
            yield server.new()
    else:
        yield f"sqlite:///{folder / 'shop.db'}"


def run(kind, *, checkouts, shoppers, seed, pause=2.0):
    """One run on one database: the counts, and what is wrong afterwards, which must be nothing."""
    counts, folder = Counts(), Path(tempfile.mkdtemp(prefix="chaos"))
    sandbox, url = testing.start()
    try:
        with a_database(kind, folder) as database_url:
            world = World.new(url)
            shop = Shop(
                world,
                database_url,
                folder,
                WEB_CONCURRENCY="4",
                SHIELD_SCALE="1000000",
                OMISE_WEBHOOK_SECRET=WEBHOOK_SECRET,
                **TIMEOUTS,
            ).start()
            try:
                problems = storm(shop, world, counts, checkouts, shoppers, seed, pause)
            finally:
                shop.stop()
        counts.seen["unknowns"] += shop.log.read_text().count('"event": "attempt_unknown"')
        return counts, problems
    finally:
        testing.stop(sandbox)
        shutil.rmtree(folder)


def storm(shop, world, counts, checkouts, shoppers, seed, pause):
    """Let them all pay while everything fails; then let it become quiet, and compare."""
    post = Post(shop.url, seed, counts)
    world.control("POST", "settings", {"webhook_url": post.url, "webhook_secret": WEBHOOK_SECRET})
    crowd = Crowd(shop, world, counts, seed)
    crowd.back_office = back_office(shop)
    for fault in FAULTS:
        world.control("POST", "faults", {"path": "/*", "times": None, **fault})
    killer = Killer(shop, counts, seed, pause)
    killer.start()
    with ThreadPoolExecutor(shoppers) as pool:
        list(pool.map(crowd.buys, range(checkouts)))
    killer.stop()
    post.is_honest = True
    for fault in world.control("GET", "faults")["data"]:
        kind = f"{fault['do']} {fault['status']}" if fault["do"] == "status" else fault["do"]
        counts.faults[kind] += fault["fired"]
    world.control("DELETE", "faults")
    counts.seen["attempts unresolved when the storm ended"] = len(open_attempts(shop))
    problems = settle(shop, crowd)
    crowd.back_office.close()
    post.shutdown()
    post.server_close()
    return problems


def back_office(shop):
    """The parts of the shop, for a merchant who refunds."""
    names = {name.lower(): value for name, value in shop.environment.items()}
    fields = {name: names[name] for name in Settings.model_fields if name in names}
    settings = Settings.from_env(_env_file=None, **fields)
    return create_app(settings).extensions["shop"]


def settle(shop, crowd):
    """Reconcile until nothing is left, then compare: everything that is wrong."""
    last = []

    def is_settled():
        last[:] = [shop.command("reconcile")]
        return last[0].returncode == 0 and not open_attempts(shop)

    try:
        wait_until(is_settled, "the two ledgers agree", seconds=60)
    except AssertionError:
        return [f"reconcile ended with {last[0].returncode}: {last[0].stdout}{last[0].stderr}"]
    return [*compare(shop, all_charges(shop.world)), *lost(shop, crowd.orders)]


def open_attempts(shop):
    """The attempts of which nobody knows what became."""
    states = f"'{AttemptState.STARTED}', '{AttemptState.UNKNOWN}'"
    database = Database(shop.database_url)
    with database.reading() as session:
        rows = session.execute(text(f"SELECT key FROM attempts WHERE state IN ({states})")).all()  # noqa: S608 - constants
    database.dispose()
    return rows


def all_charges(world):
    """Every charge that Omise has."""
    charges = []
    for offset in itertools.count(step=100):
        page = world.api("GET", "/charges", limit=100, offset=offset)["data"]
        charges += page
        if len(page) < 100:
            return charges
    return charges


def compare(shop, charges):
    """Everything that the two ledgers do not agree on."""
    theirs = {}
    for charge in charges:
        if charge["paid"]:
            theirs.setdefault(charge["metadata"].get("order"), []).append(charge)
    database = Database(shop.database_url)
    with database.reading() as session:
        orders = {order.number: order for order in session.scalars(select(Order))}
    database.dispose()
    yield from (f"{n}: charged {len(c)} times" for n, c in theirs.items() if len(c) > 1)
    yield from (f"{n}: no order is paid by this charge" for n in theirs if n not in orders)
    for number, order in orders.items():
        yield from about(order, theirs.get(number, []))
    ours = sum(order.refundable.amount for order in orders.values())
    has = sum(c["captured_amount"] - c["refunded_amount"] for c in charges if c["paid"])
    if ours != has:
        yield f"we have {ours}, Omise says {has}"


def about(order, charges):
    """What is wrong with one order."""
    is_paid = order.paid_at is not None
    if is_paid != bool(charges) or is_paid != (
        order.status in {"paid", "partially_refunded", "refunded"}
    ):
        yield f"{order.number}: {order.status}, with {len(charges)} charges"
    elif charges and order.amount != charges[0]["captured_amount"]:
        yield f"{order.number}: {order.amount} was asked for, {charges[0]['captured_amount']} taken"
    refunds = [r["metadata"].get("attempt") for c in charges for r in c["refunds"]["data"]]
    ours = [
        attempt.key
        for attempt in order.attempts
        if attempt.kind == AttemptKind.REFUND and attempt.state == AttemptState.SUCCEEDED
    ]
    if sorted(ours) != sorted(map(str, refunds)):
        yield f"{order.number}: {len(ours)} refunds by our ledger, {len(refunds)} by Omise's"


def lost(shop, numbers):
    """Orders that a shopper was shown, and that are not there."""
    database = Database(shop.database_url)
    with database.reading() as session:
        known = set(session.scalars(select(Order.number)))
    database.dispose()
    return [f"{number}: was shown, and is gone" for number in numbers - known]


def show(kind, counts, problems, seconds):
    """The counts of a run, for people."""
    print(f"{kind}: {seconds:.0f} s")
    for name, number in sorted(counts.seen.items()):
        print(f"  {name}: {number}")
    faults = ", ".join(f"{name} {number}" for name, number in sorted(counts.faults.items()))
    print(f"  faults: {sum(counts.faults.values())} ({faults})")
    print("\n".join(f"  WRONG {problem}" for problem in problems) or "  the two ledgers agree")


def main():
    """Run on each database; 1 when anything is wrong afterwards."""
    parser = argparse.ArgumentParser("python -m bench.chaos", description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--checkouts", type=int, default=2000, help="on each database")
    parser.add_argument("--shoppers", type=int, default=24, help="at the same time")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(f"seed {options.seed}", flush=True)
    failed = False
    for kind in options.database or ["sqlite", "postgresql"]:
        started = time.monotonic()
        counts, problems = run(
            kind, checkouts=options.checkouts, shoppers=options.shoppers, seed=options.seed
        )
        show(kind, counts, problems, time.monotonic() - started)
        failed = failed or bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
