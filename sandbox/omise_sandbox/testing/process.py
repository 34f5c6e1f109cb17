"""Starts and stops a sandbox as a process of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import omise_sandbox

#: The folder that the package is imported from.
PACKAGE_ROOT = Path(omise_sandbox.__file__).parent.parent
STOP_TIMEOUT = 10


def start(*options: str) -> tuple[subprocess.Popen[str], str]:
    """Start a sandbox on a free port that it chooses: its process and its URL.

    Raises:
        RuntimeError: when it does not start, with what it wrote to standard error.
    """
    errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - a pipe would block once it is full
    process = subprocess.Popen(  # noqa: S603 - the command is this package
        [sys.executable, "-m", "omise_sandbox", "--port", "0", *options],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    process.stderr = errors
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("sandbox: http"):
        process.kill()
        raise RuntimeError(f"the sandbox did not start: {_end(process) or 'no message'}")
    return process, line.split()[1]


def stop(process: subprocess.Popen[str]) -> None:
    """Stop a sandbox, wait for it, and pass on what it wrote to standard error."""
    process.terminate()
    sys.stderr.write(_end(process))


def environment() -> dict[str, str]:
    """The environment in which a child imports the same package as this process."""
    inherited = os.environ.get("PYTHONPATH")
    paths = [str(PACKAGE_ROOT), *([inherited] if inherited else [])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _end(process: subprocess.Popen[str]) -> str:
    """Wait for the end of the process. What it wrote to standard error."""
    process.wait(timeout=STOP_TIMEOUT)
    errors = ""
    if process.stderr and not process.stderr.closed:
        process.stderr.seek(0)
        errors = process.stderr.read().strip()
        process.stderr.close()
    if process.stdout:
        process.stdout.close()
    return errors
