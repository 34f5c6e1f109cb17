"""Connections: requests in any pieces, several on one, and callers who do not behave."""

import asyncio
import json
import re
import socket
from base64 import b64encode
from urllib.parse import urlsplit

import pytest

from omise_sandbox.http import connections
from omise_sandbox.http.connections import MAX_WAITING, Server
from omise_sandbox.http.request import split_target
from omise_sandbox.http.request_parser import MAX_BODY, MAX_HEAD
from omise_sandbox.http.responses import Response
from tests.support.event_loops import on_a_loop

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
    line.send(line.head("GET", "/account"), b"X: " + b"x" * (MAX_HEAD + 1))

    assert line.receive()[0] == 400


def test_headers_after_the_body_do_not_count(line):
    head = b"POST /sources HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    line.send(head + CHUNKED + b"Authorization: Basic %b\r\n\r\n" % line.key)

    assert line.receive()[0] == 401


def test_first_of_two_equal_headers_counts(line):
    line.send(line.get("/account", b"Authorization: Basic bm9ib2R5Og==\r\n"))

    assert line.receive()[0] == 200


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


def test_base_url_of_a_caller_without_host_is_the_address(line, merchant):
    line.send(line.head("POST", "/sources", WHOLE).replace(b"Host: localhost\r\n", b""))
    source = line.receive()[2]
    charge = merchant.api.post("/charges", amount=2000, currency="thb", source=source["id"]).json()

    got = line.get(f"/charges/{charge['id']}").replace(b"Host: localhost\r\n", b"")
    line.send(got)

    assert line.receive()[0] == 200


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/a/b", ("/a/b", "")),
        ("/a%20b?x=%26&y=1", ("/a b", "x=%26&y=1")),
        ("http://api.omise.co/a?x=1", ("/a", "x=1")),
        ("/a#b", ("/a", "")),
        ("*", ("*", "")),
        ("http://[", ("http://[", "")),
    ],
)
def test_target_is_split(target, expected):
    assert split_target(target) == expected


# On an event loop of the test's own, with shorter times.


async def served(handler, client):
    """What `client` gives back, with streams to a server whose requests `handler` answers."""
    server = Server(handler)
    listener = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listener.sockets[0].getsockname())
    try:
        return await asyncio.wait_for(client(reader, writer, server), 5)
    finally:
        writer.close()
        listener.close()
        await server.end(0)


async def turns():
    """Let everything happen that waits for nothing but the loop."""
    for _ in range(100):
        await asyncio.sleep(0)


async def echo(request):
    """Give back the body."""
    request.respond(Response(request.body))


async def refuse(request):
    """What the sandbox does with a request whose body did not come."""
    request.respond(Response(b"", request.error.status))


def statuses(received):
    """The statuses of the responses."""
    return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", received)]


@pytest.mark.parametrize("part", [b"POST / HT", b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nx"])
def test_request_that_stops_half_way_times_out(monkeypatch, part):
    monkeypatch.setattr(connections, "READ_SECONDS", 0.05)
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.05)

    async def client(reader, writer, _):
        writer.write(part)
        return await reader.read()

    assert statuses(on_a_loop(served(refuse, client))) == [408]


def test_connection_without_a_request_stays_open(monkeypatch):
    monkeypatch.setattr(connections, "READ_SECONDS", 0)

    async def client(reader, writer, _):
        received = b""
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            received += await reader.readuntil(b"\r\n\r\n")
            await turns()
        return received

    assert statuses(on_a_loop(served(echo, client))) == [200, 200]


def test_time_of_a_request_ends_with_it(monkeypatch):
    monkeypatch.setattr(connections, "READ_SECONDS", 0.02)
    later = asyncio.Event()

    async def client(reader, writer, _):
        for part in (b"GET / HT", b"TP/1.1\r\n\r\n"):
            writer.write(part)
            await turns()
        received = await reader.readuntil(b"\r\n\r\n")
        asyncio.get_running_loop().call_later(connections.READ_SECONDS, later.set)
        await later.wait()
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        return received + await reader.readuntil(b"\r\n\r\n")

    assert statuses(on_a_loop(served(echo, client))) == [200, 200]


def waiting_for(released):
    """A handler that answers once it is released."""

    async def answer(request):
        await released.wait()
        request.respond(Response(request.path.encode()))

    return answer


def test_caller_may_send_more_than_can_wait():
    released, count = asyncio.Event(), 2 * MAX_WAITING

    async def client(reader, writer, _):
        for more in (b"", b"", b"Connection: close\r\n"):
            writer.write(b"GET / HTTP/1.1\r\n\r\n" * count)
            writer.write(b"GET / HTTP/1.1\r\n" + more + b"\r\n")
            await turns()
        released.set()
        return await reader.read()

    found = statuses(on_a_loop(served(waiting_for(released), client)))
    assert found == [200] * 3 * (count + 1)


def test_caller_that_only_reads_on_is_waited_for():
    released = asyncio.Event()

    async def client(reader, writer, _):
        writer.write(b"GET /late HTTP/1.1\r\n\r\n")
        writer.write_eof()
        await turns()
        released.set()
        return await reader.read()

    assert on_a_loop(served(waiting_for(released), client)).endswith(b"/late")


def test_caller_that_asks_first_is_answered_in_its_turn():
    released = asyncio.Event()

    async def client(reader, writer, _):
        ask = b"Expect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"
        writer.write(b"GET / HTTP/1.1\r\n\r\n" + b"POST / HTTP/1.1\r\n" + ask)
        await turns()
        released.set()
        writer.write(b"x")
        return await reader.read()

    assert statuses(on_a_loop(served(waiting_for(released), client))) == [200, 200]


def test_defect_of_the_sandbox_is_logged_and_answered(caplog):
    async def broken(_):
        raise ZeroDivisionError

    async def client(reader, writer, _):
        writer.write(b"GET /x HTTP/1.1\r\nConnection: close\r\n\r\n")
        return await reader.read()

    assert statuses(on_a_loop(served(broken, client))) == [500]
    assert [record.getMessage() for record in caplog.records] == ["GET /x"]


def test_caller_that_does_not_read_is_served_no_further_until_it_does():
    answered, size, count = [], 4 * 10**6, 20

    async def large(request):
        answered.append(request.path)
        request.respond(Response(b"x" * size))

    async def client(reader, writer, _):
        writer.write(b"GET / HTTP/1.1\r\n\r\n" * (count - 1))
        writer.write(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        await turns()
        before = len(answered)
        return before, len(await reader.read())

    before, received = on_a_loop(served(large, client))
    assert 0 < before < count // 2
    assert len(answered) == count
    assert received > size * count


def test_end_waits_for_the_response_that_is_due():
    begun, released = asyncio.Event(), asyncio.Event()

    async def slow(request):
        begun.set()
        await released.wait()
        request.respond(Response(b"done"))

    async def client(reader, writer, server):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await begun.wait()
        ending = asyncio.ensure_future(server.end(5))
        await turns()
        assert not ending.done()
        released.set()
        await ending
        return await reader.read()

    assert on_a_loop(served(slow, client)).endswith(b"done")


def test_end_cuts_what_takes_longer_than_the_grace_period():
    begun = asyncio.Event()

    async def endless(_):
        begun.set()
        await asyncio.Event().wait()

    async def client(reader, writer, server):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await begun.wait()
        await server.end(0.05)
        return await reader.read()

    assert on_a_loop(served(endless, client)) == b""


def test_end_closes_idle_connections_at_once():
    async def client(reader, writer, server):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await server.end(60)
        return await reader.read()

    assert on_a_loop(served(echo, client)) == b""
