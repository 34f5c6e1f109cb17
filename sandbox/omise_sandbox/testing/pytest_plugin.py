"""Fixtures for pytest: one sandbox for the run, and a new world for each test.

pytest loads them by itself where the package is installed. Options in the ini file:
`omise_sandbox_options`, `omise_sandbox_url` and `omise_world_settings`.
"""

import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from omise_sandbox.testing import Sandbox, World


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the ini file."""
    parser.addini(
        "omise_sandbox_options", "options of the command `omise-sandbox serve`", "args", default=[]
    )
    parser.addini(
        "omise_sandbox_url",
        "URL of a running sandbox; by default the environment variable OMISE_SANDBOX_URL,"
        " or else a sandbox is started",
    )
    parser.addini(
        "omise_world_settings",
        "settings of each world, one `name = value` in a line",
        "linelist",
        default=[],
    )


@pytest.fixture(scope="session")
def omise_sandbox(pytestconfig: pytest.Config) -> "Iterator[Sandbox]":
    """One sandbox for the whole run; with pytest-xdist, one for each worker."""
    from omise_sandbox.testing import Sandbox, start, stop  # after pytest has set up the path

    url = pytestconfig.getini("omise_sandbox_url") or os.environ.get("OMISE_SANDBOX_URL")
    if url:
        yield Sandbox(url.rstrip("/"))
        return
    try:
        process, url = start(*pytestconfig.getini("omise_sandbox_options"))
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)
    yield Sandbox(url)
    stop(process)


@pytest.fixture
def omise_world_settings(pytestconfig: pytest.Config) -> dict[str, Any]:
    """The settings of each test's world, from the ini file; override it to set others."""
    lines = pytestconfig.getini("omise_world_settings")
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): _value(value.strip()) for name, _, value in pairs}


@pytest.fixture
def omise_world(
    omise_sandbox: "Sandbox", omise_world_settings: dict[str, Any]
) -> "Iterator[World]":
    """A new world for one test. The test fails when one of its faults never fired."""
    world = omise_sandbox.new_world(**omise_world_settings)
    yield world
    if idle := world.idle_faults():
        pytest.fail(f"faults that never fired: {idle}", pytrace=False)


def _value(text: str) -> object:
    """A JSON value; anything else is text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
