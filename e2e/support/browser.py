"""The browser of the tests, found once for all processes of a run."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from e2e.support.servers import ROOT

#: No name is looked up: only this machine can be reached.
NETWORK_GUARD = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"

FOUND = pytest.StashKey[dict[str, Any]]()


class SharedSearch:
    """Hands the browser that was found to the processes that share the tests."""

    def pytest_configure_node(self, node: Any) -> None:
        """Pass it on as xdist starts a process."""
        node.workerinput["browser"] = found(node.config)


def found(config: pytest.Config) -> dict[str, Any]:
    """What `python -m tools.ensure_browser` prints.

    Raises:
        pytest.UsageError: no browser works; the message lists what was tried.
    """
    if FOUND not in config.stash:
        config.stash[FOUND] = getattr(config, "workerinput", {}).get("browser") or search()
    return config.stash[FOUND]


def search() -> dict[str, Any]:
    """Search in a process of its own: Playwright's driver runs once in each."""
    program = [sys.executable, "-m", "tools.ensure_browser"]
    done = subprocess.run(
        program, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    if done.returncode:
        raise pytest.UsageError(done.stderr)
    return json.loads(done.stdout)


def is_chosen(config: pytest.Config) -> bool:
    """Whether the command line names another browser, or a channel of Playwright's."""
    browsers, channel = config.getoption("--browser"), config.getoption("--browser-channel")
    return channel is not None or browsers not in ([], ["chromium"])


def isolates_sites(config: pytest.Config) -> bool:
    """Whether frames of other sites run in processes of their own; not in a headless shell."""
    return is_chosen(config) or not found(config)["headless_shell"]


def header(config: pytest.Config) -> str:
    """The line about the browser at the top of a run."""
    if is_chosen(config) or config.option.collectonly:
        return ""
    kind = "isolates sites" if isolates_sites(config) else "HEADLESS SHELL, isolates no sites"
    return "browser: Chromium {version} ({via}), {kind}".format(**found(config), kind=kind)


def firefox_options(options: dict[str, Any]) -> dict[str, Any]:
    """The arguments for `firefox.launch`; E2E_FIREFOX=/path names one that is installed."""
    if program := os.environ.get("E2E_FIREFOX"):
        return {**options, "channel": "moz-firefox", "executable_path": program}
    return options


def launch_options(config: pytest.Config, options: dict[str, Any]) -> dict[str, Any]:
    """The arguments for `chromium.launch`, for a browser that reaches this machine alone."""
    own = found(config)["launch"]
    args = [NETWORK_GUARD] if options.get("headless") is False else [*own["args"], NETWORK_GUARD]
    if not os.access("/dev/shm", os.W_OK):  # noqa: S108 - only asked about
        args.append("--disable-dev-shm-usage")
    return {**options, **own, "args": args}
