"""A purchase that is recorded becomes a recipe that buys."""

import subprocess
import sys
import tomllib

import pytest

from omise_sandbox.testing import environment
from tests.examine.command import browser_program, examine

PAID = '"status":"paid"'


@pytest.fixture
def record(naive_shop):
    """Buys with a card while the recorder watches: the process that ended."""

    def record(number):
        url, program = f"{naive_shop.url}/page", browser_program() or ""
        module = [sys.executable, "-m", "tests.examine.record_purchase"]
        return subprocess.run(
            [*module, url, PAID, program, number],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return record


def test_recorded_purchase_buys_again(record, world, tmp_path):
    done = record("4242424242424242")
    recipe = tmp_path / "recorded.toml"
    keys = f'public_key = "{world.public_key}"\nsecret_key = "{world.secret_key}"\n'
    recipe.write_text(keys + done.stdout)

    content = tomllib.loads(done.stdout)
    assert {"fill": "autocomplete=cc-number", "with": "{card_number}"} in content["buy"]
    assert {"fill": "autocomplete=cc-csc", "with": "{card_code}"} in content["buy"]
    assert content["buy"][1] == {"press": "button=Pay by card"}
    assert content["buy"][-1] == {"press": "button=Pay now"}
    assert "4242" not in done.stdout
    report = examine(recipe, world.url, "--only", "ordinary-purchase")
    assert (report.status, report.told) == (0, {}), report.output


def test_another_card_is_not_recorded(record):
    done = record("4111 1111 1111 1111")

    assert done.returncode == 1
    assert "use the test card 4242424242424242" in done.stderr
    assert "4111" not in done.stdout
