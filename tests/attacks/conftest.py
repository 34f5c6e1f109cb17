"""Fixtures for attacks: staff, a thief with a copied cookie, and all stored rows."""

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from tests.support.crowd import Crowd
from tests.support.flask_shopper import FlaskShopper
from tests.support.records import all_tables
from tests.support.webhooks import SECRET

STAFF = "anong@example.com"
PASSWORD = "a long password of staff"


@pytest.fixture
def crowd(app, world):
    """Shoppers who have nothing in common."""
    return Crowd(app, world)


@pytest.fixture
def settings(settings, tmp_path):
    """A shop with a webhook secret, whose mails are written to a folder."""
    changes = {
        "omise_webhook_secret": SecretStr(SECRET),
        "mail_folder": tmp_path / "mail",
        "posts_per_minute": 100_000,  # the coarse limit must not hide the velocity limits
    }
    return settings.model_copy(update=changes)


@pytest.fixture
def staff(app, world, services):
    """A logged-in member of staff."""
    services.staff_accounts.create_or_reset(STAFF, PASSWORD)
    person = FlaskShopper(app, world)
    assert person.sends("/admin/login", email=STAFF, password=PASSWORD).location == "/admin"
    return person


@pytest.fixture
def at_the_bank(shopper):
    """The number of an order whose payment waits for the bank."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    assert shopper.status == "awaiting_payment"
    return shopper.order_number


@pytest.fixture
def thief(app, world):
    """Makes an attacker with a copied cookie."""

    def with_cookie(cookie):
        person = FlaskShopper(app, world)
        person.cookie = cookie
        return person

    return with_cookie


@pytest.fixture
def stored_rows(services):
    """Reads all stored rows: table name → rows."""

    def look():
        with services.database.read_session() as session:
            return {
                table.name: sorted(map(repr, session.execute(select(table))))
                for table in all_tables().sorted_tables
            }

    return look


@pytest.fixture
def omise_requests(world):
    """Lists the requests that reached Omise."""

    def look(method=None, path=None):
        rows = world.control("GET", "requests")["data"]
        return [r for r in rows if (method or r["method"], path or r["path"]) == wire(r)]

    return look


def wire(request):
    return request["method"], request["path"]


def is_bug(page):
    """Whether the response is a server error."""
    return page.status_code >= 500


def is_logged_in(person):
    """Whether the session of a shopper is logged in."""
    return person.client.get("/account").status_code == 200
