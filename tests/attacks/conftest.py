"""For attacks: somebody of the staff, members, and a look at everything that the shop keeps."""

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import select

from tests.support.records import all_tables
from tests.support.shopper import ShopperAtTheShop
from tests.support.webhooks import SECRET

STAFF = "anong@example.com"
PASSWORD = "a long password of staff"


@pytest.fixture
def settings(settings, tmp_path):
    """A shop that knows a webhook secret, and keeps its mails where a test can look."""
    changes = {
        "omise_webhook_secret": SecretStr(SECRET),
        "mail_folder": tmp_path / "mail",
        "posts_per_minute": 100_000,  # what is coarse must not hide what is fine
    }
    return settings.model_copy(update=changes)


@pytest.fixture
def app(app):
    """The shop with hashes that are quickly made: what is tried here is not how long one takes."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    app.extensions["shop"].passwords.hasher = quick
    return app


@pytest.fixture
def staff(app, world, parts):
    """Somebody of the staff, logged in."""
    parts.staff_accounts.create_or_reset(STAFF, PASSWORD)
    person = ShopperAtTheShop(app, world)
    assert person.sends("/admin/login", email=STAFF, password=PASSWORD).location == "/admin"
    return person


@pytest.fixture
def at_the_bank(shopper):
    """The number of an order whose shopper is being asked by the bank."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    assert shopper.status == "awaiting_payment"
    return shopper.order_number


@pytest.fixture
def thief(app, world):
    """Somebody who holds a copy of a cookie."""

    def with_cookie(cookie):
        person = ShopperAtTheShop(app, world)
        person.cookie = cookie
        return person

    return with_cookie


@pytest.fixture
def kept(parts):
    """Gives everything that the shop keeps: each table with its rows."""

    def look():
        with parts.database.read_session() as session:
            return {
                table.name: sorted(map(repr, session.execute(select(table))))
                for table in all_tables().sorted_tables
            }

    return look


@pytest.fixture
def asked(world):
    """Gives every request that reached Omise."""

    def look(method=None, path=None):
        rows = world.control("GET", "requests")["data"]
        return [r for r in rows if (method or r["method"], path or r["path"]) == wire(r)]

    return look


def wire(request):
    return request["method"], request["path"]


def is_bug(page):
    """Whether an answer is our own fault."""
    return page.status_code >= 500


def is_logged_in(person):
    """Whether a shopper's account is open to them."""
    return person.client.get("/account").status_code == 200
