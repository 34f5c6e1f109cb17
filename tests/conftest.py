"""From the bottom up: a sandbox, a world in it, a database, the shop, a shopper."""

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr

from storefront import create_app
from storefront.ops.health import VERSION_TABLES
from storefront.payments.database import Database
from storefront.settings import Settings
from tests.support.compiled_templates import CompiledTemplates
from tests.support.flask_shopper import FlaskShopper
from tests.support.mails import Mailbox
from tests.support.postgresql import Postgresql
from tests.support.shared_rules import share_rules

#: Passwords are hashed with the cost of the shop in tests of hashes and in the browser.
CHEAP_HASHES = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

share_rules()


@pytest.fixture
def attack_counter(record_property):
    """Counts what an attack tried, as in `tried["forms"] += 1`; the sums are printed at the end."""
    counts = Counter()
    yield counts
    for what, count in counts.items():
        record_property("tried", (what, count))


def pytest_terminal_summary(terminalreporter):
    """Say how much was tried; the counts come from all processes that share the tests."""
    sums = Counter()
    for report in [report for reports in terminalreporter.stats.values() for report in reports]:
        if getattr(report, "when", None) == "teardown":
            for name, value in report.user_properties:
                if name == "tried":
                    sums[value[0]] += value[1]
    if sums:
        terminalreporter.section("tried")
        for what, count in sorted(sums.items()):
            terminalreporter.write_line(f"{count:>8} {what}")


@pytest.fixture(params=["documented", "recorded"])
def dialect(request):
    """Both dialects of the sandbox, for tests that ask for them."""
    return request.param


@pytest.fixture(scope="session")
def sandbox_url(omise_sandbox):
    """The URL of the sandbox."""
    return omise_sandbox.url


@pytest.fixture
def world(omise_world):
    """A new world for one test."""
    return omise_world


@pytest.fixture
def omise_world_settings(request):
    """A test that asks for a dialect gets a world that speaks it."""
    asked = "dialect" in request.fixturenames
    return {"dialect": request.getfixturevalue("dialect")} if asked else {}


class Clock:
    """The shop's clock, which a test may advance."""

    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.ahead

    def advance(self, seconds):
        """Let time pass in the shop."""
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    """The clock that the shop goes by."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """Both databases, for tests that ask for them; the others run on SQLite."""
    return request.param


@pytest.fixture
def database_url(request, tmp_path):
    """A database with the tables and nothing in them."""
    asked = "database" in request.fixturenames
    if asked and request.getfixturevalue("database") == "postgresql":
        with request.getfixturevalue("postgresql").lend() as url:
            yield url
    else:
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "shop.db")
        yield f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory):
    """A SQLite file with the tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = Database(f"sqlite:///{path}")
    database.migrate(*VERSION_TABLES)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """A PostgreSQL of our own."""
    with Postgresql(tmp_path_factory.mktemp("pg")) as server:
        yield server


@pytest.fixture(scope="session")
def checked_settings(sandbox_url):
    """Settings of a shop, which are read and checked once; keys of no world."""
    return Settings.from_env(
        _env_file=None,
        omise_public_key="pkey_test_1",
        omise_secret_key="skey_test_1",
        omise_api_url=sandbox_url,
        omise_vault_url=sandbox_url,
        omise_js_url=f"{sandbox_url}/omise.js",
        omise_connect_timeout=1,
        omise_read_timeout=2,
        secret_key="s" * 32,
        public_url="http://shop.test",
    )


@pytest.fixture
def settings(checked_settings, world, database_url, tmp_path):
    """A shop that talks to the world of this test."""
    return checked_settings.model_copy(
        update={
            "omise_public_key": world.public_key,
            "omise_secret_key": SecretStr(world.secret_key),
            "database_url": database_url,
            "mail_folder": tmp_path / "mail",
        }
    )


@pytest.fixture(scope="session")
def compiled_templates():
    """Templates are compiled once for all shops of a run."""
    return CompiledTemplates()


@pytest.fixture
def shop_with(settings, clock, compiled_templates):
    """Makes shops with other settings, over the same database."""
    made = []

    def make(**changes):
        app = create_app(settings.model_copy(update=changes), now=clock)
        app.jinja_env.bytecode_cache = compiled_templates
        app.extensions["shop"].passwords.hasher = CHEAP_HASHES
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["shop"].close()


@pytest.fixture
def app(shop_with):
    """The shop, with its tables."""
    return shop_with()


@pytest.fixture
def shopper(app, world):
    """A guest with an empty cart."""
    return FlaskShopper(app, world)


@pytest.fixture
def stranger(app, world):
    """Another shopper."""
    return FlaskShopper(app, world)


@pytest.fixture
def services(app):
    """The services of the shop."""
    return app.extensions["shop"]


@pytest.fixture
def repository(services):
    """The payments of the shop."""
    return services.engine.repository


@pytest.fixture
def mailbox(services):
    """The mails that the shop sends."""
    return Mailbox(services)


# Where stories begin


@pytest.fixture
def paid(shopper):
    """The number of an order that is paid."""
    shopper.puts_in_cart()
    shopper.pays()
    assert shopper.status == "paid"
    return shopper.order_number


@pytest.fixture
def charge_never_sent(shopper, world):
    """The number of an order whose charge got lost on its way."""
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    assert shopper.status == "confirming"
    return shopper.order_number


@pytest.fixture
def held(shop_with, world):
    """The number of an order whose money is held."""
    buyer = FlaskShopper(shop_with(capture=False), world)
    buyer.puts_in_cart()
    buyer.pays()
    assert buyer.status == "authorized"
    return buyer.order_number


@pytest.fixture
def at_the_bank(shopper, world):
    """A shopper whose bank wants to see them; gives the address of its page."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    (charge,) = world.charges()
    return charge["authorize_uri"]


@pytest.fixture
def member(shopper):
    """A shopper with an account and a saved card."""
    shopper.signs_up()
    shopper.sends("/cards", token=shopper.world.token())
    return shopper
