"""django-oscar as a peer: it is installed on first use, in an environment of its own.

It is no dependency of this project; what it needs is fetched by pip when the benchmark runs.
"""

import contextlib
import json
import subprocess
import sys
import venv
from pathlib import Path

VERSION = "4.2.1"

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".cache/oscar" / VERSION
SHOP = Path(__file__).parent / "shop.py"


class Peer:
    """The peer as a process that places orders when it is told to."""

    def __init__(self, process):
        self._process = process

    def place(self, orders):
        """Place so many orders: the seconds of processor time of each."""
        self._process.stdin.write(f"{orders}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextlib.contextmanager
def started(folder):
    """The peer with a new database in the folder; None when it cannot be installed."""
    python = installed()
    if python is None:
        yield None
        return
    words = [python, str(SHOP), str(folder)]
    with subprocess.Popen(
        words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Peer(process)
        process.stdin.close()


def installed():
    """The Python of its environment; None, with the reason on standard error."""
    python = str(ENVIRONMENT / "bin/python")
    if not (ENVIRONMENT / ".ready").exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "-q", f"django-oscar=={VERSION}"]
        done = subprocess.run(install, capture_output=True, text=True)
        if done.returncode:
            print(f"no django-oscar: {done.stderr.strip()[-300:]}", file=sys.stderr)
            return None
        (ENVIRONMENT / ".ready").touch()
    return python
