"""docs/sandbox.md is right: its commands work, its tables equal the code."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from omise_sandbox import testing
from omise_sandbox.resources.routes import UNSUPPORTED_PATHS
from omise_sandbox.rules.cards import NUMBERS
from omise_sandbox.rules.dialects import DIFFERENCES, Code
from omise_sandbox.rules.unsupported import UNSUPPORTED_PARAMS
from omise_sandbox.simulation.faults import ACTIONS, WEBHOOK_ACTIONS
from tests.sandbox.receiver import Receiver

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def part(heading):
    """The text below a heading."""
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


def test_documented_cards_equal_the_code():
    assert {name.strip("`"): numbers.split(", ") for name, numbers in table("Cards")} == {
        name: numbers.split() for name, numbers in NUMBERS.items()
    }


def test_documented_dialects_equal_the_code():
    def shown(value):
        return f"{value.status} `{value.code}`" if isinstance(value, Code) else f"`{value}`"

    assert {row[0].strip("`"): row[1:] for row in table("Two dialects")} == {
        name: [shown(value) for value in pair] for name, pair in DIFFERENCES.items()
    }


def test_documented_faults_equal_the_code():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", part("Controls"), re.M))

    assert rows.keys() == ACTIONS.keys() | WEBHOOK_ACTIONS.keys()
    assert all(f"| `{do}` | {words}" in PAGE for do, words in ACTIONS.items())
    assert all(f"| `{do}` | {words} |" in PAGE for do, words in WEBHOOK_ACTIONS.items())


def test_documented_unsupported_paths_are_complete():
    assert re.findall(r"^\* `(.*)`$", part("What is not supported"), re.M) == list(
        UNSUPPORTED_PATHS
    )


def test_documented_unsupported_parameters_are_complete():
    assert {
        call.strip("`"): set(names.split(", ")) for call, names in table("What is not supported")
    } == {call: {f"`{name}`" for name in names} for call, names in UNSUPPORTED_PARAMS.items()}


@pytest.fixture(scope="module")
def sandbox():
    """A sandbox with the default keys."""
    process, url = testing.start()
    yield url
    testing.stop(process)


def test_documented_command_works(sandbox):
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
    """The receiver of the scenarios' webhooks."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.mark.parametrize("name", SCENARIOS)
def test_documented_scenario_prints_what_it_says(sandbox, shop, tmp_path, name):
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


def test_documented_options_exist():
    listed = subprocess.run(
        [sys.executable, "-m", "omise_sandbox", "--help"],
        env=testing.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for option in re.findall(r"--[a-z-]+", COMMANDS[0]):
        assert option in listed
