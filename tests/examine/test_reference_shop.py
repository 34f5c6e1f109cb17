"""The reference shop does nothing wrong, by the recipes in `examples/`."""

import os
import shutil
import sys

import pytest

from omise_sandbox.testing.world import World
from tests.examine.command import examine
from tests.support.programs import ROOT, Shop

STAFF, PASSWORD = "demo@example.com", "correct horse battery staple"
#: The shop's browser sends none of these; it is not at https.
NOT_TRIED = {
    "amount-changed",
    "currency-changed",
    "foreign-card",
    "foreign-customer",
    "payment-page-without-hsts",
}
#: What only a browser, or only requests, show.
NOT_TRIED_OVER_HTTP = NOT_TRIED | {"card-data-at-the-shop"}
#: The scenarios in which it matters that a browser buys; the others differ in the API alone.
IN_BROWSER = (
    "3ds-*",
    "answer-lost-*",
    "back-*",
    "card-*",
    "declined-then-paid",
    "reload",
    "shop-killed-*",
    "token-*",
    "two-*",
)


#: Those in which a browser sees what the dialects answer differently.
IN_EACH_DIALECT = ("3ds-approved", "3ds-declined", "declined-then-paid", "token-used")


@pytest.fixture(scope="module")
def staffed_sqlite(sandbox_url, empty_sqlite, tmp_path_factory):
    """A folder with a SQLite file that has the tables and a member of staff, to be copied."""
    folder = tmp_path_factory.mktemp("staffed")
    shutil.copy(empty_sqlite, folder / "shop.db")
    shop = Shop(World.new(sandbox_url), f"sqlite:///{folder / 'shop.db'}", folder)
    created = shop.command("create-staff", STAFF, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert created.returncode == 0, created.stderr
    return folder


@pytest.fixture
def reference_shop(world, staffed_sqlite, tmp_path):
    """The shop's worker and staff; the command starts the shop itself."""
    shutil.copytree(staffed_sqlite, tmp_path, dirs_exist_ok=True)
    settings = {
        "OMISE_WEBHOOK_SECRET": "c2VjcmV0",
        "POSTS_PER_MINUTE": "1000000",
        "VELOCITY_SCALE": "10000",
    }
    shop = Shop(world, f"sqlite:///{tmp_path / 'shop.db'}", tmp_path, **settings)
    worker = shop.worker()
    yield shop
    worker.terminate()
    worker.wait(20)


@pytest.fixture
def recipe(reference_shop, world, tmp_path):
    """Writes a recipe of `examples/` for this shop: its path."""

    def recipe(name):
        here = f"""shop = "{reference_shop.url}"
public_key = "{world.public_key}"
secret_key = "{world.secret_key}"
process = {{ start = "'{sys.executable}' -m gunicorn app:app", folder = '{ROOT}' }}
"""
        text = (ROOT / "examples" / name).read_text()
        path = tmp_path / name
        path.write_text(text.replace('shop = "http://127.0.0.1:5000"\n', here))
        return path

    return recipe


@pytest.fixture
def report(recipe, reference_shop, world):
    """Runs the command with a recipe: its report."""
    environment = reference_shop.environment | {"STAFF_PASSWORD": PASSWORD}
    return lambda name, *words: examine(recipe(name), world.url, *words, environment=environment)


@pytest.mark.usefixtures("dialect")
def test_reference_shop_is_right(report):
    done = report("storefront.toml")

    assert done.told == {}
    assert set(done.skipped) == NOT_TRIED_OVER_HTTP, done.skipped
    assert done.status == 0
    assert done.seconds < 60


@pytest.mark.timeout(450)
def test_reference_shop_is_right_in_a_browser(report, dialect):
    # EVERY_SCENARIO=1 goes through all of them, in some four minutes for each dialect.
    everything = "EVERY_SCENARIO" in os.environ
    some = IN_BROWSER if dialect == "documented" else IN_EACH_DIALECT
    patterns = ("*",) if everything else some
    chosen = [word for pattern in patterns for word in ("--only", pattern)]
    done = report("storefront-browser.toml", *chosen)

    assert done.told == {}
    assert set(done.skipped) == (NOT_TRIED if everything else set()), done.skipped
    assert done.status == 0
