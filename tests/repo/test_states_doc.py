"""docs/payment-states.md shows the tables of the code."""

import re
from dataclasses import replace

from storefront.payments.statuses import (
    ALLOWED_OPERATIONS,
    FUNDED,
    STATE_RANK,
    TRANSITIONS,
    UNRESOLVED,
    AttemptStatus,
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


def test_the_roads_of_an_order():
    roads = [
        (str(old), str(new), why) for old, news in TRANSITIONS.items() for new, why in news.items()
    ]
    ends = [(str(old), "nowhere", "") for old, news in TRANSITIONS.items() if not news]

    assert table("Where an order may go next") == roads + ends


def test_the_states_of_an_attempt():
    words = dict(re.findall(r'= "(\w+)"  #: (.+)', SOURCE))

    assert table("What a try may be") == [
        (
            str(state),
            words[state],
            "yes" if state in UNRESOLVED else "",
            str(STATE_RANK[state]),
            "yes" if state in FUNDED else "",
        )
        for state in AttemptStatus
    ]


def test_from_which_orders_money_may_be_moved():
    told = {
        kind: set(orders.split(", "))
        for kind, orders in table("From which orders money may be moved")
    }

    assert told == {kind: set(orders) for kind, orders in ALLOWED_OPERATIONS.items()}


def test_what_a_charge_means():
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
    told = table("What a charge means")

    assert len(told) == len(examples)
    for (words, order, attempt), charge in zip(told, examples, strict=True):
        assert words.split(",")[0] == charge.status
        assert order.split(";")[0] == payment_status_for(charge, returned=False)
        assert attempt == attempt_status_for(charge)
    assert payment_status_for(waits, returned=True) == "confirming"
