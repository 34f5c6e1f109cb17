"""A call takes bounded time and memory, however Omise answers; the result is then unknown."""

import json
import socket
import threading
from contextlib import ExitStack
from itertools import chain, repeat
from time import monotonic

import pytest

from storefront.payments.omise import OmiseClient, OmiseUnknown
from storefront.payments.omise.responses import MAX_RESPONSE_BYTES
from storefront.payments.omise.transport import max_call

TIMES = {"connect_timeout": 0.2, "read_timeout": 0.5}
#: How long a busy machine may take to notice that time is up.
SLACK = 1.5

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def with_length(body):
    """A response that contains these bytes."""
    return HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def answered_by():
    """A client of a server that writes pieces of bytes, with a pause after each; and its count."""
    with ExitStack() as stack:

        def make(pieces, *, pause=0.0, **options):
            sent, stopped = [0], threading.Event()
            listener = socket.create_server(("127.0.0.1", 0))

            def serve():
                while True:
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    with connection:
                        write(connection)

            def write(connection):
                connection.recv(65536)
                for piece in pieces():
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                    sent[0] += len(piece)
                    if stopped.wait(pause):
                        return

            thread = threading.Thread(target=serve)
            thread.start()
            stack.callback(thread.join)
            stack.callback(listener.close)
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
            stack.callback(stopped.set)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            client = OmiseClient(
                public_key="pkey_test_1",
                secret_key="skey_test_1",
                api_url=url,
                vault_url=url,
                **(TIMES | options),
            )
            return stack.enter_context(client), sent

        yield make


def charge(omise):
    return omise.create_charge(amount=39000, currency="THB", card="tokn_test_1")


def in_drops(data):
    return lambda: (bytes([byte]) for byte in data)


def again_and_again(head, piece):
    return lambda: chain([head], repeat(piece))


DRIPS = {
    "status line": in_drops(b"HTTP/1.1 " + b"2" * 400),
    "headers": again_and_again(HEAD, b"X-More: 1\r\n"),
    "interim responses": again_and_again(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": in_drops(with_length(b" " * 400)),
    "body of unknown length": again_and_again(HEAD + b"\r\n", b" "),
    "chunks": again_and_again(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@pytest.mark.parametrize("pieces", DRIPS.values(), ids=DRIPS)
def test_dripping_response_does_not_extend_a_call(answered_by, pieces):
    omise, _ = answered_by(pieces, pause=0.1)
    began = monotonic()

    with pytest.raises(OmiseUnknown):
        charge(omise)

    assert monotonic() - began < max_call(*TIMES.values()) + SLACK


def test_retries_end_within_the_longest_call(answered_by):
    omise, _ = answered_by(DRIPS["body"], pause=0.1)
    began = monotonic()

    with pytest.raises(OmiseUnknown):
        omise.charge("chrg_test_1")

    assert monotonic() - began < max_call(*TIMES.values()) + SLACK


@pytest.mark.parametrize(
    "head", [HEAD + b"\r\n", HEAD + b"Content-Encoding: gzip\r\n\r\n"], ids=["plain", "gzip"]
)
def test_large_response_is_not_read_to_its_end(answered_by, head):
    omise, sent = answered_by(again_and_again(head, b" " * 65536), read_timeout=20)

    with pytest.raises(OmiseUnknown, match="too large"):
        charge(omise)

    assert sent[0] < 2 * MAX_RESPONSE_BYTES


def charge_with(**values):
    """A response that is a charge, but for these values."""
    body = {
        "object": "charge",
        "id": "chrg_test_1",
        "status": "successful",
        "amount": 39000,
        "currency": "thb",
        "livemode": False,
        "authorized": True,
        "paid": True,
        "created_at": "2026-01-01T00:00:00Z",
        "refunds": {"data": []},
    }
    return json.dumps(body | values).encode()


UNUSABLE = {
    "deep": b'{"object":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "not finite": charge_with(amount=float("inf")),
    "exponent": charge_with().replace(b"39000", b"1e999"),
    "more than 64 bits": charge_with(refunded_amount=2**63),
    "thousands of digits": charge_with().replace(b"39000", b"9" * 5000),
    "fraction": charge_with(amount=390.5),
    "text for a number": charge_with(amount="39000"),
    "number for a text": charge_with(id=1),
    "NUL": charge_with(failure_code="\0"),
    "half a character": charge_with(failure_code="\ud800"),
    "last year of all": charge_with(expires_at="9999-12-31T23:59:59Z"),
    "time without a zone": charge_with(created_at="2026-01-01T00:00:00"),
    "no UTF-8": b"\xff\xfe\xfd",
}


@pytest.mark.parametrize("body", UNUSABLE.values(), ids=UNUSABLE)
def test_value_that_cannot_be_stored_is_unknown(answered_by, body):
    omise, _ = answered_by(lambda: [with_length(body)])

    with pytest.raises(OmiseUnknown):
        charge(omise)


def test_charge_of_these_tests_is_readable(answered_by):
    omise, _ = answered_by(lambda: [with_length(charge_with())])

    assert charge(omise).paid
