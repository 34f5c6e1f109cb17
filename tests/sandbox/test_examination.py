"""Scenarios by hand: questions, answers, and the verdict."""

import time

import pytest
import requests


@pytest.fixture
def ask(world):
    """Waits for the next question, or for the end: the state."""

    def ask():
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            state = world.control("GET", "examination")
            if state.get("question") or state.get("verdict") or state.get("problem"):
                return state
        raise TimeoutError(state)

    return ask


@pytest.fixture
def answer(world, ask):
    """Answers the question that comes next: the question."""

    def answer(choice):
        question = ask()["question"]
        world.control("POST", "examination/answer", {"choice": choice})
        return question

    return answer


def charge(world):
    """What the shop does when the tester pays."""
    body = {"amount": 2000, "currency": "thb", "card": world.token()}
    return world.api("POST", "/charges", body)


def test_list_names_every_scenario_with_its_rule(world):
    rows = world.control("GET", "scenarios")["data"]

    assert {"two-clicks", "webhook-forged", "3ds-cancelled"} <= {row["name"] for row in rows}
    assert all(row["rule"] and row["source"] and row["fix"] for row in rows)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("paid", "right"), ("declined", "wrong (told the shopper something false)")],
)
def test_tester_buys_and_reads_the_verdict(world, ask, answer, said, verdict):
    world.control("POST", "examination", {"scenario": "ordinary-purchase"})
    assert "payment page" in answer("Done")
    assert "4242424242424242" in ask()["question"]
    charge(world)
    answer(said)
    answer(said)

    state = ask()

    assert state["verdict"] == verdict
    assert [step["text"] for step in state["timeline"] if step["lane"] == "API"] == [
        "POST /tokens: 200",
        "POST /charges: 200",
        "1 s pass",
    ]


def test_money_is_judged_by_the_sandbox(world, ask, answer):
    world.control("POST", "examination", {"scenario": "two-clicks"})
    answer("Done")
    ask()
    charge(world)
    charge(world)
    answer("paid")

    state = ask()

    assert state["verdict"] == "wrong (money)"
    assert state["texts"] == ["one purchase was charged 2 times"]


def test_what_hands_cannot_do_is_not_tried(world, ask, answer):
    world.control("POST", "examination", {"scenario": "token-expired"})
    answer("Done")

    assert ask()["verdict"] == "not tried"


def test_stopped_scenario_takes_no_answers(world, ask):
    world.control("POST", "examination", {"scenario": "two-clicks"})
    ask()
    assert world.control("DELETE", "examination") == {"object": "examination"}

    with pytest.raises(requests.HTTPError, match="no question"):
        world.control("POST", "examination/answer", {"choice": "Done"})


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("examination", {"scenario": "unheard-of"}, "no scenario is called unheard-of"),
        ("examination", {}, "no scenario is called"),
        ("examination/answer", {"choice": "Done"}, "no question"),
    ],
)
def test_wrong_call_says_why(world, path, body, message):
    with pytest.raises(requests.HTTPError, match=message):
        world.control("POST", path, body)
