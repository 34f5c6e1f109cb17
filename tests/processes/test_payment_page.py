"""The command that compares the payment page in a browser with its inventory."""

import pytest

from omise_sandbox.testing.world import World
from tests.support.programs import Shop


@pytest.fixture
def shop(sandbox_url, database_url, tmp_path):
    """A shop of its own, on SQLite, and its commands."""
    return Shop(World.new(sandbox_url), database_url, tmp_path)


@pytest.fixture
def running(shop):
    """The shop under gunicorn."""
    yield shop.start()
    shop.stop()


def test_browser_reports_differences_until_they_are_approved(running, tmp_path):
    file = tmp_path / "approved.json"

    first = running.command("payment-page", "--approved", str(file))
    approved = running.command("payment-page", "--approved", str(file), "--approve")

    assert "omise.js is not approved" in first.stdout, first.stderr
    assert "11 scripts, 6 headers: 1 differences" in first.stdout
    assert "0 differences" in approved.stdout
    assert [first.returncode, approved.returncode] == [1, 0]


def test_browser_that_does_not_start_is_reported(shop):
    result = shop.command("payment-page", "--browser", "/bin/false")

    assert result.returncode == 2
    assert result.stderr.endswith("No browser can be started: install Playwright and a Chromium.\n")
