"""What happened in a run, counted."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counts:
    """What happened in a run."""

    seen: Counter = field(default_factory=Counter)
    faults: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what, number=1):
        """Note that something happened."""
        with self.lock:
            self.seen[what] += number
