"""The reference shop does nothing wrong, by the recipe in `examples/`."""

import shutil
import tomllib

import pytest

from omise_sandbox.examine.recipe import parse
from omise_sandbox.examine.runner import Examination
from omise_sandbox.examine.scenarios import CATALOGUE
from tests.support.programs import ROOT, Shop

#: The shop's browser sends none of these.
NOT_SENT = {"amount-changed", "currency-changed", "foreign-customer"}


@pytest.fixture
def reference_shop(world, empty_sqlite, tmp_path):
    """The shop with its worker, without limits on how often one address buys."""
    shutil.copy(empty_sqlite, tmp_path / "shop.db")
    settings = {
        "OMISE_WEBHOOK_SECRET": "c2VjcmV0",
        "POSTS_PER_MINUTE": "1000000",
        "VELOCITY_SCALE": "10000",
    }
    shop = Shop(world, f"sqlite:///{tmp_path / 'shop.db'}", tmp_path, **settings).start()
    shop.worker()
    yield shop
    shop.stop()


@pytest.mark.usefixtures("dialect")
def test_reference_shop_is_right(reference_shop, world):
    recipe = tomllib.loads((ROOT / "examples" / "storefront.toml").read_text())
    here = {
        "shop": reference_shop.url,
        "public_key": world.public_key,
        "secret_key": world.secret_key,
    }
    examination = Examination(parse(recipe | here), world.url)
    examination.check()

    outcomes = list(examination.run(CATALOGUE, None))

    verdicts = {row.scenario.name: (row.verdict.value, row.texts) for row in outcomes}
    others = {name: told for name, told in verdicts.items() if told[0] != "right"}
    assert set(others) == NOT_SENT, others
    assert {told[0] for told in others.values()} == {"not tried"}
    assert sum(row.seconds for row in outcomes) < 60
