"""docs/payment-states.md shows the tables of the code."""

import re
from dataclasses import replace

from storefront.payments.statuses import (
    ALLOWED_OPERATIONS,
    FUNDED,
    STATE_RANK,
    TRANSITIONS,
    UNDECIDED,
    UNRESOLVED,
    AttemptStatus,
    DisputeStatus,
    attempt_status_for,
    payment_status_for,
)
from tests.support.charges import ASKED_FOR, TAKEN
from tests.support.programs import ROOT

PAGE = (ROOT / "docs/payment-states.md").read_text()
SOURCE = (ROOT / "storefront/payments/statuses.py").read_text()


def table(heading):
    """The rows below a heading, each with its cells; marks of code are left out."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\|(.*)\|$", section, re.M)[2:]
    return [tuple(cell.strip().replace("`", "") for cell in row.split("|")) for row in rows]


def test_transitions_of_a_payment():
    transitions = [
        (str(old), str(new), why) for old, news in TRANSITIONS.items() for new, why in news.items()
    ]
    ends = [(str(old), "nowhere", "") for old, news in TRANSITIONS.items() if not news]

    assert table("Transitions of a payment") == transitions + ends


def words_of(name):
    """The value of each member of an enum in the source, with its comment."""
    (source,) = re.findall(rf"class {name}\(StrEnum\):.*?\n\n\n", SOURCE, re.S)
    return dict(re.findall(r'= "(\w+)"  #: (.+)', source))


def test_statuses_of_a_dispute():
    words = words_of("DisputeStatus")

    rows = [(status, means, refunds) for status, means, refunds, _ in table("Disputes")]
    assert [(status, means) for status, means, _ in rows] == list(words.items())
    held = {status for status, _, refunds in rows if refunds == "held back"}
    assert held == set(UNDECIDED)
    assert set(words) == set(DisputeStatus)


def test_statuses_of_an_attempt():
    words = words_of("AttemptStatus")

    assert table("Statuses of an attempt") == [
        (
            str(state),
            words[state],
            "yes" if state in UNRESOLVED else "",
            str(STATE_RANK[state]),
            "yes" if state in FUNDED else "",
        )
        for state in AttemptStatus
    ]


def test_operations_by_status():
    listed = {kind: set(orders.split(", ")) for kind, orders in table("Operations by status")}

    assert listed == {kind: set(orders) for kind, orders in ALLOWED_OPERATIONS.items()}


def test_charge_states_map_to_attempt_statuses():
    waits = replace(ASKED_FOR, authorize_uri="https://bank.test")
    examples = [
        waits,
        replace(ASKED_FOR, authorized=True),
        ASKED_FOR,
        TAKEN,
        replace(TAKEN, refunded_amount=1),
        replace(TAKEN, refunded_amount=TAKEN.captured_amount),
        replace(ASKED_FOR, status="failed"),
        replace(ASKED_FOR, status="expired"),
        replace(ASKED_FOR, status="reversed"),
    ]
    listed = table("What a charge means")

    assert len(listed) == len(examples)
    for (words, order, attempt), charge in zip(listed, examples, strict=True):
        assert words.split(",")[0] == charge.status
        assert order.split(";")[0] == payment_status_for(charge, returned=False)
        assert attempt == attempt_status_for(charge)
    assert payment_status_for(waits, returned=True) == "confirming"
