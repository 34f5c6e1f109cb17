"""The shop as a process that the examination starts, kills and starts again."""

import os
import signal
import subprocess
import tempfile
import time
from typing import IO

import requests

from omise_sandbox.examine.direct import direct_session
from omise_sandbox.examine.recipe import Process, Recipe, RecipeError

START_TIMEOUT = 60
STOP_TIMEOUT = 10
PAUSE = 0.05


class ShopProcess:
    """The shop in a process group of its own."""

    def __init__(self, recipe: Recipe, how: Process) -> None:
        self._how = how
        self._url = recipe.url(how.ready)
        self._log: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by `stop`
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the shop, and come back once it answers. Raises `RecipeError`."""
        if self._answers():
            raise RecipeError(f"{self._url} answers already; stop that shop first")
        self._process = subprocess.Popen(  # noqa: S603 - the command of the recipe
            self._how.start,
            cwd=self._how.folder,
            env={**os.environ, **self._how.environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RecipeError(f"the shop does not start: {self._end_of_log()}")
            time.sleep(PAUSE)

    def kill(self) -> None:
        """End it at once, with everything that it started."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would, or at once when that takes too long."""
        try:
            self._signal(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
        self._log.close()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, number)
        self._process.wait(STOP_TIMEOUT)

    def _answers(self) -> bool:
        try:
            with direct_session() as http:
                return http.get(self._url, timeout=START_TIMEOUT).status_code < 500
        except requests.ConnectionError:
            return False

    def _end_of_log(self) -> str:
        self._log.seek(0)
        return self._log.read()[-500:].strip() or "no message"
