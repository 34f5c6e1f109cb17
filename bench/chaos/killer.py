"""Kills processes of the shop."""

import contextlib
import random
import threading

import requests

from tests.support.programs import wait_until

#: How many pauses the shop has to come back in, before the next process is killed anyway.
PATIENCE = 5


class Killer(threading.Thread):
    """Kills a process of the shop with -9, again and again, every `pause` seconds or so.

    On a busy machine it waits for the shop, which would otherwise never get to work.
    """

    def __init__(self, shop, counts, seed, pause):
        super().__init__(daemon=True)
        self.shop = shop
        self.counts = counts
        self.random = random.Random(seed)
        self.pause = pause
        self.enough = threading.Event()
        self.worker = shop.worker()

    def run(self):
        """Kill until told to stop; gunicorn starts its workers again, the outbox's is started."""
        while not self.enough.wait(self.random.uniform(0.5, 1.5) * self.pause):
            if self.random.random() < 0.2:
                self.worker.kill()
                self.worker.wait()
                self.shop.forget(self.worker)
                self.worker = self.shop.worker()
                self.counts.add("outbox workers killed")
            elif workers := self.shop.workers():
                self.random.choice(workers).kill()
                self.counts.add("shop workers killed")
                with contextlib.suppress(AssertionError, requests.Timeout):
                    wait_until(self._goes_on, "the shop answers", PATIENCE * self.pause)

    def _goes_on(self):
        """Whether the shop answers, or nothing more is to be killed."""
        return self.enough.is_set() or self.shop.answers()

    def stop(self):
        """Stop killing."""
        self.enough.set()
        self.join()
