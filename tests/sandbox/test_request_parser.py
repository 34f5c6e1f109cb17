"""Bytes become requests, however they are cut."""

import time
from typing import cast

import pytest

from omise_sandbox.http.request import split_target
from omise_sandbox.http.request_parser import MAX_HEAD, Receiver, RequestParser


class Silent:
    """Takes requests and answers none."""

    remote, local = None, ""

    def __init__(self):
        self.requests = []

    def take(self, request):
        """Keep it."""
        self.requests.append(request)


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
