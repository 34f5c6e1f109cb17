"""`make run`: the shop and its worker, and the sandbox too unless Omise keys are set.

With words after it, `flask --app app <words>` in the same surroundings instead (`make staff`).
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from dotenv import dotenv_values  # as the settings of the shop read it

DATA = Path(os.environ.get("DATA_DIR", "data"))
PUBLIC_KEY = "pkey_test_sandbox000000000000"
SECRET_KEY = "skey_test_sandbox000000000000"  # noqa: S105 - known to the sandbox only
WEBHOOK_SECRET = "c2FuZGJveCB3ZWJob29rIHNlY3JldA=="  # noqa: S105 - the same


def main() -> int:
    """Start what is needed, wait for the first to end, end the others."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with_sandbox = not keys_are_set()
    environment = surroundings(with_sandbox)
    needed = {"PORT": environment["PORT"]}
    if with_sandbox:
        needed["SANDBOX_PORT"] = sandbox_port()
    if taken := [name for name, port in needed.items() if is_taken(port)]:
        print(*(in_use(name, needed[name]) for name in taken), sep="\n", file=sys.stderr)
        return 1
    shop = f"http://127.0.0.1:{environment['PORT']}"
    programs: list[subprocess.Popen[bytes]] = []
    try:
        if with_sandbox:
            programs.append(start_sandbox(sandbox_port(), f"{shop}/webhooks/omise"))
        programs.append(start(environment, "gunicorn", "app:app"))
        if answers(shop, programs[-1]):
            print(f"shop: {shop}", flush=True)
            programs.append(start(environment, "flask", "--app", "app", "worker"))
        _, status = os.wait()
        return os.waitstatus_to_exitcode(status) or 1
    except KeyboardInterrupt:
        return 0
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            program.wait()


def command(words: list[str]) -> int:
    """One of the shop's commands, run to its end."""
    program = start(surroundings(not keys_are_set()), "flask", "--app", "app", *words)
    return program.wait()


def surroundings(with_sandbox: bool) -> dict[str, str]:
    """The settings of the shop that `make run` starts; what is set already, or in .env, stays."""
    DATA.mkdir(exist_ok=True)
    environment = {
        "DATABASE_URL": f"sqlite:///{DATA / 'shop.db'}",
        "MAIL_FOLDER": str(DATA / "mail"),
        "SECRET_KEY": session_key(),
        "PORT": "5000",
        "STYLEGUIDE": "true",
        **written_down(),
        **os.environ,
    }
    if with_sandbox:
        environment |= towards_sandbox(f"http://127.0.0.1:{sandbox_port()}")
    return environment


def sandbox_port() -> str:
    """Where the sandbox listens."""
    return os.environ.get("SANDBOX_PORT", "5001")


def is_taken(port: str) -> bool:
    """Whether somebody listens there already."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


def in_use(name: str, port: str) -> str:
    """What to do about it."""
    another = f"{name}={int(port) + 80} make run"
    return f"Port {port} is in use by another program. Choose another: {another}"


def start(environment: dict[str, str], *module: str) -> "subprocess.Popen[bytes]":
    """One of the shop's programs."""
    return subprocess.Popen([sys.executable, "-m", *module], env=environment)


def answers(shop: str, program: "subprocess.Popen[bytes]") -> bool:
    """Wait until the shop answers; False when it ended instead."""
    while program.poll() is None:
        try:
            with urlopen(shop, timeout=5):  # noqa: S310  # an address of our own
                return True
        except OSError:
            time.sleep(0.05)
    return False


def keys_are_set() -> bool:
    """Whether this shop is to talk to Omise itself."""
    known = written_down() | os.environ
    return bool(known.get("OMISE_SECRET_KEY") or known.get("OMISE_PUBLIC_KEY"))


def written_down() -> dict[str, str]:
    """What .env sets; what is empty there sets nothing."""
    return {name: value for name, value in dotenv_values(".env").items() if value}


def session_key() -> str:
    """A key of this machine for signing sessions, made at the first run."""
    kept = DATA / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32))
    return kept.read_text()


def start_sandbox(port: str, webhook_url: str) -> "subprocess.Popen[bytes]":
    """The stand-in for Omise, with its state in the data folder."""
    options = {
        "--port": port,
        "--db": str(DATA / "sandbox.db"),
        "--public-key": PUBLIC_KEY,
        "--secret-key": SECRET_KEY,
        "--webhook-url": webhook_url,
        "--webhook-secret": WEBHOOK_SECRET,
    }
    words = [word for option in options.items() for word in option]
    checkout = os.environ | {"PYTHONPATH": "sandbox"}
    return subprocess.Popen([sys.executable, "-m", "omise_sandbox", *words], env=checkout)


def towards_sandbox(url: str) -> dict[str, str]:
    """What the shop is told: another address and other keys, nothing else."""
    return {
        "OMISE_PUBLIC_KEY": PUBLIC_KEY,
        "OMISE_SECRET_KEY": SECRET_KEY,
        "OMISE_API_URL": url,
        "OMISE_VAULT_URL": url,
        "OMISE_JS_URL": f"{url}/omise.js",
        "OMISE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]) if sys.argv[1:] else main())
