"""Passwords are guessed, and accounts opened, by a program."""

from time import process_time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from storefront.fraud.models import RateLimitedAction
from storefront.fraud.velocity_limits import LIMITS, LOGIN, RETENTION, SIGNUP, TAKEN_EMAIL_PENALTY
from tests.attacks.conftest import STAFF
from tests.support.shopper import PASSWORD, ShopperAtTheShop

GUESS = "a guess"


@pytest.fixture
def guesser(app, world):
    """Gives tries to log in, each in a new session and from a given address."""

    def guess(email, password=GUESS, address="127.0.0.1", path="/login", client=None):
        person = ShopperAtTheShop(app, world)
        person.client = client or person.client
        person.client.environ_base["REMOTE_ADDR"] = address
        return person.sends(path, email=email, password=password)

    return guess


@pytest.mark.parametrize("path", ["/login", "/admin/login"])
def test_the_password_of_one_account(shopper, staff, guesser, path, tried, clock):
    shopper.signs_up()
    email, right = {
        "/login": ("somchai@example.com", PASSWORD),
        "/admin/login": (STAFF, "a long password of staff"),
    }[path]
    free = LIMITS[LOGIN]["email"].allowed

    answers = [
        guesser(email.upper() if n % 2 else f" {email} ", address=f"8.{n}.4.4", path=path)
        for n in range(free + 20)
    ]
    tried["passwords"] += len(answers)

    statuses = [answer.status_code for answer in answers]
    assert statuses == [422] * free + [429] * 20
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert guesser(email, right, path=path).status_code == 429  # whoever it is, they wait
    clock.advance(61)
    assert guesser(email, right, path=path).status_code == 303


def test_one_password_for_many_accounts(guesser, tried):
    free = LIMITS[LOGIN]["network"].allowed

    answers = [
        guesser(f"a{n}@example.com", address=f"8.8.4.{n}").status_code for n in range(free + 20)
    ]
    tried["passwords"] += len(answers)

    assert answers == [422] * free + [429] * 20


def test_nobodys_tries_are_kept_for_longer_than_they_count(database, guesser, parts, clock):
    guesser("a1@example.com")
    guesser("a2@example.com")
    clock.advance(RETENTION.total_seconds() + 1)
    guesser("a3@example.com")

    with parts.database.read_session() as session:
        assert session.scalars(select(RateLimitedAction.email)).all() == ["a3@example.com"]


def test_the_password_of_a_session_that_was_left_open(member, tried):
    """Who sits down at somebody's computer may guess their old password no more often."""
    free = LIMITS[LOGIN]["session_key"].allowed

    answers = [
        member.sends("/account/password", old_password=GUESS, password=PASSWORD * 2).status_code
        for _ in range(free + 5)
    ]
    tried["passwords"] += len(answers)

    assert answers == [422] * free + [429] * 5


def test_who_has_an_account_is_not_told_by_the_log_in(shopper, guesser):
    shopper.signs_up()

    here, nowhere = (guesser(email) for email in ("somchai@example.com", "nobody@example.com"))

    assert here.status_code == nowhere.status_code
    assert len(here.data) - len("somchai") == len(nowhere.data) - len("nobody")


@pytest.mark.parametrize("path", ["/login", "/admin/login"])
def test_who_has_an_account_is_not_told_by_how_long_the_log_in_takes(parts, guesser, path):
    """Measured in work, not by the clock: others use this machine too."""
    parts.passwords.hasher = PasswordHasher(time_cost=20, memory_cost=19 * 1024, parallelism=1)
    parts.accounts.sign_up("somchai@example.com", PASSWORD)
    parts.staff_accounts.create_or_reset(STAFF, PASSWORD)
    guesser("nobody@example.com", path=path)  # the first is slower
    known = STAFF if path.startswith("/admin") else "somchai@example.com"

    def work(email):
        before = process_time()
        assert guesser(email, path=path).status_code == 422
        return process_time() - before

    assert work("nobody@example.com") == pytest.approx(work(known), rel=0.5)


def test_who_has_an_account_is_soon_told_no_more_by_the_sign_up(shopper, guesser, clock, tried):
    """It cannot hide it, for it logs in whoever is new: so whoever asks about many has to wait."""
    shopper.signs_up()
    told = LIMITS[SIGNUP]["network"].allowed // TAKEN_EMAIL_PENALTY

    def ask(email="somchai@example.com"):
        tried["addresses"] += 1
        return guesser(email, PASSWORD, "8.8.4.4", "/signup").status_code

    assert [ask() for _ in range(told + 5)] == [422] * told + [429] * 5
    assert ask("somebody.new@example.com") == 429  # or the wait would tell
    clock.advance(61)
    assert [ask() for _ in range(5)] == [422] + [429] * 4
    clock.advance(61)
    assert ask() == 429  # the waits grow


def test_a_flood_of_accounts(guesser, kept, tried):
    free = LIMITS[SIGNUP]["network"].allowed

    answers = [
        guesser(f"a{n}@example.com", PASSWORD, f"8.8.4.{n}", "/signup").status_code
        for n in range(free + 20)
    ]
    tried["accounts"] += len(answers)

    assert answers == [303] * free + [429] * 20
    assert len(kept()["users"]) == free


def test_a_flood_of_accounts_from_one_session(shopper, kept, tried):
    free = LIMITS[SIGNUP]["session_key"].allowed

    answers = []
    for n in range(free + 5):
        answers.append(shopper.signs_up(f"a{n}@example.com", "short").status_code)
    tried["accounts"] += len(answers)

    assert answers == [422] * free + [429] * 5
    assert kept()["users"] == []


def test_a_coarse_limit_holds_for_whoever_sends_too_much(shop_with):
    client = shop_with(posts_per_minute=20).test_client()

    answers = [client.post("/login", environ_base={"REMOTE_ADDR": "8.8.4.4"}) for _ in range(25)]

    assert [answer.status_code for answer in answers[20:]] == [429] * 5
    elsewhere = client.post("/login", environ_base={"REMOTE_ADDR": "9.9.9.9"})
    assert elsewhere.status_code == 400
