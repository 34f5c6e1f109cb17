"""A program guesses passwords and creates accounts."""

from time import process_time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from storefront.fraud.models import RateLimitedAction
from storefront.fraud.velocity_limits import LIMITS, LOGIN, RETENTION, SIGNUP, TAKEN_EMAIL_PENALTY
from tests.attacks.conftest import STAFF
from tests.support.flask_shopper import PASSWORD, FlaskShopper

GUESS = "a guess"


@pytest.fixture
def guesser(app, world):
    """Tries to log in, each time in a new session and from the given IP address."""

    def guess(email, password=GUESS, address="127.0.0.1", path="/login", client=None):
        person = FlaskShopper(app, world)
        person.client = client or person.client
        person.client.environ_base["REMOTE_ADDR"] = address
        return person.sends(path, email=email, password=password)

    return guess


@pytest.mark.parametrize("path", ["/login", "/admin/login"])
def test_guesses_at_one_account_are_limited(shopper, staff, guesser, path, attack_counter, clock):
    shopper.signs_up()
    email, right = {
        "/login": ("somchai@example.com", PASSWORD),
        "/admin/login": (STAFF, "a long password of staff"),
    }[path]
    allowed = LIMITS[LOGIN]["email"].allowed

    answers = [
        guesser(email.upper() if n % 2 else f" {email} ", address=f"8.{n}.4.4", path=path)
        for n in range(allowed + 20)
    ]
    attack_counter["passwords"] += len(answers)

    statuses = [answer.status_code for answer in answers]
    assert statuses == [422] * allowed + [429] * 20
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert guesser(email, right, path=path).status_code == 429  # the right password has to wait too
    clock.advance(61)
    assert guesser(email, right, path=path).status_code == 303


def test_one_password_for_many_accounts_is_limited(guesser, attack_counter):
    allowed = LIMITS[LOGIN]["network"].allowed

    answers = [
        guesser(f"a{n}@example.com", address=f"8.8.4.{n}").status_code for n in range(allowed + 20)
    ]
    attack_counter["passwords"] += len(answers)

    assert answers == [422] * allowed + [429] * 20


def test_old_attempts_are_deleted(database, guesser, services, clock):
    guesser("a1@example.com")
    guesser("a2@example.com")
    clock.advance(RETENTION.total_seconds() + 1)
    guesser("a3@example.com")

    with services.database.read_session() as session:
        assert session.scalars(select(RateLimitedAction.email)).all() == ["a3@example.com"]


def test_guesses_at_the_password_of_an_open_session_are_limited(member, attack_counter):
    """Guesses at an unlocked computer are limited as well."""
    allowed = LIMITS[LOGIN]["session_key"].allowed

    answers = [
        member.sends("/account/password", old_password=GUESS, password=PASSWORD * 2).status_code
        for _ in range(allowed + 5)
    ]
    attack_counter["passwords"] += len(answers)

    assert answers == [422] * allowed + [429] * 5


def test_login_page_does_not_reveal_accounts(shopper, guesser):
    shopper.signs_up()

    taken, unknown = (guesser(email) for email in ("somchai@example.com", "unknown@example.com"))

    assert taken.status_code == unknown.status_code
    assert len(taken.data) - len("somchai") == len(unknown.data) - len("unknown")


@pytest.mark.parametrize("path", ["/login", "/admin/login"])
def test_login_time_does_not_reveal_accounts(services, guesser, path):
    """Measured in processor time, because other programs use this machine too."""
    services.passwords.hasher = PasswordHasher(time_cost=20, memory_cost=19 * 1024, parallelism=1)
    services.accounts.sign_up("somchai@example.com", PASSWORD)
    services.staff_accounts.create_or_reset(STAFF, PASSWORD)
    guesser("unknown@example.com", path=path)  # the first one is slower
    known = STAFF if path.startswith("/admin") else "somchai@example.com"

    def work(email):
        before = process_time()
        assert guesser(email, path=path).status_code == 422
        return process_time() - before

    assert work("unknown@example.com") == pytest.approx(work(known), rel=0.5)


def test_signup_reveals_few_accounts_before_it_waits(shopper, guesser, clock, attack_counter):
    """The form cannot hide that an email is taken, so probing many emails has to wait."""
    shopper.signs_up()
    allowed = LIMITS[SIGNUP]["network"].allowed // TAKEN_EMAIL_PENALTY

    def ask(email="somchai@example.com"):
        attack_counter["addresses"] += 1
        return guesser(email, PASSWORD, "8.8.4.4", "/signup").status_code

    assert [ask() for _ in range(allowed + 5)] == [422] * allowed + [429] * 5
    assert ask("new@example.com") == 429  # otherwise the pause would reveal it
    clock.advance(61)
    assert [ask() for _ in range(5)] == [422] + [429] * 4
    clock.advance(61)
    assert ask() == 429  # the pauses grow


def test_signups_from_one_network_are_limited(guesser, stored_rows, attack_counter):
    allowed = LIMITS[SIGNUP]["network"].allowed

    answers = [
        guesser(f"a{n}@example.com", PASSWORD, f"8.8.4.{n}", "/signup").status_code
        for n in range(allowed + 20)
    ]
    attack_counter["accounts"] += len(answers)

    assert answers == [303] * allowed + [429] * 20
    assert len(stored_rows()["users"]) == allowed


def test_signups_from_one_session_are_limited(shopper, stored_rows, attack_counter):
    allowed = LIMITS[SIGNUP]["session_key"].allowed

    answers = []
    for n in range(allowed + 5):
        answers.append(shopper.signs_up(f"a{n}@example.com", "short").status_code)
    attack_counter["accounts"] += len(answers)

    assert answers == [422] * allowed + [429] * 5
    assert stored_rows()["users"] == []


def test_posts_from_one_network_are_limited(shop_with):
    client = shop_with(posts_per_minute=20).test_client()

    answers = [client.post("/login", environ_base={"REMOTE_ADDR": "8.8.4.4"}) for _ in range(25)]

    assert [answer.status_code for answer in answers[20:]] == [429] * 5
    elsewhere = client.post("/login", environ_base={"REMOTE_ADDR": "9.9.9.9"})
    assert elsewhere.status_code == 400
