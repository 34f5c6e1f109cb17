"""Responses and webhooks that wait until a test releases them, so that it controls their order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from omise_sandbox.storage.clock import iso_fine


@dataclass(slots=True)
class HeldResponse:
    """A response or webhook that is ready to leave."""

    id: str
    #: `answer` or `webhook`.
    kind: str
    #: The call that is answered, or the event of the webhook.
    subject: str
    at: float
    release: Callable[[], object]

    def to_json(self) -> dict[str, Any]:
        """What is held, and since when."""
        return {
            "object": "hold",
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "at": iso_fine(self.at),
        }


class HeldResponses:
    """Everything that is held in one world, in the order in which it was ready."""

    def __init__(self) -> None:
        self._held: dict[str, HeldResponse] = {}
        self._number = 0

    def __iter__(self) -> Iterator[HeldResponse]:
        return iter(self._held.values())

    def add(self, kind: str, subject: str, at: float, release: Callable[[], object]) -> None:
        """Hold a response; `release` sends it."""
        self._number += 1
        held = HeldResponse(f"hold_{self._number}", kind, subject, at, release)
        self._held[held.id] = held

    def release(self, hold_id: str) -> HeldResponse | None:
        """Release one; None when there is none with this id."""
        held = self._held.pop(hold_id, None)
        if held:
            held.release()
        return held

    def release_all(self) -> None:
        """Release everything, in order."""
        for hold_id in list(self._held):
            self.release(hold_id)
