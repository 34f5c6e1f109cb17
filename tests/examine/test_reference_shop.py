"""The reference shop does nothing wrong, by the recipes in `examples/`."""

import shlex
import shutil
import sys
import tomllib
from dataclasses import replace

import pytest

from omise_sandbox.examine.buyers import buyers_for
from omise_sandbox.examine.recipe import Process
from omise_sandbox.examine.recipe_file import parse
from omise_sandbox.examine.runner import Examination
from omise_sandbox.examine.scenarios import CATALOGUE
from tests.support.programs import ROOT, Shop

STAFF = {"staff": "staff@example.com", "password": "correct horse battery staple"}
#: The shop's browser sends none of these; it is not at https.
NOT_TRIED = {
    "amount-changed",
    "currency-changed",
    "foreign-customer",
    "foreign-card",
    "payment-page-without-hsts",
}
#: Only a browser can show what it sends.
NOT_TRIED_OVER_HTTP = NOT_TRIED | {"card-data-at-the-shop"}


@pytest.fixture
def reference_shop(world, empty_sqlite, tmp_path):
    """The shop's worker and staff; the examination starts the shop itself."""
    shutil.copy(empty_sqlite, tmp_path / "shop.db")
    settings = {
        "OMISE_WEBHOOK_SECRET": "c2VjcmV0",
        "POSTS_PER_MINUTE": "1000000",
        "VELOCITY_SCALE": "10000",
    }
    shop = Shop(world, f"sqlite:///{tmp_path / 'shop.db'}", tmp_path, **settings)
    created = shop.command(
        "create-staff", STAFF["staff"], typed=f"{STAFF['password']}\n{STAFF['password']}\n"
    )
    assert created.returncode == 0, created.stderr
    worker = shop.worker()
    yield shop
    worker.terminate()
    worker.wait(20)


@pytest.fixture
def examined(reference_shop, world):
    """Examines the shop by a recipe: verdict and texts by name of scenario, and the seconds."""

    def examined(name, program=None):
        content = tomllib.loads((ROOT / "examples" / name).read_text())
        here = {
            "shop": reference_shop.url,
            "public_key": world.public_key,
            "secret_key": world.secret_key,
            "values": STAFF,
        }
        start = shlex.split(f"{sys.executable} -m gunicorn app:app")
        process = Process(tuple(start), "/healthz", ROOT, reference_shop.environment)
        recipe = replace(parse(content | here), process=process)
        with buyers_for(recipe, program) as make_buyer:
            examination = Examination(recipe, world.url, make_buyer)
            with examination.started():
                examination.check()
                return [examination.run(scenario) for scenario in CATALOGUE]

    return examined


def expect_right(outcomes, not_tried, seconds):
    """Every scenario is right, but for those that cannot be tried."""
    others = {
        row.scenario.name: (row.verdict.value, row.texts)
        for row in outcomes
        if row.verdict.value != "right"
    }
    assert set(others) == not_tried, others
    assert {verdict for verdict, _ in others.values()} == {"not tried"}
    slowest = sorted((row.seconds, row.scenario.name) for row in outcomes)[-5:]
    assert sum(row.seconds for row in outcomes) < seconds, slowest


@pytest.mark.usefixtures("dialect")
def test_reference_shop_is_right(examined):
    expect_right(examined("storefront.toml"), NOT_TRIED_OVER_HTTP, seconds=60)
