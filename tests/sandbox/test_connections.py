"""Connections: requests in any pieces, several on one, and callers who do not behave.

`test_connection_states.py` has what needs a hand on the event loop.
"""

import json
import socket
import struct
from base64 import b64encode
from urllib.parse import urlsplit

import pytest
import requests

from omise_sandbox.http.connections import MAX_WAITING
from omise_sandbox.http.request_parser import MAX_BODY, MAX_HEAD
from tests.sandbox.conftest import error_of
from tests.support.programs import wait_until

BODY = json.dumps({"type": "promptpay", "amount": 2000, "currency": "thb"}).encode()
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n" % (len(BODY), BODY)
WHOLE = b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
CLOSE = b"Connection: close\r\n"


class Line:
    """A connection to the sandbox."""

    def __init__(self, merchant):
        address = urlsplit(merchant.url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=5)
        self.stream = self.socket.makefile("rb")
        self.key = b64encode(f"{merchant.api.key}:".encode())

    def head(self, method, path, more=b""):
        """A head with the merchant's key; more headers, the empty line and a body may follow."""
        line = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n".encode()
        kind = b"Content-Type: application/json\r\nAuthorization: Basic %b\r\n" % self.key
        return line + kind + more

    def get(self, path, more=b""):
        """A whole request without a body."""
        return self.head("GET", path, more) + b"\r\n"

    def send(self, *parts):
        """Send the parts, each as a packet of its own."""
        for part in parts:
            self.socket.sendall(part)

    def receive(self):
        """The next response: its status, its headers, and its body."""
        status = int(self.stream.readline().split()[1])
        headers = {}
        while line := self.stream.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        body = self.stream.read(int(headers.get("content-length", "0")))
        return status, headers, json.loads(body) if body else None

    def is_closed(self):
        """Whether nothing more comes."""
        return self.stream.read() == b""


def paths_asked(merchant):
    """The paths of all requests to the merchant's world."""
    return [asked["path"] for asked in merchant.control("GET", "requests")["data"]]


@pytest.fixture
def line(merchant):
    line = Line(merchant)
    line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    yield line
    line.stream.close()
    line.socket.close()


@pytest.mark.parametrize("body", [WHOLE, CHUNKED + b"\r\n"], ids=["whole", "chunked"])
def test_request_may_arrive_byte_by_byte(line, body):
    sent = line.head("POST", "/sources", body)

    line.send(*(sent[at : at + 1] for at in range(len(sent))))

    status, _, source = line.receive()
    assert (status, source["type"]) == (200, "promptpay")


@pytest.mark.parametrize("body", [WHOLE, CHUNKED + b"\r\n"], ids=["whole", "chunked"])
def test_wish_for_http_2_is_declined_and_the_request_answered(line, body):
    line.send(line.head("POST", "/sources", H2C + body) + line.get("/account"))

    assert [line.receive()[2]["object"] for _ in range(2)] == ["source", "account"]


def test_requests_of_one_connection_are_answered_in_their_order(line, merchant):
    paths = ["/account", "/balance", "/charges", "/nowhere"] * MAX_WAITING
    merchant.control("POST", "faults", {"do": "delay", "path": "/account", "seconds": 0.2})

    line.send(b"".join(line.get(path) for path in paths))

    found = [line.receive()[2]["object"] for _ in paths]
    assert found == ["account", "balance", "list", "error"] * MAX_WAITING


def test_nothing_is_done_for_what_follows_the_last_request(line, merchant):
    line.send(line.get("/account", CLOSE) + line.head("POST", "/sources", WHOLE))

    status, headers, _ = line.receive()
    assert (status, headers["connection"]) == (200, "close")
    assert line.is_closed()
    assert paths_asked(merchant) == ["/account"]


def test_bytes_that_are_no_request_are_refused_after_the_requests_before_them(line):
    line.send(line.get("/account") + b"hello\r\n\r\n")

    assert [line.receive()[0] for _ in range(2)] == [200, 400]
    assert line.is_closed()


def test_caller_that_asks_first_may_send_its_body(line):
    head, _, body = WHOLE.partition(b"\r\n\r\n")
    line.send(line.head("POST", "/sources", b"Expect: 100-continue\r\n" + head + b"\r\n\r\n"))
    assert line.receive()[0] == 100

    line.send(body)

    assert line.receive()[0] == 200


