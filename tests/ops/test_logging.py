"""Log lines are JSON for programs, and short text on a terminal."""

import json
import logging as standard_logging
import os
import sys

import pytest

from storefront.ops import logging


@pytest.fixture
def shown(monkeypatch):
    """Gives what a terminal shows while something is logged."""

    def shown(write):
        ours, theirs = os.openpty()
        with os.fdopen(ours, "rb", 0) as screen, os.fdopen(theirs, "w") as terminal:
            monkeypatch.setattr(sys, "stderr", terminal)
            logging.configure()
            write()
            terminal.flush()
            return screen.read(4096).decode()

    yield shown
    monkeypatch.undo()
    logging.configure()


def log_request(route, status):
    logging.log.info(
        "request", method="GET", route=route, status=status, milliseconds=3.1, request="4a7f"
    )


def test_terminal_shows_a_request_in_one_short_line(shown):
    assert "GET /cart 200 3.1 ms" in shown(lambda: log_request("/cart", 200))


@pytest.mark.parametrize("route", logging.POLLED_ROUTES)
def test_terminal_shows_a_poll_only_if_it_fails(shown, route):
    def poll():
        log_request(route, 200)
        log_request(route, 503)

    lines = shown(poll)
    assert f"GET {route} 200" not in lines
    assert f"GET {route} 503" in lines


def test_terminal_shows_events_of_the_engine(shown):
    engine = standard_logging.getLogger(logging.ENGINE_LOGGER)

    lines = shown(lambda: engine.warning("charge_unknown", extra={"order": "R-1"}))
    assert "charge_unknown" in lines
    assert "R-1" in lines


def test_polled_routes_exist(app):
    assert set(logging.POLLED_ROUTES) <= {rule.rule for rule in app.url_map.iter_rules()}


def test_file_gets_json_of_every_request(capsys):
    logging.configure()

    log_request("/healthz", 200)

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["route"], line["level"]) == ("request", "/healthz", "info")
