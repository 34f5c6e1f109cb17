"""Loads the sandbox's pytest plugin from this checkout, and lists the slowest files of a run."""

import gc
from collections import Counter

import pytest

pytest_plugins = ["omise_sandbox.testing.pytest_plugin"]

SHOWN_FILES = 10

# Each test builds an app. With the default threshold a tenth of a run is garbage collection.
gc.set_threshold(100_000, 50, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the slowest files, with the seconds that their tests took in all processes."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration") and hasattr(report, "nodeid"):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    if not seconds:
        return
    terminalreporter.section("slowest files")
    for file, total in seconds.most_common(SHOWN_FILES):
        terminalreporter.write_line(f"{total:>8.1f} s  {file}")
