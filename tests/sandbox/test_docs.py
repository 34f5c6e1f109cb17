"""docs/sandbox.md says what is so: its commands work, its tables are those of the code."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import testing
from sandbox.cards import NUMBERS
from sandbox.dialects import DIFFERENCES, Code
from sandbox.faults import DOINGS, WEBHOOK_DOINGS
from sandbox.parameters import NOT_IMITATED as NOT_IMITATED_PARAMETERS
from sandbox.routes import NOT_IMITATED

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for line in block.splitlines()
]


def part(heading):
    """What stands below a heading."""
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def table(heading):
    """The rows of the table below a heading, cell by cell."""
    lines = re.findall(r"^\|(.*)\|$", part(heading), re.M)[2:]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def test_the_cards_are_those_of_the_code():
    assert {name.strip("`"): numbers.split(", ") for name, numbers in table("Cards")} == {
        name: numbers.split() for name, numbers in NUMBERS.items()
    }


def test_the_dialects_are_those_of_the_code():
    def shown(value):
        return f"{value.status} `{value.code}`" if isinstance(value, Code) else f"`{value}`"

    assert {row[0].strip("`"): row[1:] for row in table("Two dialects")} == {
        name: [shown(value) for value in pair] for name, pair in DIFFERENCES.items()
    }


def test_the_faults_are_those_of_the_code():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", part("Controls"), re.M))

    assert rows.keys() == DOINGS.keys() | WEBHOOK_DOINGS.keys()
    assert all(f"| `{do}` | {words}" in PAGE for do, words in DOINGS.items())
    assert all(f"| `{do}` | {words} |" in PAGE for do, words in WEBHOOK_DOINGS.items())


def test_what_is_not_imitated_is_listed_whole():
    assert re.findall(r"^\* `(.*)`$", part("What is not imitated"), re.M) == list(NOT_IMITATED)


def test_parameters_that_are_not_imitated_are_listed_whole():
    assert {
        call.strip("`"): set(names.split(", ")) for call, names in table("What is not imitated")
    } == {call: {f"`{name}`" for name in names} for call, names in NOT_IMITATED_PARAMETERS.items()}


@pytest.fixture(scope="module")
def sandbox():
    """A sandbox with the default keys."""
    process, url = testing.start()
    yield url
    testing.stop(process)


def test_the_commands_work(sandbox):
    token = None
    for command in COMMANDS:
        if not command.startswith("curl "):
            continue
        words = shlex.split(command.replace("$TOKEN", token or ""))
        words = [word.replace("http://127.0.0.1:5001", sandbox) for word in words]
        run = subprocess.run([*words, "-sf"], capture_output=True, text=True, check=False)
        assert run.returncode == 0, command
        found = re.search(r'"id": "(tokn_[^"]+)"', run.stdout)
        token = found[1] if found else token


def test_every_option_in_the_first_command_exists():
    listed = subprocess.run(
        [sys.executable, "-m", "sandbox", "--help"], capture_output=True, text=True, check=True
    ).stdout

    for option in re.findall(r"--[a-z-]+", COMMANDS[0]):
        assert option in listed
