"""Holds: answers and webhooks that wait until a test lets them go, so that it chooses what arrives
first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from omise_sandbox.storage.clock import iso_fine


@dataclass(slots=True)
class Held:
    """Something that is ready to leave and may not yet."""

    id: str
    #: `answer` or `webhook`.
    kind: str
    #: The call that is being answered, or the event that is told.
    subject: str
    at: float
    let_go: Callable[[], object]

    def to_json(self) -> dict[str, Any]:
        """What waits, and since when."""
        return {
            "object": "hold",
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "at": iso_fine(self.at),
        }


class Holds:
    """Everything that is held in one world, in the order in which it was ready."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._number = 0

    def __iter__(self) -> Iterator[Held]:
        return iter(self._held.values())

    def add(self, kind: str, subject: str, at: float, let_go: Callable[[], object]) -> None:
        """Keep something; `let_go` sends it on its way."""
        self._number += 1
        held = Held(f"hold_{self._number}", kind, subject, at, let_go)
        self._held[held.id] = held

    def release(self, hold_id: str) -> Held | None:
        """Let one thing go; None when there is no such hold."""
        held = self._held.pop(hold_id, None)
        if held:
            held.let_go()
        return held

    def release_all(self) -> None:
        """Let everything go, in its order."""
        for hold_id in list(self._held):
            self.release(hold_id)
