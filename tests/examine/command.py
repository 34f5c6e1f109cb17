"""Runs `omise-sandbox examine` as a tester does, and reads its JUnit file."""

import os
import subprocess
import sys
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree as ET

from e2e.support.browser import search
from omise_sandbox.testing import environment as sandbox_environment


class Report(NamedTuple):
    """What was found: `told` and `skipped` are texts by name of scenario."""

    status: int
    told: dict[str, str]
    skipped: dict[str, str]
    seconds: float
    output: str


def examine(recipe, url, *words, environment=None):
    """Examine the shop of a recipe with the sandbox at `url`."""
    junit = recipe.with_suffix(".xml")
    program = browser_program()
    browser = ["--browser", program] if program else []
    command = [sys.executable, "-m", "omise_sandbox", "examine", str(recipe)]
    done = subprocess.run(
        [*command, "--url", url, "--junit", str(junit), *browser, *words],
        env={**(environment or os.environ), "PYTHONPATH": sandbox_environment()["PYTHONPATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert junit.exists(), done.stdout + done.stderr
    cases = ET.parse(junit).getroot().findall("testcase")  # noqa: S314 - our own file
    return Report(
        done.returncode,
        _messages(cases, "failure"),
        _messages(cases, "skipped"),
        sum(float(case.get("time")) for case in cases),
        done.stdout,
    )


@cache
def browser_program():
    """The path of the browser; None for Playwright's own."""
    return search()["launch"].get("executable_path")


def _messages(cases, kind):
    """Name of a scenario → the message of its result of this kind."""
    found = {case.get("name"): case.find(kind) for case in cases}
    return {name: result.get("message") for name, result in found.items() if result is not None}
