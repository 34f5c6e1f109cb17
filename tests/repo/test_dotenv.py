"""Every way to start the shop reads .env."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from storefront.settings import Settings
from tests.support.programs import free_port

ROOT = Path(__file__).parents[2]

SETTINGS = {name.upper() for name in Settings.model_fields} | {"WEB_CONCURRENCY", "DATA_DIR"}


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Runs a program in a folder with this .env, without other settings; returns its result."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments, **variables):
        lines = "".join(f"{name}={value}\n" for name, value in variables.items())
        (tmp_path / ".env").write_text(lines)
        program = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = program.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGTERM)  # with what it started
            raise
        return subprocess.CompletedProcess(arguments, program.returncode, out, err)

    return run


def keys(of):
    """A pair of keys; empty ones for an empty argument."""
    return {
        "OMISE_PUBLIC_KEY": of and f"pkey_test_{of}",
        "OMISE_SECRET_KEY": of and f"skey_test_{of}",
    }


def test_make_run_uses_the_database_of_dotenv(start, tmp_path):
    done = start("-m", "tools.run", "migrate", **keys("5xuy"), DATABASE_URL="sqlite:///own.db")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "own.db").exists()
    assert not (tmp_path / "data/shop.db").exists()


def test_make_run_uses_the_port_of_dotenv(start):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        done = start("-m", "tools.run", **keys("5xuy"), PORT=port)

    assert f"Port {port} is in use by another program." in done.stderr


def test_make_run_ignores_empty_variables(start, tmp_path):
    done = start("-m", "tools.run", "migrate", **keys(""), SECRET_KEY="", DATABASE_URL="")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data/shop.db").exists()


def test_make_run_takes_the_placeholders_of_the_example_for_unset_keys(start, tmp_path):
    done = start("-m", "tools.run", "migrate", **keys("..."))

    assert done.returncode == 0, done.stderr


def test_make_run_writes_mails_to_its_data_folder(start, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    ask = "from tools.demo_environment import shop_environment as e; print(e()['MAIL_FOLDER'])"

    done = start("-c", ask)

    assert done.stdout == f"{tmp_path / 'elsewhere/mail'}\n", done.stderr


def test_gunicorn_uses_dotenv(start):
    port = free_port()
    done = start(
        *("-m", "gunicorn", "--config", ROOT / "gunicorn.conf.py", "--print-config", "app:app"),
        **keys("5xuy"),
        SECRET_KEY="0123456789abcdef" * 4,
        PORT=port,
        WEB_CONCURRENCY=3,
    )

    lines = [line.partition("=") for line in done.stdout.splitlines()]
    printed = {name.strip(): value.strip() for name, _, value in lines}
    assert printed["bind"] == f"['127.0.0.1:{port}']", done.stderr
    assert printed["workers"] == "3"


def test_gunicorn_refuses_workers_without_threads(start):
    done = start(
        *("-m", "gunicorn", "--config", ROOT / "gunicorn.conf.py", "--worker-class", "sync"),
        *("--threads", "1", "app:app"),
        **keys("5xuy"),
        SECRET_KEY="0123456789abcdef" * 4,
        PORT=free_port(),
    )

    assert done.returncode != 0
    assert "start gunicorn without --worker-class" in done.stderr
