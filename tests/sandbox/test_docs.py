"""docs/sandbox.md says what is so: its commands work, its tables are those of the code."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from omise_sandbox import testing
from omise_sandbox.resources.routes import NOT_IMITATED
from omise_sandbox.rules.cards import NUMBERS
from omise_sandbox.rules.dialects import DIFFERENCES, Code
from omise_sandbox.rules.unsupported import NOT_IMITATED as NOT_IMITATED_PARAMETERS
from omise_sandbox.simulation.faults import DOINGS, WEBHOOK_DOINGS
from tests.sandbox.receiver import Receiver

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def part(heading):
    """What stands below a heading."""
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def scripts(text):
    """The blocks of commands."""
    return re.findall(r"```sh\n(.*?)```", text, re.S)


COMMANDS = [
    line for block in scripts(PAGE.replace(part("Scenarios"), "")) for line in block.splitlines()
]
BEGINNING, *SECTIONS = part("Scenarios").split("\n### ")
SCENARIOS = {text.partition("\n")[0]: script for text in SECTIONS for script in scripts(text)}


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


@pytest.fixture
def shop():
    """Where the webhooks of the scenarios go."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_answers_what_it_says(sandbox, shop, tmp_path, name):
    script = "".join([*scripts(BEGINNING), "control reset '{}'\n", SCENARIOS[name]])
    script = script.replace("http://127.0.0.1:5001", sandbox)
    script = script.replace("http://127.0.0.1:5000/webhooks/omise", shop.url)

    run = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, cwd=tmp_path, timeout=30, check=True
    )

    promised = [word for told in re.findall(r"  # (.*)", script) for word in told.split(", ")]
    assert promised
    rest = run.stdout
    for word in promised:
        assert word in rest
        rest = rest.partition(word)[2]
    if "webhook_url" in SCENARIOS[name]:
        assert shop.next()


def test_every_option_in_the_first_command_exists():
    listed = subprocess.run(
        [sys.executable, "-m", "omise_sandbox", "--help"],
        env=testing.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for option in re.findall(r"--[a-z-]+", COMMANDS[0]):
        assert option in listed
