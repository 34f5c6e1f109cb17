"""Modules are short: one idea a file."""

from statistics import median

import pytest

from tests.support.programs import ROOT

LONGEST, MEDIAN = 300, 100  # lines


def lines_of(folder):
    """The number of lines of each module with code in it, by path."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js"}
    }
    return {path: length for path, length in lengths.items() if length > 1}


@pytest.mark.parametrize("folder", ["storefront", "sandbox/omise_sandbox"])
def test_modules_are_short(folder):
    lengths = lines_of(folder)

    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}
    assert median(lengths.values()) <= MEDIAN
