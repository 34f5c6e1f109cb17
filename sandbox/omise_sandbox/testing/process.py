"""Starts and stops a sandbox as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import omise_sandbox

#: The folder that the package is imported from.
PACKAGE_ROOT = Path(omise_sandbox.__file__).parent.parent


def start(*options: str) -> tuple[subprocess.Popen[str], str]:
    """A sandbox on a free port, which it chooses itself: its process and its address.

    Raises:
        RuntimeError: when it does not start; it says why on standard error.
    """
    process = subprocess.Popen(  # noqa: S603 - the command is this package
        [sys.executable, "-m", "omise_sandbox", "--port", "0", *options],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("sandbox: http"):
        process.kill()
        process.wait()
        raise RuntimeError("the sandbox did not start")
    return process, line.split()[1]


def stop(process: subprocess.Popen[str]) -> None:
    """End a sandbox and wait for it."""
    process.terminate()
    process.wait(timeout=10)
    if process.stdout:
        process.stdout.close()


def environment() -> dict[str, str]:
    """The environment in which a child imports the same package as this process."""
    inherited = os.environ.get("PYTHONPATH")
    paths = [str(PACKAGE_ROOT), *([inherited] if inherited else [])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
