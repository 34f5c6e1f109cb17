"""The worker stops, whenever signals arrive: its handler takes no lock."""

import subprocess
import sys

import pytest

from tests.support.programs import ROOT

#: Runs an idle worker and sends it a signal, and a further one after each line of its handler, as
#: two of them within a millisecond may do. A handler that waits for its own thread never ends.
SCRIPT = """
import os, signal, sys, threading
from storefront.payments.worker import Worker

class NoTasks:
    def claim(self): ...
    def beat(self): ...

def is_handler(frame):
    while frame and frame.f_code is not Worker.stop.__code__:
        frame = frame.f_back
    return frame is not None

def interrupt(frame, event, argument):
    if event == "line":
        signal.raise_signal(signal.SIGINT)
    return interrupt

sys.settrace(lambda frame, event, argument: interrupt if is_handler(frame) else None)
threading.Timer(0.2, os.kill, [os.getpid(), int(sys.argv[1])]).start()
Worker(NoTasks(), {}).run()
"""


@pytest.mark.parametrize("number", ["2", "15"], ids=["SIGINT", "SIGTERM"])
def test_signal_during_the_handler_of_another_stops_the_worker(number):
    worker = subprocess.run(
        [sys.executable, "-c", SCRIPT, number],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert (worker.returncode, worker.stderr) == (0, "")
