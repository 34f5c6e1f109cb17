"""Fuzzing: any bytes, JSON, form or header to any route gives an envelope, never a 500.

`make fuzz` runs longer.
"""

import json
import os
import re
import socket
from urllib.parse import quote, urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omise_sandbox.http import controls
from omise_sandbox.resources import routes
from omise_sandbox.testing.world import World

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE")
CONTROLS = controls.routes(None, None)
PATTERNS = sorted({route.pattern for route in [*routes.API, *routes.UNSUPPORTED_ROUTES, *CONTROLS]})

fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

KNOWN_WORDS = [
    "card",
    "amount",
    "currency",
    "limit",
    "offset",
    "order",
    "from",
    "to",
    "expand",
    "query",
    "email",
    "metadata",
    "default_card",
    "capture",
    "source",
    "type",
    "filters",
    "do",
    "path",
    "advance",
    "webhook",
    "frozen",
    "now",
    "dialect",
    "latency",
    "webhook_url",
    "seed",
    "expires_at",
]

words = st.sampled_from(KNOWN_WORDS) | st.text(max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["thb", "tokn_test_1", "4242424242424242", "2026-01-01", "true", "[]", "1e400"]
    )
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
paths = st.builds(
    lambda pattern, part: re.sub(r"\{\w+\}", lambda _: quote(part, safe=""), pattern),
    st.sampled_from(PATTERNS),
    st.text(max_size=20) | st.sampled_from(["chrg_test_1", "..", "%2f", "\0"]),
)
headers = st.dictionaries(
    st.sampled_from(
        ["Content-Type", "Omise-Version", "Authorization", "Origin", "Accept", "Range"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).map(str.strip),
    max_size=3,
)


@pytest.fixture(scope="module")
def fuzzed_world(sandbox_url):
    """A fuzzed world: it must still work afterwards, and others must not be affected."""
    other = World.new(sandbox_url)
    other.api("POST", "/customers", {"email": "a@example.com"})
    world = World.new(sandbox_url)
    yield world
    assert len(other.customers()) == 1
    fresh = World.new(sandbox_url)
    charge = {"amount": 2000, "currency": "thb", "card": fresh.token()}
    assert fresh.api("POST", "/charges", charge)["paid"] is True


def check(answer, method):
    """The response is one of the sandbox, and not a crash."""
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    if method != "HEAD" and answer.status_code >= 400:
        error = answer.json()
        assert list(error) == ["object", "location", "code", "message"]
        assert error["object"] == "error"


def send(world, method, path, key=None, **more):
    """Send the request, unless it would change keys or add faults."""
    if re.match("/_sandbox/(settings|worlds|faults)", path):
        key = "unknown"
    more.setdefault("auth", (key or world.secret_key, ""))
    answer = requests.request(method, world.url + path, timeout=10, allow_redirects=False, **more)
    check(answer, method)


@fuzzed
@given(st.sampled_from(METHODS), paths, values)
def test_fuzzed_json_never_crashes(fuzzed_world, method, path, body):
    send(fuzzed_world, method, path, json=body)
    if path.startswith("/tokens"):
        send(fuzzed_world, method, path, key=fuzzed_world.public_key, json=body)


@fuzzed
@given(st.sampled_from(METHODS), paths, st.dictionaries(words, st.text(max_size=20), max_size=5))
def test_fuzzed_form_and_query_never_crash(fuzzed_world, method, path, fields):
    bracketed = {f"{name}[{name}][]": value for name, value in fields.items()}
    send(fuzzed_world, method, path, data=fields | bracketed, params=fields)


@fuzzed
@given(
    st.sampled_from(METHODS),
    paths,
    st.binary(max_size=60),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""]),
)
def test_fuzzed_body_never_crashes(fuzzed_world, method, path, body, kind):
    send(fuzzed_world, method, path, data=body, headers={"Content-Type": kind})


@fuzzed
@given(st.sampled_from(METHODS), paths, headers)
def test_fuzzed_headers_never_crash(fuzzed_world, method, path, more):
    if path.startswith("/_sandbox/"):
        path = "/_sandbox/health"  # without a key of its own it would be the default world's
    auth = None if "Authorization" in more else (fuzzed_world.secret_key, "")
    send(fuzzed_world, method, path, headers=more, auth=auth)


@fuzzed
@given(st.binary(max_size=120))
def test_fuzzed_bytes_never_crash(fuzzed_world, data):
    address = urlsplit(fuzzed_world.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(data + b"\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        told = b""
        while more := connection.recv(65536):
            told += more
    if told:
        head, _, body = told.partition(b"\r\n\r\n")
        assert re.match(rb"HTTP/1\.[01] (?!500)\d{3} ", head)
        assert not body.startswith(b"{") or json.loads(body.split(b"HTTP/1.1")[0])
