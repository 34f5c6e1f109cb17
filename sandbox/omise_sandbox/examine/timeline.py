"""What happened during a scenario, in three lanes: the browser, the API, and webhooks."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omise_sandbox.testing.world import World

LANES = ("browser", "API", "webhook")


@dataclass(frozen=True, order=True)
class Entry:
    """One step. `at` is in seconds since 1970 on the clock of this machine."""

    at: float
    lane: str
    text: str

    def __str__(self) -> str:
        """The step in one line."""
        return f"{self.lane}: {self.text}"


class Timeline:
    """The steps of one scenario."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._last_request = 0
        self._attempts: set[tuple[str, int]] = set()

    def add(self, text: str, lane: str = "browser") -> None:
        """Note a step that happens now."""
        self._entries.append(Entry(time.time(), lane, text))

    def read(self, world: World) -> None:
        """Add what the sandbox has logged since the last time.

        Call it before the clock of the world moves: the log has the time of the world.
        """
        offset = float(world.control("GET", "clock")["offset"])
        requests = world.control("GET", f"requests?after={self._last_request}")["data"]
        webhooks = world.control("GET", "webhooks")["data"]
        self._last_request = max([self._last_request, *(row["id"] for row in requests)])
        for row in requests:
            if not row["path"].startswith("/payments/"):
                self._entries.append(Entry(_seconds(row["at"]) - offset, "API", _request(row)))
        for row in webhooks:
            for at, text in self._new_attempts(row):
                self._entries.append(Entry(at - offset, "webhook", text))

    def entries(self) -> tuple[Entry, ...]:
        """Every step, oldest first."""
        return tuple(sorted(self._entries))

    def _new_attempts(self, row: dict[str, Any]) -> Iterator[tuple[float, str]]:
        for number, attempt in enumerate(row["attempts"]):
            if (row["id"], number) not in self._attempts:
                self._attempts.add((row["id"], number))
                told = attempt["status"] or attempt["error"]
                yield _seconds(attempt["at"]), f"{row['key']}: {told}"


def _request(row: dict[str, Any]) -> str:
    answer = row["status"] or "connection cut"
    fault = f" (fault: {row['fault']})" if row["fault"] else ""
    return f"{row['method']} {row['path']}: {answer}{fault}"


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
