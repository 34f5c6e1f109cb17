"""The programs under test, each in a process of its own on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from zlib import crc32

import psutil
import pytest

ROOT = Path(__file__).parents[2]
#: The sandbox of this checkout, whether or not another one is installed.
SANDBOX = {"PYTHONPATH": str(ROOT / "sandbox")}
START_TIMEOUT = 90  # seconds; a busy machine takes long to import a shop

#: Below those that the system hands out, so that no other program takes a port between the search
#: and its use. Each process of a run, in each checkout, starts at another one.
FIRST_PORT = crc32(f"{ROOT} {os.environ.get('PYTEST_XDIST_WORKER')}".encode())
PORTS = (20_000 + (FIRST_PORT + number) % 12_000 for number in count())

#: The ports that this process handed out, claimed for as long as it runs.
CLAIMS: list[socket.socket] = []


def free_port() -> int:
    """A port that no program listens on, and that no process of any run is given meanwhile."""
    for port in PORTS:
        if claim(port) and not is_listening(port):
            return port
    raise AssertionError("unreachable: the ports never end")


def claim(port: int) -> bool:
    """Claim a port through the UDP port of the same number: whether no other process holds it."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        holder.bind(("127.0.0.1", port))
    except OSError:
        holder.close()
        return False
    CLAIMS.append(holder)
    return True


def with_shop(**settings: dict[str, str]) -> pytest.MarkDecorator:
    """Run the tests of a module against shops with these settings, by name."""
    return pytest.mark.parametrize(
        "shop_settings", list(settings.values()), ids=list(settings), indirect=True, scope="session"
    )


def start(module: str, *args: str, port: int, log: Path, **settings: str) -> subprocess.Popen:
    """Start `python -m module`, and return when its port answers."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *args],
            cwd=ROOT,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(process, module, port, log)
    except BaseException:
        stop(process)
        raise
    return process


@contextmanager
def running(module: str, *args: str, port: int, log: Path, **settings: str) -> Iterator[None]:
    """Run `python -m module` until the block ends."""
    process = start(module, *args, port=port, log=log, **settings)
    try:
        yield
    finally:
        stop(process)


def wait_for(process: subprocess.Popen, name: str, port: int, log: Path) -> None:
    """Wait until the port answers.

    Raises:
        RuntimeError: it does not, or the program has ended; with the end of its output.
    """
    deadline = time.monotonic() + START_TIMEOUT
    while not is_listening(port):
        if has_ended(process) or time.monotonic() > deadline:
            raise RuntimeError(f"{name} does not answer on port {port}:\n{log.read_text()[-4000:]}")


def is_listening(port: int) -> bool:
    """Whether a program listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def has_ended(process: subprocess.Popen) -> bool:
    """Whether the process ends within the next moment."""
    try:
        process.wait(timeout=0.05)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop(process: subprocess.Popen) -> None:
    """Kill the process and its children: tests leave nothing to save.

    Asked to end, gunicorn waits for connections that a browser keeps open unused.
    """
    if process.poll() is not None:
        return
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in family:
        member.kill()
    process.wait()