@pytest.mark.parametrize(
    "announced",
    [
        b"Content-Length: %d\r\n\r\n" % (2 * MAX_BODY),
        b"Transfer-Encoding: chunked\r\n\r\n200000\r\n",
    ],
    ids=["whole", "chunked"],
)
def test_caller_that_sends_too_much_can_read_why(line, announced):
    line.send(line.head("POST", "/sources", announced))

    line.send(*[b"x" * (MAX_BODY // 16)] * 32)

    status, headers, error = line.receive()
    assert (status, error["code"], headers["connection"]) == (413, "payload_too_large", "close")
    assert line.is_closed()


def test_body_that_is_announced_too_large_is_not_awaited(line):
    line.send(line.head("POST", "/sources", b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1)))

    assert line.receive()[0] == 413


def test_nothing_is_done_for_what_follows_a_body_that_is_too_large(line, merchant):
    too_much = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (MAX_BODY + 1)
    rest = b"x" * (MAX_BODY + 1) + b"\r\n0\r\n\r\n" + line.get("/account")

    line.send(line.head("POST", "/sources", too_much) + rest)

    assert line.receive()[0] == 413
    assert line.is_closed()
    assert paths_asked(merchant) == ["/sources"]


def test_head_without_end_is_refused(line):
    line.send(line.head("GET", "/account"), b"X: ", *[b"x" * MAX_HEAD] * 8)

    assert line.receive()[0] == 400


def test_headers_after_the_body_do_not_count(line):
    head = b"POST /sources HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    line.send(head + CHUNKED + b"Authorization: Basic %b\r\n\r\n" % line.key)

    assert line.receive()[0] == 401


def test_first_of_two_equal_headers_counts(line):
    line.send(line.get("/account", b"Authorization: Basic bm9ib2R5Og==\r\n"))

    assert line.receive()[0] == 200


def test_last_request_may_say_so_beside_a_wish_for_http_2(line):
    line.send(line.get("/account", H2C + CLOSE))

    assert line.receive()[0] == 200
    assert line.is_closed()


@pytest.mark.parametrize("do", ["drop_before", "drop_after"])
def test_nothing_is_done_for_what_follows_a_cut(line, merchant, do):
    merchant.control("POST", "faults", {"do": do, "path": "/account"})

    line.send(line.get("/account") + line.head("POST", "/sources", WHOLE) * 3)

    assert line.is_closed()
    assert paths_asked(merchant) == ["/account"]


def test_request_is_done_for_a_caller_that_has_gone(line, merchant):
    merchant.control("POST", "faults", {"do": "delay", "path": "/sources", "seconds": 0.2})
    line.send(line.head("POST", "/sources", WHOLE))
    wait_until(lambda: merchant.control("GET", "faults")["data"][0]["fired"], "it has arrived")
    line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    line.stream.close()
    line.socket.close()

    wait_until(lambda: paths_asked(merchant) == ["/sources"], "the request is in the log")


def test_caller_that_only_reads_on_gets_its_response(line):
    line.send(line.get("/account"))
    line.socket.shutdown(socket.SHUT_WR)

    assert line.receive()[0] == 200
    assert line.is_closed()


def test_half_a_request_is_no_request(line, merchant):
    line.send(line.head("POST", "/sources", WHOLE)[:-1])
    line.socket.shutdown(socket.SHUT_WR)

    assert line.is_closed()
    assert paths_asked(merchant) == []


def test_head_request_has_no_body(line):
    line.send(line.head("HEAD", "/account") + b"\r\n")

    received = line.socket.recv(65536)
    assert received.startswith(b"HTTP/1.1 200")
    assert received.endswith(b"\r\n\r\n")


def test_answer_without_a_body_has_no_length(line):
    line.send(line.head("OPTIONS", "/tokens") + b"\r\n")

    status, headers, _ = line.receive()
    assert (status, "content-length" in headers) == (204, False)


def test_origin_that_is_no_address_is_a_foreign_one(merchant):
    answer = requests.post(
        f"{merchant.url}/_sandbox/reset", headers={"Origin": "http://["}, timeout=5
    )

    assert error_of(answer) == (403, "not_authorized")


def test_caller_that_names_no_host_called_the_address(line, merchant):
    token = merchant.token()["id"]
    line.key = b64encode(f"{merchant.vault.key}:".encode())

    line.send(line.get(f"/tokens/{token}").replace(b"Host: localhost\r\n", b""))

    assert line.receive()[2]["location"] == f"{merchant.url}/tokens/{token}"
