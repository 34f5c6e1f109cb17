"""The command: its lines, its files, its exit status."""

from xml.etree import ElementTree as ET

import pytest

from omise_sandbox.commands.examine import UNUSABLE, main
from omise_sandbox.examine.scenarios import CATALOGUE

TOML = """
name = "Naive <shop>"
shop = "{shop}"
public_key = "{public}"
secret_key = "{secret}"
[[buy]]
request = "GET /checkout"
take = {{ order = "input[name=order]" }}
[[buy]]
request = "POST /pay"
form = {{ token = "{{token}}", order = "{{order}}" }}
[[result]]
means = "{means}"
json = "status"
equals = "paid"
[[result]]
means = "declined"
json = "status"
equals = "declined"
"""


@pytest.fixture
def examine(naive_shop, world, tmp_path):
    """Runs the command for the naive shop."""

    def examine(*words, means="paid"):
        recipe = tmp_path / "shop.toml"
        keys = {"public": world.public_key, "secret": world.secret_key}
        recipe.write_text(TOML.format(shop=naive_shop.url, means=means, **keys))
        return main([str(recipe), "--url", world.url, *words])

    return examine


def test_reports_name_what_is_wrong(examine, naive_shop, tmp_path, capsys):
    naive_shop.mistakes = {"charges-again"}
    page, junit = tmp_path / "report.html", tmp_path / "report.xml"

    status = examine("--only", "back-*", "--html", str(page), "--junit", str(junit))

    assert status == 3
    assert "wrong (money): one purchase was charged 2 times" in capsys.readouterr().out
    assert "Naive &lt;shop&gt;" in page.read_text()
    assert "POST " in page.read_text()
    assert ET.parse(junit).getroot().get("failures") == "1"  # noqa: S314 - our own file


def test_clean_shop_has_status_0_and_says_what_was_not_tried(examine, capsys):
    assert examine("--only", "amount-changed", "--seed", "7") == 0
    assert "not tried: the browser sends no {amount}" in capsys.readouterr().out


def test_recipe_that_cannot_buy_is_reported(examine, capsys):
    assert examine(means="declined") == UNUSABLE
    assert "the recipe does not buy: the shop says declined" in capsys.readouterr().err


def test_list_names_every_scenario(capsys):
    assert main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CATALOGUE)


def test_names_of_scenarios_are_unique():
    assert len({row.name for row in CATALOGUE}) == len(CATALOGUE)
