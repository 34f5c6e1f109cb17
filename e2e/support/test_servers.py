"""Programs of several runs on one machine do not meet."""

import subprocess
import sys

from e2e.support.servers import ROOT

HAND_OUT = "from e2e.support.servers import free_port; print(free_port(), flush=True); input()"


def test_runs_at_once_are_given_different_ports():
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", HAND_OUT],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        ports = {run.stdout.readline() for run in runs}
    finally:
        for run in runs:
            run.communicate("\n")

    assert "" not in ports
    assert len(ports) == 2
