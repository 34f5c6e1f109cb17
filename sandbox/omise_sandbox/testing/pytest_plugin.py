"""Fixtures for pytest: one sandbox for the run, and a world of its own for each test.

Another project writes `pytest_plugins = ["sandbox.pytest_plugin"]` into its top `conftest.py`.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from omise_sandbox.testing import World, start, stop


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The address of one sandbox for the whole run."""
    process, url = start()
    yield url
    stop(process)


@pytest.fixture
def sandbox_settings() -> dict[str, Any]:
    """The settings of each test's world, such as its dialect; a project may give its own."""
    return {}


@pytest.fixture
def world(sandbox_url: str, sandbox_settings: dict[str, Any]) -> Iterator[World]:
    """A world for one test. The test fails if it armed a fault that never fired."""
    world = World.new(sandbox_url, **sandbox_settings)
    yield world
    if idle := world.idle_faults():
        pytest.fail(f"armed, but never fired: {idle}", pytrace=False)
