"""Connections on an event loop of the test's own: callers who wait, leave, or do not read."""

import asyncio
import re
import ssl
import time
from typing import cast

import pytest
import trustme

from omise_sandbox.http import connections
from omise_sandbox.http.connections import MAX_WAITING, Server
from omise_sandbox.http.request_parser import MAX_HEAD, Receiver, RequestParser
from omise_sandbox.http.responses import Response
from tests.support.event_loops import on_a_loop


async def served(handler, client, server_tls=None, client_tls=None):
    """What `client` gives back, with streams to a server whose requests `handler` answers."""
    server, loop = Server(handler), asyncio.get_running_loop()
    listener = await loop.create_server(server, "127.0.0.1", 0, ssl=server_tls)
    address = listener.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address, ssl=client_tls)
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


class Silent:
    """Takes requests and answers none."""

    remote, local = None, ""

    def __init__(self):
        self.requests = []

    def take(self, request):
        """Keep it."""
        self.requests.append(request)


async def refuse(request):
    """What the sandbox does with a request whose body did not come."""
    request.respond(Response(b"", request.error.status))


def contexts():
    """TLS for the server and for the client."""
    authority = trustme.CA()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(ours)
    return theirs, ours


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


def test_caller_that_does_not_read_may_still_send(monkeypatch):
    monkeypatch.setattr(connections, "READ_SECONDS", 0.02)
    count = 5

    async def large(request):
        request.respond(Response(b"x" * 4 * 10**6, request.error.status if request.error else 200))

    async def client(reader, writer, _):
        later = asyncio.Event()
        writer.write(b"GET / HTTP/1.1\r\n\r\n" * count)
        await turns()
        writer.write(b"POST / HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\n")
        writer.write(b"Content-Length: 1\r\n\r\n")
        await turns()
        asyncio.get_running_loop().call_later(2 * connections.READ_SECONDS, later.set)
        await later.wait()
        writer.write(b"x")
        return await reader.read()

    assert statuses(on_a_loop(served(large, client))) == [200] * (count + 1)


def test_caller_over_tls_may_leave_before_its_response(caplog):
    began, released = asyncio.Event(), asyncio.Event()

    async def slow(request):
        began.set()
        await released.wait()
        request.respond(Response(b"late"))

    async def client(_, writer, __):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await began.wait()
        writer.close()
        await turns()
        released.set()
        await turns()

    on_a_loop(served(slow, client, *contexts()))
    assert caplog.records == []


@pytest.mark.parametrize("tls", [False, True])
def test_addresses_of_a_caller_that_has_gone_are_known(tls):
    began, released, known = asyncio.Event(), asyncio.Event(), []

    async def slow(request):
        began.set()
        await released.wait()
        known.append((request.remote, request.host))

    async def client(_, writer, __):
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        await began.wait()
        called = writer.get_extra_info("peername")
        writer.transport.abort()
        await turns()
        released.set()
        await turns()
        return ("127.0.0.1", "{}:{}".format(*called))

    found = on_a_loop(served(slow, client, *(contexts() if tls else ())))
    assert known == [found]


def test_head_is_told_from_what_came_before_it():
    taken = Silent()
    parser, count = RequestParser(cast(Receiver, taken)), MAX_HEAD // 10

    parser.feed(b"GET / HTTP/1.1\r\n\r\n" * count + b"GET /a")
    parser.feed(b"b HTTP/1.1\r\n\r\n")

    assert [request.path for request in taken.requests] == ["/"] * count + ["/ab"]


def test_small_chunks_take_no_longer_than_their_number():
    def seconds(count):
        parser = RequestParser(cast(Receiver, Silent()))
        sent = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * count
        started = time.process_time()
        parser.feed(sent + b"0\r\n\r\n")
        return time.process_time() - started

    assert seconds(800_000) < 10 * seconds(200_000)


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
