"""Card testing: attackers try stolen cards by the thousand, to learn which still work.

The shop's clock stands still, so that the tests count the attempts that reach Omise before a pause
ends. Each number is declined, as nearly all stolen ones are.
"""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.sessions import SecureCookieSessionInterface

from storefront.factory import COOKIE_NAME
from storefront.fraud.velocity_limits import ALL_PAYERS, LIMITS, PAYMENT
from tests.support.clock import StandingClock
from tests.support.crowd import STOLEN, address
from tests.support.flask_shopper import FlaskShopper

A_THOUSAND = 1000

PER_SESSION = LIMITS[PAYMENT]["session_key"].allowed
PER_NETWORK = LIMITS[PAYMENT]["network"].allowed
PER_ACCOUNT = LIMITS[PAYMENT]["account"].allowed
PER_CARD = LIMITS[PAYMENT]["card"].allowed
IN_ALL = LIMITS[PAYMENT][ALL_PAYERS].allowed


@pytest.fixture
def clock():
    return StandingClock()


class Thief:
    """An attacker with a list of cards. A token that was not used is sent again."""

    def __init__(self, app, world, numbers=STOLEN):
        self.app = app
        self.world = world
        self.numbers: Iterator[str] = itertools.cycle(numbers)
        self.codes = itertools.count(100)
        self.token = None
        self.refused = None
        self.carts = itertools.count()
        self.signer = SecureCookieSessionInterface().get_signing_serializer(app)

    def tries(self, address="127.0.0.1", client=None, email="a@example.com", token=None):
        """Try one card by the JSON call, in a new session, from that IP address."""
        self.token = token or self.token or self.makes_token()
        answer = (client or self.new_session()).post(
            "/charge",
            json={"token": self.token, "email": email},
            headers={"Sec-Fetch-Site": "same-origin"},
            environ_base={"REMOTE_ADDR": address},
        )
        assert answer.status_code in {402, 429}, answer.get_json()
        if answer.status_code == 402:
            self.token = None
        else:
            self.refused = answer
        return answer.status_code

    def makes_token(self):
        """A token of the next card, with the next security code."""
        return self.world.token(next(self.numbers), security_code=str(next(self.codes) % 1000))

    def new_session(self):
        """A client with a cart of its own, set in the cookie for speed."""
        cart = {"key": f"cart {id(self)} {next(self.carts)}", "quantities": {"mug": 1}}
        client = self.app.test_client()
        client.set_cookie(COOKIE_NAME, self.signer.dumps({"cart": cart}))
        return client


@pytest.fixture
def thief(app, world):
    return Thief(app, world)


@pytest.fixture
def reached(omise_requests):
    """Counts the attempts that reached Omise."""
    return lambda: len(omise_requests("POST", "/charges"))


def test_card_testing_from_one_session(thief, reached, attack_counter):
    client = thief.new_session()

    answers = [thief.tries(client=client) for _ in range(100)]
    attack_counter["stolen cards from one session"] += 100

    assert reached() == answers.count(402) == PER_SESSION == 8
    assert answers == [402] * 8 + [429] * 92


def test_card_testing_from_one_network(thief, reached, attack_counter):
    """An attacker can drop the cookie, and so the session, but not the network."""
    answers = [thief.tries(f"8.8.4.{n % 250}", email=f"a{n}@example.com") for n in range(150)]
    attack_counter["stolen cards from one network"] += 150

    assert reached() == answers.count(402) == PER_NETWORK == 30
    assert answers[30:] == [429] * 120


def test_card_testing_from_one_ipv6_network(thief, attack_counter):
    """A customer with IPv6 has 2 ** 64 addresses; IPv4 may be mapped into IPv6."""
    answers = [thief.tries(f"2600:1f18::{n:x}:1", email=f"a{n}@example.com") for n in range(40)]
    thief.tries("2600:1f19::1")
    mapped = [thief.tries(f"::ffff:8.9.{n}.1") for n in range(3)]
    attack_counter["stolen cards from one network"] += 44

    assert answers == [402] * 30 + [429] * 10
    assert mapped == [402] * 3


def test_card_testing_from_unknown_networks(thief, reached, app, world, attack_counter):
    """A proxy that hides the addresses leaves only the count of all; others do not wait."""
    answers = [thief.tries(email=f"a{n}@example.com") for n in range(A_THOUSAND)]
    attack_counter["stolen cards from unknown networks"] += A_THOUSAND

    assert reached() == answers.count(402) == IN_ALL == 50
    assert answers[50:] == [429] * 950
    assert int(thief.refused.headers["Retry-After"]) <= 15
    metrics = app.test_client().get("/metrics").get_data(as_text=True)
    assert "shop_card_failures 50.0" in metrics

    good = FlaskShopper(app, world)
    good.client.environ_base["REMOTE_ADDR"] = "9.9.9.9"
    good.puts_in_cart("lamp")
    good.pays(email="good@example.com")
    assert good.status == "paid"


