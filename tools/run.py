"""`make run`: the shop and its worker, and the sandbox unless Omise keys are set.

With arguments, runs `flask --app app ARGUMENTS` in the same environment (`make staff`).
"""

import fcntl
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException

from tools import demo_staff
from tools.demo_environment import (
    data_folder,
    is_chosen,
    sandbox_options,
    sandbox_port,
    setting,
    shop_environment,
    uses_sandbox,
)
from tools.supervisor import POLL_INTERVAL, Supervisor

USUAL_PORTS = {"PORT": 5000, "SANDBOX_PORT": 5001}

MAX_PORT = 65535

FLASK = [sys.executable, "-m", "flask", "--app", "app"]


def main() -> int:
    """Start the demo, or run one command of the shop."""
    if problems := list(wrong_settings()):
        return fail(*problems)
    if arguments := sys.argv[1:]:
        return subprocess.call([*FLASK, *arguments], env=shop_environment())
    with (data_folder() / "run.lock").open("a+") as lock:
        lock.seek(0)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return fail(already_running(lock.read()))
        choose_port("PORT")
        if uses_sandbox():
            choose_port("SANDBOX_PORT")
        environment = shop_environment()
        lock.truncate()
        print(f"http://127.0.0.1:{environment['PORT']}", end="", file=lock, flush=True)
        return run_demo(environment)


def wrong_settings() -> Iterator[str]:
    """What is wrong with the settings that are needed before the shop reads its own."""
    for name, usual in {**USUAL_PORTS, "WEB_CONCURRENCY": 2}.items():
        value = setting(name, str(usual))
        if not (value.isdecimal() and 1 <= int(value) <= MAX_PORT):
            yield f"{name} must be a whole number from 1 to {MAX_PORT}, like {usual}."
        if os.environ.pop(name, None):  # an empty one sets nothing
            os.environ[name] = value
    try:
        data_folder()
    except OSError as error:
        folder = setting("DATA_DIR", "data")
        yield f"DATA_DIR is {folder}, which cannot be made ({error.strerror}); choose another."


def already_running(address: str) -> str:
    """The message for a folder whose data another `make run` uses."""
    another = shlex.quote(f"{data_folder()}-2")
    return (
        f"`make run` already runs{address and f' at {address}'} with the data in {data_folder()}/. "
        f"Stop it, or start another one with its own data: DATA_DIR={another} make run"
    )


def run_demo(environment: dict[str, str]) -> int:
    """Start the programs, wait until one ends or a signal arrives, stop them."""
    ports = {"PORT": environment["PORT"]}
    if uses_sandbox():
        ports["SANDBOX_PORT"] = sandbox_port()
    if taken := [name for name in ports if is_taken(ports[name])]:
        return fail(*(port_in_use(name, ports[name]) for name in taken))
    supervisor = Supervisor()
    try:
        start_programs(supervisor, environment)
        return supervisor.wait()
    finally:
        supervisor.stop()


def start_programs(supervisor: Supervisor, environment: dict[str, str]) -> None:
    """Start the sandbox if needed, the shop, and the worker once the shop has its tables."""
    port = environment["PORT"]
    if uses_sandbox():
        options = sandbox_options(f"http://127.0.0.1:{port}/webhooks/omise")
        sandbox = [sys.executable, "-m", "omise_sandbox", *options]
        supervisor.start("sandbox", sandbox, os.environ | {"PYTHONPATH": "sandbox"})
    supervisor.start("shop", [sys.executable, "-m", "gunicorn", "app:app"], environment)
    while supervisor.is_running() and not responds(port):
        time.sleep(POLL_INTERVAL)
    if supervisor.is_running():
        supervisor.start("worker", [*FLASK, "worker"], environment)
        print_addresses(port, environment, demo_staff.ensure(FLASK, environment))


def responds(port: str) -> bool:
    """Whether an HTTP server answers on this port; never asks through a proxy."""
    connection = HTTPConnection("127.0.0.1", int(port), timeout=5)
    try:
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def print_addresses(
    port: str, environment: dict[str, str], staff_login: demo_staff.Login | None
) -> None:
    """Print where everything is, once the shop answers."""
    shop = f"http://127.0.0.1:{port}"
    print(f"shop: {shop}")
    if uses_sandbox():
        print("test card: 4242 4242 4242 4242, any name, future date and security code")
    print(f"admin: {shop}/admin ({staff_login or 'create an account with `make staff`'})")
    if uses_sandbox():
        print(f"inspector: http://127.0.0.1:{sandbox_port()}/_sandbox/")
    if not environment.get("MAIL_URL"):
        print(f"mail: {environment['MAIL_FOLDER']}")
    print("Press Ctrl-C to stop.", flush=True)


def choose_port(name: str) -> None:
    """Take the next free port if none was chosen and the usual one is taken."""
    usual = USUAL_PORTS[name]
    if is_chosen(name) or not is_taken(str(usual)):
        return
    free = next(port for port in range(usual + 80, 65536) if not is_taken(str(port)))
    print(f"Port {usual} is in use by another program; {name} is {free} instead.", flush=True)
    os.environ[name] = str(free)


def is_taken(port: str) -> bool:
    """Whether another program listens on this port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


def port_in_use(name: str, port: str) -> str:
    """The message for a port that is taken."""
    another = f"{name}={int(port) + 80} make run"
    return f"Port {port} is in use by another program. Choose another: {another}"


def fail(*messages: str) -> int:
    """Print messages on stderr; return the exit status of a failure."""
    print(*messages, sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
