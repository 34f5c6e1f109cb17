"""Runs programs side by side: when one ends, or on SIGINT or SIGTERM, all are stopped.

The signal handler only sets a flag, so any number of signals at any moment has one effect. Each
program has its own process group: Ctrl-C reaches the supervisor alone, and each program gets one
SIGTERM.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

#: Seconds between two looks at the programs.
POLL_INTERVAL = 0.1

#: Seconds that a program has to stop; gunicorn finishes open requests meanwhile.
STOP_TIMEOUT = 10.0

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """A set of named programs that run, and stop, together."""

    def __init__(self) -> None:
        self._programs: dict[str, subprocess.Popen[bytes]] = {}
        self._stop_requested = False
        for number in SIGNALS:
            signal.signal(number, self._request_stop)

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_requested = True

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start a program in its own process group."""
        self._programs[name] = subprocess.Popen(command, env=environment, process_group=0)

    def is_running(self) -> bool:
        """Whether every program runs and no stop was requested."""
        return not self._stop_requested and not self._ended()

    def wait(self) -> int:
        """Block until a program ends or a stop is requested; return the exit status to use."""
        while self.is_running():
            time.sleep(POLL_INTERVAL)
        if self._stop_requested:
            return 0
        name, status = self._ended()[0]
        print(f"{name} ended with status {status}", file=sys.stderr)
        return status if status > 0 else 1

    def _ended(self) -> list[tuple[str, int]]:
        statuses = ((name, program.poll()) for name, program in self._programs.items())
        return [(name, status) for name, status in statuses if status is not None]

    def stop(self) -> None:
        """Terminate every program; kill, and name, those that do not stop in time."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for program in self._programs.values():
            program.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        for name, program in self._programs.items():
            try:
                program.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                print(f"{name} did not stop within {STOP_TIMEOUT:.0f} s: killed", file=sys.stderr)
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()
