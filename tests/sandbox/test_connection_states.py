"""Connections on an event loop of the test's own: callers who wait, leave, or do not read."""

import asyncio
import re
import ssl

import pytest
import trustme

from omise_sandbox.http import connections
from omise_sandbox.http.connections import MAX_WAITING, Server
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


class Gate:
    """A handler that answers with the path, once it is open."""

    def __init__(self):
        self.begun, self.opened = asyncio.Event(), asyncio.Event()
        self.request = None

    async def __call__(self, request):
        self.request = request
        self.begun.set()
        await self.opened.wait()
        request.respond(Response(request.path.encode()))


def test_caller_may_send_more_than_can_wait():
    gate, count = Gate(), 2 * MAX_WAITING

    async def client(reader, writer, _):
        for more in (b"", b"", b"Connection: close\r\n"):
            writer.write(b"GET / HTTP/1.1\r\n\r\n" * count)
            writer.write(b"GET / HTTP/1.1\r\n" + more + b"\r\n")
            await turns()
        gate.opened.set()
        return await reader.read()

    found = statuses(on_a_loop(served(gate, client)))
    assert found == [200] * 3 * (count + 1)


def test_caller_that_only_reads_on_is_waited_for():
    gate = Gate()

    async def client(reader, writer, _):
        writer.write(b"GET /late HTTP/1.1\r\n\r\n")
        writer.write_eof()
        await turns()
        gate.opened.set()
        return await reader.read()

    assert on_a_loop(served(gate, client)).endswith(b"/late")


def test_caller_that_asks_first_is_answered_in_its_turn():
    gate = Gate()

    async def client(reader, writer, _):
        ask = b"Expect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"
        writer.write(b"GET / HTTP/1.1\r\n\r\n" + b"POST / HTTP/1.1\r\n" + ask)
        await turns()
        gate.opened.set()
        writer.write(b"x")
        return await reader.read()

    assert statuses(on_a_loop(served(gate, client))) == [200, 200]


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
    gate = Gate()

    async def client(_, writer, __):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await gate.begun.wait()
        writer.close()
        await turns()
        gate.opened.set()
        await turns()

    on_a_loop(served(gate, client, *contexts()))
    assert caplog.records == []


@pytest.mark.parametrize("tls", [False, True])
def test_addresses_of_a_caller_that_has_gone_are_known(tls):
    gate = Gate()

    async def client(_, writer, __):
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        await gate.begun.wait()
        called = writer.get_extra_info("peername")
        writer.transport.abort()
        await turns()
        known = (gate.request.remote, gate.request.host)
        return known, ("127.0.0.1", "{}:{}".format(*called))

    known, found = on_a_loop(served(gate, client, *(contexts() if tls else ())))
    assert known == found


def test_end_waits_for_the_response_that_is_due():
    gate = Gate()

    async def client(reader, writer, server):
        writer.write(b"GET /done HTTP/1.1\r\n\r\n")
        await gate.begun.wait()
        ending = asyncio.ensure_future(server.end(5))
        await turns()
        assert not ending.done()
        gate.opened.set()
        await ending
        return await reader.read()

    assert on_a_loop(served(gate, client)).endswith(b"done")


def test_end_cuts_what_takes_longer_than_the_grace_period():
    gate = Gate()

    async def client(reader, writer, server):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await gate.begun.wait()
        await server.end(0.05)
        return await reader.read()

    assert on_a_loop(served(gate, client)) == b""


def test_end_closes_idle_connections_at_once():
    async def client(reader, writer, server):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await server.end(60)
        return await reader.read()

    assert on_a_loop(served(echo, client)) == b""
