"""The shop as real processes: gunicorn with its workers, the worker, the commands."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import requests

from e2e.support.servers import free_port, is_listening
from storefront import create_app
from storefront.settings import Settings

ROOT = Path(__file__).parents[2]


def wait_until(look, what, seconds=20, pause=0.02):
    """Look again, after a pause, until there is something, and give it."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(pause)
    return seen


class Shop:
    """The shop under gunicorn, over one database and one world of a sandbox.

    Args:
        world: of the sandbox.
        database_url: where its tables are.
        folder: for what it writes to its log.
        more: further settings of the environment.
    """

    def __init__(self, world, database_url, folder, **more):
        self.world = world
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"shop-{self.port}.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OMISE_")},
            "OMISE_PUBLIC_KEY": world.public_key,
            "OMISE_SECRET_KEY": world.secret_key,
            "OMISE_API_URL": world.url,
            "OMISE_VAULT_URL": world.url,
            "OMISE_JS_URL": f"{world.url}/omise.js",
            "OMISE_CONNECT_TIMEOUT": "5",
            "SECRET_KEY": "s" * 32,
            "DATABASE_URL": database_url,
            "PUBLIC_URL": self.url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            **more,
        }
        self.root = ROOT  #: the folder of its files
        self.gunicorn = None
        self._others = []

    def start(self):
        """Start gunicorn, and come back when the shop answers."""
        self.launch()
        return self.wait()

    def launch(self):
        """Start gunicorn."""
        self.gunicorn = self._run("gunicorn", "app:app")

    def wait(self):
        """Come back when the shop answers."""
        try:
            wait_until(self.answers, "the shop answers", seconds=60)
        except BaseException:
            self.stop()
            raise
        return self

    def answers(self):
        """Whether the shop answers; it must not have ended by itself."""
        assert self.gunicorn.poll() is None, f"the shop did not start:\n{self.log.read_text()}"
        if not is_listening(self.port):
            return False  # looked at often, and so without a request
        try:
            return requests.get(self.url, timeout=30).ok
        except requests.ConnectionError:
            return False

    def worker(self):
        """Start a worker, which does what the outbox holds."""
        process = self._run("flask", "--app", "app", "worker")
        self._others.append(process)
        return process

    def forget(self, process):
        """One that was started here, and was ended elsewhere."""
        self._others.remove(process)

    def command(self, *words, seconds=60, typed=None):
        """Run one of the shop's commands to its end; it reads what is `typed`."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            input=typed,
            start_new_session=typed is not None,  # without a terminal a password is read from input
        )

    def within(self):
        """The same shop within this process; the caller closes its parts."""
        names = {name.lower(): value for name, value in self.environment.items()}
        fields = {name: names[name] for name in Settings.model_fields if name in names}
        return create_app(Settings.from_env(_env_file=None, **fields))

    def workers(self):
        """The processes of gunicorn that answer requests."""
        return psutil.Process(self.gunicorn.pid).children()

    def kill_workers(self):
        """kill -9 for every process that answers requests; gunicorn starts others."""
        doomed = self.workers()
        for process in doomed:
            process.kill()
        wait_until(lambda: not any(map(is_alive, doomed)), "they are gone")

    def stop(self, seconds=20):
        """End everything as an operator would; gives gunicorn's exit status."""
        started = [self.gunicorn, *self._others]
        for process in started:
            process.terminate()
        for process in started:
            process.wait(seconds)
        self._others = []
        return self.gunicorn.returncode

    def kill(self):
        """kill -9 for the whole of it, the worker apart."""
        doomed = self.workers()
        self.gunicorn.kill()
        self.gunicorn.wait()
        for process in doomed:
            process.kill()

    def _run(self, *module):
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=self.root,
                env=self.environment,
                stdout=log,
                stderr=log,
            )


def is_alive(process):
    """Whether a process still runs."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