@pytest.mark.parametrize("threads", [8])
def test_concurrent_card_testing(app, world, database, reached, attack_counter, threads):
    """An attempt counts from its start, so that concurrent ones get no further."""
    client_of = [Thief(app, world) for _ in range(40)]
    tokens = [one.makes_token() for one in client_of]

    with ThreadPoolExecutor(threads) as pool:
        answers = list(
            pool.map(
                lambda n: client_of[n].tries("8.8.4.4", email=f"a{n}@x.example", token=tokens[n]),
                range(40),
            )
        )
    attack_counter["concurrent stolen cards"] += 40

    assert reached() == answers.count(402)
    assert reached() == PER_NETWORK


def test_guessing_the_security_code_of_one_card(app, world, reached, attack_counter):
    """The number is known and the code is guessed, from another network every time."""
    guesser = Thief(app, world, numbers=["4111111111160001"])

    answers = [guesser.tries(address(n), email=f"a{n}@example.com") for n in range(60)]
    attack_counter["security codes for one card"] += 60

    assert reached() == answers.count(402) == PER_CARD == 30
    assert answers[30:] == [429] * 30
    guesser.numbers, guesser.token = iter(STOLEN), None
    assert guesser.tries(address(99)) == 402  # another card does not wait


def test_card_testing_by_saving_cards(member, world, omise_requests, attack_counter):
    """Saving a card asks the bank too, so a card that cannot be saved counts as failed."""
    world.fails("PATCH", "/customers/*", "status", status=402, times=50)
    before = len(omise_requests("PATCH"))
    cards = [
        member.sends("/cards", token=world.token(STOLEN[n % 5])).status_code for n in range(20)
    ]
    attack_counter["saved stolen cards"] += 20

    assert PER_ACCOUNT == 8
    assert len([r for r in omise_requests() if r["method"] == "PATCH"]) - before <= PER_ACCOUNT
    assert cards[8:] == [429] * 12
    member.puts_in_cart()
    assert member.pays_by_json(token=world.token()).status_code == 429  # payments share the limit
    world.control("DELETE", "faults")


def test_pause_doubles_and_is_sent_in_retry_after(thief, clock, reached, capfd, attack_counter):
    client = thief.new_session()
    for _ in range(8):
        thief.tries(client=client)
    pauses = []

    for _ in range(5):  # within the window of the first eight
        assert thief.tries(client=client) == 429
        answer = thief.refused
        pauses.append(round(int(answer.headers["Retry-After"]) / 60))
        assert answer.get_json()["code"] == "too_many_attempts"
        clock.advance(int(answer.headers["Retry-After"]) - 2)
        assert thief.tries(client=client) == 429
        clock.advance(3)
        assert thief.tries(client=client) == 402
        attack_counter["stolen cards with pauses"] += 3

    assert pauses == [1, 2, 4, 8, 16]
    assert reached() == 8 + 5
    assert "velocity_limit_reached" in capfd.readouterr().err


def test_attacker_who_waits_makes_few_attempts_an_hour(thief, clock, reached, attack_counter):
    """From one session, for three hours, waiting as long as Retry-After says."""
    client, waited = thief.new_session(), 0

    while waited < 3 * 3600:
        if thief.tries(client=client) == 429:
            pause = int(thief.refused.headers["Retry-After"])
            waited += pause
            clock.advance(pause)
        attack_counter["stolen cards with pauses"] += 1

    assert reached() <= 3 * (PER_SESSION + 6)


def test_shopper_in_another_network_still_pays(thief, app, world):
    for n in range(40):
        thief.tries(f"8.8.4.{n}", email=f"a{n}@example.com")
    good = FlaskShopper(app, world)
    good.client.environ_base["REMOTE_ADDR"] = "9.9.9.9"
    good.puts_in_cart()

    good.pays(email="good@example.com")

    assert good.status == "paid"


def test_failures_that_say_nothing_about_the_card_do_not_count(shopper):
    """Otherwise a shopper with expired tokens would be taken for an attacker."""
    shopper.puts_in_cart()

    for n in range(12):
        answer = shopper.pays_by_json(token=f"tokn_test_nobodymadethis{n}", email="a@example.com")
        assert answer.status_code == 402
    shopper.pays()

    assert shopper.status == "paid"
