"""Formats that SDKs send are parsed; anything else is rejected in the envelope."""

from contextlib import suppress

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from omise_sandbox.http.request_body import read_form, read_params
from omise_sandbox.rules.errors import ApiError, join_messages
from tests.sandbox.conftest import CARD, error_of

FILE_PART = (
    b'--x\r\nContent-Disposition: form-data; name="description"; filename="a.txt"\r\n\r\n1\r\n--x--'
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def send(merchant, path, body, kind, key="api", method="POST"):
    """The response to raw bytes."""
    host = getattr(merchant, key)
    headers = {"Content-Type": kind} if kind else {}
    return requests.request(
        method, host.url + path, data=body, headers=headers, auth=(host.key, ""), timeout=5
    )


@pytest.mark.parametrize(
    ("form", "tree"),
    [
        ("a=1&b=", {"a": "1", "b": ""}),
        ("card%5Bname%5D=A+B&card[number]=4", {"card": {"name": "A B", "number": "4"}}),
        ("m[a][b]=1&m[a][c]=2", {"m": {"a": {"b": "1", "c": "2"}}}),
        ("u[]=1&u[]=2", {"u": ["1", "2"]}),
        (
            "i[][n]=a&i[][q]=1&i[][n]=b&i[][q]=2",
            {"i": [{"n": "a", "q": "1"}, {"n": "b", "q": "2"}]},
        ),
        ("u[0]=1&u[1]=2", {"u": {"0": "1", "1": "2"}}),
    ],
)
def test_bracketed_form_is_parsed_as_in_rails(form, tree):
    assert read_form(form) == tree


@pytest.mark.parametrize("form", ["a=1&a[b]=2", "a[]=1&a[b]=2", "a" + "[b]" * 50 + "=1"])
def test_contradictory_form_is_rejected(form):
    with pytest.raises(ApiError):
        read_form(form)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_parsed_or_rejected(text):
    with suppress(ApiError):
        assert isinstance(read_form(text), dict)


def test_messages_are_joined():
    assert [join_messages(list("abc"[:n])) for n in (1, 2, 3)] == ["a", "a and b", "a, b, and c"]


def test_php_form_creates_a_charge(merchant):
    token = merchant.token()["id"]
    body = (
        f"amount=100000&currency=thb&card={token}&capture=0&metadata%5Border%5D=1"
        "&webhook_endpoints%5B0%5D=http%3A%2F%2F127.0.0.1%3A9%2Fhook"
    )

    charge = send(merchant, "/charges/", body, FORM["Content-Type"]).json()

    assert (charge["amount"], charge["capture"], charge["metadata"]) == (
        100000,
        False,
        {"order": "1"},
    )


def test_multipart_form_is_parsed(merchant):
    fields = {f"card[{name}]": (None, str(value)) for name, value in CARD.items()}

    answer = requests.post(
        f"{merchant.url}/tokens", files=fields, auth=(merchant.vault.key, ""), timeout=5
    )

    assert answer.json()["card"]["name"] == CARD["name"]


@given(st.binary(max_size=300), st.sampled_from(['"x"', "x", "-", ""]))
@settings(deadline=None)
def test_any_bytes_are_parsed_as_multipart_or_rejected(body, boundary):
    with suppress(ApiError):
        read_params("", body or b"-", f"multipart/form-data; boundary={boundary}")


def test_nulls_are_absent(merchant):
    answer = merchant.api.post(
        "/charges",
        amount=100000,
        currency="thb",
        card=merchant.token()["id"],
        customer=None,
        capture=None,
        metadata=None,
        return_uri=None,
        platform_fee={},
    )

    assert answer.json()["status"] == "successful"


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", None])
def test_content_type_spellings_are_accepted(merchant, kind):
    body = "card[name]=A&card[number]=4242424242424242&card[expiration_month]=1"
    body += "&card[expiration_year]=40"
    if kind:
        body = '{"card": {"name": "A", "number": 4242424242424242, "expiration_month": "1",'
        body += ' "expiration_year": 40}}'

    assert send(merchant, "/tokens", body, kind, "vault").status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"a":' * 5000, "application/json", 400),
        (b"a=1", "text/plain", 400),
        (b"--x", "multipart/form-data; boundary=x", 400),
        (b"--x--", "multipart/form-data", 400),
        (b"--x\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x", 400),
        (FILE_PART, "multipart/form-data; boundary=x", 400),
        (b"&".join([b"a=1"] * 2000), FORM["Content-Type"], 400),
        (b"x" * (1024 * 1024 + 1), "application/json", 413),
    ],
)
def test_invalid_body_is_rejected(merchant, body, kind, status):
    answer = send(merchant, "/charges", body, kind)

    assert error_of(answer)[0] == status


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", (404, "not_found")),
        ("GET", "/charges/a/b/c/d", (404, "not_found")),
        ("GET", "//", (501, "not_imitated")),
        ("PUT", "/charges", (405, "method_not_allowed")),
        ("DELETE", "/tokens", (405, "method_not_allowed")),
        ("GET", "/links", (501, "not_imitated")),
        ("POST", "/disputes/dspt_test_1/accept", (405, "method_not_allowed")),
        ("GET", "/schedules", (501, "not_imitated")),
    ],
)
def test_wrong_path_is_rejected(merchant, method, path, expected):
    assert error_of(merchant.api(method, path)) == expected


@pytest.mark.parametrize("version", ["2014-07-27", "2015-11-17", "2017-11-02", "2019-05-29"])
def test_known_version_is_accepted(merchant, version):
    answer = merchant.api("GET", "/charges", headers={"Omise-Version": version})

    assert answer.headers["Omise-Version"] == "2019-05-29"


def test_unknown_version_is_rejected(merchant):
    answer = merchant.api("GET", "/charges", headers={"Omise-Version": "2030-01-01"})

    assert error_of(answer) == (400, "bad_request")
    assert "Omise-Version" not in answer.headers


def test_browser_can_create_a_token_cross_origin(merchant):
    asked = requests.options(f"{merchant.url}/tokens", timeout=5)
    good = merchant.vault.post("/tokens", card=CARD)
    bad = merchant.vault.post("/tokens")
    refused = requests.post(f"{merchant.url}/tokens", timeout=5)

    for answer in (asked, good, bad, refused):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert asked.ok
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in merchant.api.get("/charges").headers
