"""Run other programs to their end, and say in a line why one failed."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Result:
    """How a program ended, and the line of its output that says why."""

    ok: bool
    output: str


def in_order(
    *steps: tuple[list[str], int], cwd: Path | None = None, env: dict[str, str] | None = None
) -> str:
    """Run commands until one fails: what went wrong, or nothing."""
    for command, timeout in steps:
        print("+", *command, file=sys.stderr, flush=True)
        result = run(command, timeout=timeout, cwd=cwd, env=env)
        if not result.ok:
            return f"{' '.join(command[:6])}: {result.output}"
    return ""


def run(
    command: list[str],
    *,
    timeout: int,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> Result:
    """Run a program to its end, without a terminal."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
            cwd=cwd,
            env=os.environ | (env or {}),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Result(False, first_line(str(error)))
    return Result(done.returncode == 0, reason_in(done.stdout) or f"exit {done.returncode}")


def first_line(text: str) -> str:
    """The beginning of an error message, short enough for a list."""
    return text.strip().partition("\n")[0][:160]


def reason_in(output: str) -> str:
    """Why a program failed: the first line that names an error, or the last."""
    lines = output.strip().splitlines() or [""]
    telling = (line for line in lines if "error" in line.lower() or "failed" in line.lower())
    return next(telling, lines[-1]).strip()[:160]
