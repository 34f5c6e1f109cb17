"""`make run` stops what it started, however it is interrupted."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading

import psutil
import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.support.programs import ROOT, free_port, wait_until
from tools import run

#: Runs two programs under the supervisor; argv[1] is the code of the second.
#: `{}` stands for printing the process id, in one write so that lines never mix.
SCRIPT = """
import sys
from tools import supervisor

supervisor.STOP_TIMEOUT = 1.0
programs = supervisor.Supervisor()
for name, code in {"waiting": "{}; sleep(60)", "tested": sys.argv[1]}.items():
    begin = "import os, sys, signal; from time import sleep"
    announce = f"os.write(1, b'{name} %d' % os.getpid() + bytes([10]))"
    programs.start(name, [sys.executable, "-c", f"{begin}; {code.format(announce)}"], None)
status = programs.wait()
programs.stop()
sys.exit(status)
"""

SLEEP = "{}; sleep(60)"
WAIT_FOR_INPUT = "{}; sys.stdin.read()"
IGNORE_SIGTERM = "signal.signal(signal.SIGTERM, signal.SIG_IGN); {}; sleep(60)"


@pytest.fixture
def supervise():
    """Starts the supervisor over two programs; gives it and their process ids."""
    started = []

    def start(code):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, code],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        lines = [process.stdout.readline().split() for _ in range(2)]
        return process, {name: int(pid) for name, pid in lines}

    yield start
    for process in started:
        process.kill()
        process.communicate()


def is_gone(pid):
    """Whether no process with this id runs."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_every_program(supervise, number):
    supervisor, pids = supervise(SLEEP)

    supervisor.send_signal(number)

    assert supervisor.wait(20) == 0
    assert all(is_gone(pid) for pid in pids.values())


def test_two_signals_at_once_stop_every_program(supervise):
    supervisor, pids = supervise(SLEEP)

    supervisor.send_signal(signal.SIGINT)
    supervisor.send_signal(signal.SIGINT)

    assert supervisor.wait(20) == 0
    assert all(is_gone(pid) for pid in pids.values())


def test_second_signal_while_stopping_leaves_no_program_behind(supervise):
    supervisor, pids = supervise(IGNORE_SIGTERM)
    supervisor.send_signal(signal.SIGINT)
    wait_until(lambda: is_gone(pids["waiting"]), "the supervisor is stopping")

    supervisor.send_signal(signal.SIGINT)
    _, errors = supervisor.communicate(timeout=20)

    assert supervisor.returncode == 0
    assert "tested did not stop within 1 s: killed" in errors
    assert is_gone(pids["tested"])


@pytest.mark.parametrize(
    ("code", "status"), [(f"{WAIT_FOR_INPUT}; sys.exit(3)", 3), (WAIT_FOR_INPUT, 1)]
)
def test_all_stop_when_one_program_ends(supervise, code, status):
    supervisor, pids = supervise(code)

    _, errors = supervisor.communicate(timeout=20)

    assert supervisor.returncode == status
    assert "tested ended with status" in errors
    assert all(is_gone(pid) for pid in pids.values())


def test_second_run_with_the_same_data_is_refused(tmp_path):
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        print("http://127.0.0.1:5000", end="", file=lock, flush=True)
        second = run_demo(DATA_DIR=tmp_path)

    assert second.returncode == 1
    assert f"runs at http://127.0.0.1:5000 with the data in {tmp_path}/" in second.stderr
    assert f"DATA_DIR={tmp_path}-2 make run" in second.stderr


def run_demo(**environment):
    """The result of a `make run` that does not get far."""
    return subprocess.run(
        [sys.executable, "-m", "tools.run"],
        cwd=ROOT,
        env=os.environ | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "PORT must be a whole number from 1 to 65535, like 5000."),
        ("PORT", "70000", "PORT must be a whole number from 1 to 65535, like 5000."),
        ("SANDBOX_PORT", "0", "SANDBOX_PORT must be a whole number from 1 to 65535, like 5001."),
        ("WEB_CONCURRENCY", "two", "WEB_CONCURRENCY must be a whole number"),
        ("DATA_DIR", "/dev/null/data", "DATA_DIR is /dev/null/data, which cannot be made"),
        ("WEB_THREADS", "many", "The shop cannot start. WEB_THREADS must be a whole number"),
    ],
)
def test_wrong_setting_is_explained(tmp_path, name, value, words):
    ports = {"PORT": free_port(), "SANDBOX_PORT": free_port()}

    demo = run_demo(**{**ports, "DATA_DIR": tmp_path / "a folder/of its own", name: value})

    assert demo.returncode == 1
    assert words in demo.stderr
    assert "Traceback" not in demo.stderr


def test_white_space_quotes_and_empty_values_do_not_count(taken, tmp_path):
    demo = run_demo(PORT=f" '{taken}'\n", SANDBOX_PORT="", DATA_DIR=f" {tmp_path} ")

    assert f"Port {taken} is in use by another program." in demo.stderr


@pytest.fixture
def through_no_proxy(monkeypatch):
    """A proxy in the environment that reaches nothing."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


def test_shop_on_this_machine_is_asked_without_a_proxy(through_no_proxy):
    server = make_server("127.0.0.1", 0, Response("ok"))
    listening = threading.Thread(target=server.handle_request)
    listening.start()

    assert run.responds(str(server.server_port))

    listening.join()
    server.server_close()


@pytest.fixture
def taken():
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


CHOOSE = """
import os, sys
from tools import run

run.USUAL_PORTS["PORT"] = int(sys.argv[1])
run.choose_port("PORT")
print(os.environ.get("PORT"))
"""


def chosen_port(usual, folder, **environment):
    """What `make run` says about the port of the shop, and which it takes."""
    known = {name: value for name, value in os.environ.items() if name != "PORT"}
    return subprocess.run(
        [sys.executable, "-c", CHOOSE, str(usual)],
        cwd=folder,
        env=known | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    ).stdout.splitlines()


def test_usual_port_that_is_taken_is_replaced_by_a_free_one(taken, tmp_path):
    message, port = chosen_port(taken, tmp_path)

    assert message == f"Port {taken} is in use by another program; PORT is {port} instead."
    assert int(port) > taken


def test_chosen_port_is_not_replaced(taken, tmp_path):
    assert chosen_port(taken, tmp_path, PORT=str(taken)) == [str(taken)]
