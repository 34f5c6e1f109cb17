"""The programs under test, each as a process of its own on a free port."""

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
PATIENCE = 30  # seconds


#: Each of the processes that share the tests, in each checkout, begins somewhere else among the
#: ports below those that the system hands out, so that nobody takes one between its being found
#: and its being used.
BEGIN = crc32(f"{ROOT} {os.environ.get('PYTEST_XDIST_WORKER')}".encode())
PORTS = (20_000 + (BEGIN + number) % 12_000 for number in count())


def free_port() -> int:
    """A port that nobody listens on, and nobody else will ask for."""
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("unreachable: the ports never end")


def with_shop(**settings: dict[str, str]) -> pytest.MarkDecorator:
    """Has the tests of a module run against shops that differ so from the usual one, by name."""
    return pytest.mark.parametrize(
        "shop_settings", list(settings.values()), ids=list(settings), indirect=True, scope="session"
    )


@contextmanager
def running(module: str, *args: str, port: int, log: Path, **settings: str) -> Iterator[None]:
    """Run `python -m module` until the block ends; the block begins when its port answers."""
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
        yield
    finally:
        stop(process)


class RunningShop:
    """The shop as its operator has it: its settings, and its commands."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.url = settings["PUBLIC_URL"]
        self._settings = settings

    def command(self, *words: str) -> str:
        """Run one of the shop's commands to its end, and give what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=os.environ | self._settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    def works_off(self) -> None:
        """Let a worker do what is due now."""
        self.command("worker", "--once")


def wait_for(process: subprocess.Popen[bytes], name: str, port: int, log: Path) -> None:
    """Come back when the port answers; say what the program said if it never does."""
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        if has_ended(process) or time.monotonic() > deadline:
            raise RuntimeError(f"{name} does not answer on port {port}:\n{log.read_text()[-4000:]}")


def answers(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process ends within the next moment."""
    try:
        process.wait(timeout=0.05)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and those that it started; nothing of a test's is worth keeping.

    Asked to end, gunicorn waits for connections that a browser keeps open unused.
    """
    if process.poll() is not None:
        return
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in family:
        member.kill()
    process.wait()
