"""What the docs say is so: commands run, links lead somewhere, lists are complete."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

#: Every command in the README, and the test that runs it.
RUN_BY = {
    "make run": "tests/repo/test_commands.py",
    "make test": ".ci/run",
    "export OMISE_PUBLIC_KEY=pkey_test_…": "tests/repo/test_commands.py",
    "export OMISE_SECRET_KEY=skey_test_…": "tests/repo/test_commands.py",
}


def commands(page):
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_of_the_readme_is_run_by_a_test():
    assert set(commands(ROOT / "README.md")) == set(RUN_BY)
    for command, place in RUN_BY.items():
        word = command.split()[1].split("=")[0]
        assert word in (ROOT / place).read_text()


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {t for path in PAGES for t in re.findall(r"`make ([a-z0-9-]+)`", path.read_text())}

    assert named <= targets


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_have_targets(path):
    links = re.findall(r"\]\((?!https?://|mailto:)([^)#]+)", path.read_text())

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_files_that_are_named_exist(path):
    named = re.findall(
        r"`((?:storefront|sandbox|static|templates|tests|e2e|tools|docs)/[\w./-]+)`",
        path.read_text(),
    )

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_tests_that_are_named_exist(path):
    for file, test in re.findall(r"`((?:tests|e2e)/[\w/]+\.py)::(\w+)`", path.read_text()):
        assert f"def {test}(" in (ROOT / file).read_text()


def test_every_command_of_going_live_is_run_by_a_test():
    runner = (ROOT / "tests/repo/test_going_live.py").read_text()
    unpacked = re.search(r"^([A-Z_, ]+) = commands\($", runner, re.M)[1].split(", ")

    assert len(commands(ROOT / "docs/going-live.md")) == len(unpacked)
    assert all(len(re.findall(rf"\b{name}\b", runner)) > 1 for name in unpacked)


def test_every_figure_that_is_named_can_be_read():
    figures = set(re.findall(r"\bshop_\w+", (ROOT / "storefront/ops/metrics.py").read_text()))
    named = set(re.findall(r"`(shop_\w+)`", (ROOT / "docs/going-live.md").read_text()))

    assert named
    assert named <= figures


def test_every_setting_is_in_the_example():
    from storefront.settings import Settings

    example = (ROOT / ".env.example").read_text()
    assert [
        n for n in Settings.model_fields if not re.search(rf"^#?{n.upper()}=", example, re.M)
    ] == []


def test_readme_lists_the_test_cards():
    numbers = re.findall(r"^\| (\d{4} \d{4} \d{4} \d{4}) ", (ROOT / "README.md").read_text(), re.M)

    assert {number.replace(" ", "") for number in numbers} == {
        "4242424242424242",
        "5555555555554444",
        "4111111111111111",
        "4000000000003063",
        "4000000000000002",
    }
