"""The server process: starts the sandbox, prints its URL, and runs until stopped."""

import asyncio
import signal
import ssl
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import uvloop

from omise_sandbox import __version__
from omise_sandbox.http.app import SandboxApp
from omise_sandbox.http.connections import Server
from omise_sandbox.rules.dialects import DIALECTS
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.storage.journal import Journal, JournalUnavailable
from omise_sandbox.storage.settings import THREE_DS
from omise_sandbox.storage.worlds import Worlds

#: Seconds that running requests get when the sandbox stops.
GRACE_SECONDS = 0.5
SETTINGS = ("dialect", "three_ds", "webhook_url", "webhook_secret")


class StartError(Exception):
    """Why the sandbox cannot start, in one line."""


def main(words: list[str]) -> int:
    """Run until stopped. 1 when it cannot start, with the reason in one line."""
    options = read_options(words)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(options))
    except (StartError, JournalUnavailable, ApiError) as error:
        print(f"sandbox: cannot start: {error}", file=sys.stderr)  # noqa: T201 - a command speaks
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def read_options(words: list[str]) -> Namespace:
    """The command line."""
    parser = ArgumentParser(
        "omise-sandbox [serve]",
        description="A local sandbox for Omise.",
        epilog="Other commands: trigger, listen, events, examine; each has its own --help.",
    )
    add = parser.add_argument
    add("--version", action="version", version=f"omise-sandbox {__version__}")
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", default=5001, type=int, help="port; 0 picks a free one (%(default)s)")
    add(
        "--allowed-host",
        metavar="NAME",
        action="append",
        default=[],
        help="accept requests to this host name, besides localhost and IP addresses; repeatable",
    )
    add("--tls-cert", type=Path, metavar="FILE", help="speak TLS with this certificate (PEM)")
    add("--tls-key", type=Path, metavar="FILE", help="the key, unless it is in the same file")
    add("--db", type=Path, metavar="FILE", help="store everything in this file (default: nowhere)")
    add("--keep-clock", action="store_true", help="do not return the clocks in FILE to real time")
    add("--dialect", choices=DIALECTS, help="responses as documented, or as recorded")
    add("--three-ds", choices=THREE_DS, help="3-D Secure by card number, for all cards, or none")
    add("--public-key", metavar="K", help="public key of the default world")
    add("--secret-key", metavar="K", help="secret key of the default world")
    add("--webhook-url", metavar="URL", help="URL of the webhooks")
    add("--webhook-secret", metavar="BASE64", help="signs webhooks; two, with a comma, to rotate")
    return parser.parse_args(words)


async def serve(options: Namespace) -> None:
    """Answer requests until SIGTERM or SIGINT. Raises when the port or the file is in use."""
    journal = Journal(options.db)
    try:
        tls = _tls(options)
        worlds = _worlds(options, journal)
        app = SandboxApp(worlds, "https" if tls else "http", options.allowed_host)
        server = Server(app.answer)
        listener = await _listener(options, server, tls)
        await _run(app, server, listener)
    finally:
        journal.close()


def _worlds(options: Namespace, journal: Journal) -> Worlds:
    """The worlds, with the options for the default one."""
    keys = {"public": options.public_key, "secret": options.secret_key}
    params = {name: getattr(options, name) for name in SETTINGS}
    return Worlds(
        journal,
        {name: key for name, key in keys.items() if key},
        {name: value for name, value in params.items() if value is not None},
        keep_clock=options.keep_clock,
    )


async def _run(app: SandboxApp, server: Server, listener: asyncio.Server) -> None:
    try:
        app.start()
        host, port = listener.sockets[0].getsockname()[:2]
        print(f"sandbox: {app.scheme}://{host}:{port}", flush=True)  # noqa: T201 - a command speaks
        await _wait_for_signal()
    finally:
        await app.close()
        listener.close()
        await server.end(GRACE_SECONDS)


async def _listener(
    options: Namespace, server: Server, tls: ssl.SSLContext | None
) -> asyncio.Server:
    if not 0 <= options.port < 65536:  # uvloop takes the port modulo 65536
        raise StartError(f"--port {options.port}: choose between 0 and 65535")
    try:
        return await asyncio.get_running_loop().create_server(
            server, options.host, options.port, ssl=tls
        )
    except OSError as error:
        reason = getattr(error, "strerror", None) or error
        raise StartError(f"{options.host}:{options.port}: {reason}") from error


def _tls(options: Namespace) -> ssl.SSLContext | None:
    if options.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(options.tls_cert, options.tls_key)
    except OSError as error:
        raise StartError(f"--tls-cert {options.tls_cert}: {error}") from error
    return context


async def _wait_for_signal() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
