"""``omise-sandbox listen``: forwards events to a local shop as signed webhooks.

It reads the events of an account from the API, so it works with the sandbox and, with test keys,
with Omise itself: no tunnel to this machine is needed.
"""

import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import count
from threading import Event as Signal
from typing import Any

from omise_sandbox.commands.client import CallFailed, Client, add_options, read_client
from omise_sandbox.commands.forward import describe, forward

PAGE = 100
NEWEST = f"/events?order=reverse_chronological&limit={PAGE}"
#: Seconds between two readings; the limit of Omise is many a second.
INTERVAL = 1.0


def main(words: list[str]) -> int:
    """Forward until stopped."""
    parser = ArgumentParser(
        "omise-sandbox listen",
        description="Forward the events of an account to a local shop as signed webhooks.",
    )
    add_options(parser)
    add_forward_options(parser, required=True)
    parser.add_argument("--interval", type=float, default=INTERVAL, help="seconds (%(default)s)")
    options = parser.parse_args(words)
    client, stopped = read_client(options), _stop_signal()
    feed = Feed(client)
    _print(f"listening to {client.url}, forwarding to {options.forward_to}")
    if not options.secret:
        _print("no secret: webhooks are not signed (set OMISE_WEBHOOK_SECRET, or --secret)")
    while not stopped.wait(options.interval):
        for event in _read(feed):
            _print(f"{describe(event)}: {forward(event, options.forward_to, options.secret)}")
    return 0


def add_forward_options(parser: ArgumentParser, *, required: bool = False) -> None:
    """The options that name the receiver."""
    parser.add_argument(
        "--forward-to", metavar="URL", required=required, help="webhook URL of the shop"
    )
    parser.add_argument(
        "--secret",
        metavar="BASE64",
        default=os.environ.get("OMISE_WEBHOOK_SECRET"),
        help="webhook secret of the account (environment variable OMISE_WEBHOOK_SECRET)",
    )


class Feed:
    """The events of an account from now on, each once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known = {event["id"] for event in self._page(0)}

    def read(self) -> list[dict[str, Any]]:
        """New events, oldest first. Raises `CallFailed`."""
        fresh: dict[str, dict[str, Any]] = {}
        for offset in count(0, PAGE):
            page = self._page(offset)
            unknown = [event for event in page if event["id"] not in self._known]
            fresh |= {event["id"]: event for event in unknown}
            if len(unknown) < PAGE:
                break
        self._known.update(fresh)
        return list(fresh.values())[::-1]

    def _page(self, offset: int) -> list[dict[str, Any]]:
        """A page of events, newest first."""
        page: list[dict[str, Any]] = self._client.call("GET", f"{NEWEST}&offset={offset}")["data"]
        return page


def _read(feed: Feed) -> Iterator[dict[str, Any]]:
    """New events; a failed reading is reported and tried again."""
    try:
        yield from feed.read()
    except CallFailed as error:
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - the output of a command


def _stop_signal() -> Signal:
    stopped = Signal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the output of a command
