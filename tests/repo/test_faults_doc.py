"""docs/faults.md has a row for every fault, and every row a test that exists."""

import ast
import re
from functools import cache

import pytest

from tests.support.programs import ROOT

PAGE = (ROOT / "docs/faults.md").read_text()

#: Every fault that the page covers.
MATRIX = {
    "connection refused",
    "connect timeout",
    "read timeout",
    "response lost after the charge was made",
    "request lost",
    "500/502/503 once",
    "500/502/503 for minutes",
    "garbage body",
    "slow vault",
    "double click",
    "two tabs",
    "same token twice",
    "reload of the result page",
    "back button after paying",
    "cart changed in another tab",
    "price changed meanwhile",
    "Pay pressed before the hidden frame of Omise.js is ready",
    "Pay pressed before Omise's own form has loaded",
    "the hidden frame of Omise.js is dead",
    "offline, then online again",
    "3-D Secure: closed tab",
    "3-D Secure: cancel",
    "3-D Secure: decline",
    "3-D Secure: return twice",
    "3-D Secure: return before the webhook",
    "3-D Secure: webhook before the return",
    "3-D Secure: return after expiry",
    "3-D Secure: return without cookies",
    "webhook early",
    "webhook late",
    "webhook doubled",
    "webhook reordered",
    "webhook forged",
    "webhook unsigned",
    "webhook with an old timestamp",
    "webhook never",
    "event for an unknown charge",
    "capture of a captured charge",
    "refund twice",
    "refund more than paid",
    "refund during another refund",
    "saved card deleted at Omise",
    "customer deleted at Omise",
    "process killed (`kill -9`) before the call",
    "process killed (`kill -9`) during the call",
    "process killed (`kill -9`) after the call and before the commit",
    "database restarted between commit and call",
    "clock skew of ten minutes",
    "test key after live key",
}

ROWS = [
    [cell.strip() for cell in row.split("|")]
    for row in re.findall(r"^\|(.*)\|$", PAGE, re.M)
    if not row.startswith(("---", " fault "))
]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py::\w+)`", PAGE)))


@cache
def names_in(path):
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_no_fault_is_left_out():
    assert {row[0] for row in ROWS} >= MATRIX


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_fault_has_a_reaction_and_a_test(row):
    _, answer, proof = row

    assert answer
    assert re.fullmatch(r"(`[\w/]+\.py::test_\w+`(, )?)+", proof)


@pytest.mark.parametrize("name", NAMED)
def test_every_test_that_is_named_exists(name):
    path, _, test = name.partition("::")

    assert test in names_in(path)
