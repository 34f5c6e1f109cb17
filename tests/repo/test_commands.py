"""The commands of the README do what it says."""

import os
import re
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import requests

from e2e.support.servers import free_port, is_listening
from tests.support.programs import wait_until

ROOT = Path(__file__).parents[2]

#: May be set where the tests run; a newcomer has none of them.
SETTINGS = re.compile(r"^(OMISE_|DATABASE_URL|PUBLIC_URL|SECRET_KEY|STORE_|PORT$)")


@pytest.fixture
def make_run(tmp_path):
    """Starts `make run` on free ports, with a data folder of its own."""
    started = []
    log = (tmp_path / "log").open("wb")

    def start(**environment):
        bare = {name: value for name, value in os.environ.items() if not SETTINGS.match(name)}
        ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
        process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=bare | ports | {"DATA_DIR": str(tmp_path), **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started.append(process)
        return [f"http://127.0.0.1:{port}" for port in ports.values()]

    yield start
    for process in started:
        os.killpg(process.pid, 15)
        process.wait(timeout=20)
    log.close()


def answers(url):
    """Wait until a server listens, which is cheaper to look at than a request, and answers."""
    wait_until(lambda: is_listening(urlsplit(url).port), f"{url} listens", seconds=60)
    with urlopen(url, timeout=60) as answer:  # noqa: S310  # an address of our own
        assert answer.status == 200


def test_make_run_starts_the_shop_and_the_sandbox(make_run, tmp_path):
    shop, sandbox = make_run(http_proxy="http://127.0.0.1:9")  # which reaches nothing

    answers(shop)
    assert "sandbox:" in (tmp_path / "log").read_text()
    answers(f"{sandbox}/_sandbox/health")
    email, password = printed_login(tmp_path / "log")
    assert is_staff(shop, email, password)


def printed_login(log):
    """The email and the password of the demo's staff account, as `make run` prints them."""
    wait_until(lambda: "Press Ctrl-C" in log.read_text(), "the addresses are printed")
    return re.search(r"log in as (\S+), password (\S+)\)", log.read_text()).groups()


def is_staff(shop, email, password):
    """Whether this login opens the back office."""
    session = requests.Session()
    token = re.search(r'name="csrf_token" value="([^"]+)"', session.get(f"{shop}/admin/login").text)
    form = {"email": email, "password": password, "csrf_token": token[1]}
    return "Log out" in session.post(f"{shop}/admin/login", form, timeout=20).text


def test_make_run_with_keys_of_omise_starts_the_shop_alone(make_run, tmp_path):
    shop, _ = make_run(
        OMISE_PUBLIC_KEY="pkey_test_5xuy4w91xqz7d1w9u0t",
        OMISE_SECRET_KEY="skey_test_5xuy4w91xqz7d1w9u0t",
    )

    answers(shop)
    wait_until(lambda: "admin:" in (tmp_path / "log").read_text(), "the addresses are printed")
    assert "sandbox:" not in (tmp_path / "log").read_text()
    assert "create an account with `make staff`" in (tmp_path / "log").read_text()


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_make_run_on_a_port_in_use_says_what_to_do(tmp_path, name):
    bare = {name: value for name, value in os.environ.items() if not SETTINGS.match(name)}
    ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
    with socket.create_server(("127.0.0.1", int(ports[name]))):
        run = subprocess.run(
            ["make", "run"],
            cwd=ROOT,
            env=bare | ports | {"DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )

    assert run.returncode != 0
    assert f"Port {ports[name]} is in use by another program." in run.stderr
    assert f"{name}={int(ports[name]) + 80} make run" in run.stderr
    assert "Traceback" not in run.stderr


def test_make_help_lists_the_commands():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    for command in ("run", "test", "e2e", "bench", "browser"):
        assert f"make {command} " in listed.stdout


def test_missing_settings_are_all_named():
    bare = {name: value for name, value in os.environ.items() if not SETTINGS.match(name)}

    for command in (["gunicorn", "app:app"], ["python", "app.py"]):
        run = subprocess.run(
            [ROOT / ".venv/bin" / command[0], *command[1:]],
            cwd=ROOT,
            env=bare,
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        assert run.returncode != 0
        for name in ("OMISE_PUBLIC_KEY", "OMISE_SECRET_KEY", "SECRET_KEY"):
            assert f"{name} is missing" in run.stderr
        assert "Traceback" not in run.stderr
