"""Faults a test arms: what goes wrong, on which call or with which webhook, and how often.

`drop_after`, `garbage` and `hold` do the work first: the money moves and nobody is told.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from omise_sandbox.rules.errors import CODES, Refusal

#: What a fault does to a call → what the caller sees.
DOINGS = {
    "drop_before": "the connection is cut before any work is done",
    "drop_after": "the work is done and kept, then the connection is cut",
    "status": "an error with this status, code and message; no work is done",
    "delay": "seconds pass, then everything is as usual",
    "garbage": "the work is done and kept, then bytes come that are no JSON",
    "hold": "the work is done and kept, and its webhooks leave; the answer waits for its release",
}

#: What a fault does to a webhook → what the receiver sees.
WEBHOOK_DOINGS = {
    "drop": "it never comes, nor is it tried again",
    "duplicate": "it comes twice",
    "delay": "it comes seconds later, on the clock of the world",
    "reorder": "it comes after the next one, or else seconds later (60 unless told)",
    "wrong_signature": "it is signed with another secret",
    "hold": "it comes when it is released",
}

#: The events that there are; each may have a webhook.
EVENTS = (
    "charge.create",
    "charge.complete",
    "charge.update",
    "charge.capture",
    "charge.reverse",
    "charge.expire",
    "refund.create",
    "customer.create",
    "customer.update",
    "customer.update.card",
    "customer.destroy",
    "card.update",
    "card.destroy",
)

#: Status → the code in its envelope, unless the fault names one.
CODE_FOR = {429: "too_many_requests", 500: "internal_error", 503: "service_unavailable"}


@dataclass(slots=True)
class Fault:
    """One armed fault; `times` of None never runs out."""

    id: str
    do: str
    method: str | None = None
    path: str | None = None
    #: Which webhooks, by the key of their event; then it has no path.
    webhook: str | None = None
    status: int = 503
    seconds: float = 0.0
    times: int | None = 1
    probability: float = 1.0
    code: str | None = None
    message: str | None = None
    fired: int = 0

    @property
    def remaining(self) -> int | None:
        """How often it will still fire; null when it never runs out."""
        return None if self.times is None else max(0, self.times - self.fired)

    @property
    def refusal(self) -> Refusal:
        """The error that a `status` fault answers with."""
        code = self.code or CODE_FOR.get(self.status, "internal_error")
        usual = CODES[code].message if code in CODES else "this error was asked for"
        return Refusal(code, self.message or usual, self.status)

    def concerns(self, method: str, path: str, pattern: str) -> bool:
        """Whether a call is meant, by its path, by the path of its route, or by wildcard."""
        if self.path is None or self.remaining == 0 or self.method not in (None, method):
            return False
        return self.path in (path, pattern) or fnmatchcase(path, self.path)

    def concerns_webhook(self, key: str) -> bool:
        """Whether the webhook of such an event is meant."""
        return self.webhook is not None and self.remaining != 0 and fnmatchcase(key, self.webhook)

    def to_json(self) -> dict[str, Any]:
        """The fault with how often it fired and still will."""
        return {"object": "fault", **asdict(self), "remaining": self.remaining}


class Faults:
    """The faults of one world. Exhausted ones stay, so that a test can see that they fired."""

    def __init__(self, seed: int | None = None) -> None:
        self._faults: list[Fault] = []
        self._random = Random(seed).random  # noqa: S311 - chance must repeat, not be secret
        self._number = 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, wishes: Mapping[str, object]) -> Fault:
        """Arm a fault. Raises `Refusal` when it makes no sense."""
        self._number += 1
        fault = Fault(id=f"fault_{self._number}", **read_fault(wishes))
        self._faults.append(fault)
        return fault

    def restore(self, states: list[dict[str, Any]]) -> None:
        """Arm the faults that a journal remembers."""
        for state in states:
            fault = Fault(**{name: state[name] for name in Fault.__slots__})
            self._faults.append(fault)
            self._number = max(self._number, int(fault.id.rpartition("_")[2]))

    def remove(self, fault_id: str) -> Fault | None:
        """Disarm one fault."""
        found = next((fault for fault in self._faults if fault.id == fault_id), None)
        if found:
            self._faults.remove(found)
        return found

    def clear(self) -> None:
        """Disarm all."""
        self._faults.clear()

    def strike(self, method: str, path: str, pattern: str) -> Fault | None:
        """The first armed fault for this call, counted as fired; None if nothing goes wrong."""
        return self._first(fault for fault in self._faults if fault.concerns(method, path, pattern))

    def strike_webhook(self, key: str) -> Fault | None:
        """The first armed fault for a webhook, counted as fired; None if nothing goes wrong."""
        return self._first(fault for fault in self._faults if fault.concerns_webhook(key))

    def _first(self, meant: Iterator[Fault]) -> Fault | None:
        for fault in meant:
            if self._random() < fault.probability:
                fault.fired += 1
                return fault
        return None


def read_fault(wishes: Mapping[str, object]) -> dict[str, Any]:
    """The fields of a fault, checked. Raises `Refusal` naming the first bad one."""
    read = {}
    for name, wish in wishes.items():
        if name not in CHECKS:
            raise Refusal("bad_request", f"{name} is not part of a fault; use {', '.join(CHECKS)}")
        try:
            read[name] = CHECKS[name](wish)
        except (ValueError, TypeError) as error:
            raise Refusal("bad_request", f"{name}: {error}") from error
    if ("path" in read) == ("webhook" in read):
        raise Refusal("bad_request", "path: a fault needs it, or else webhook")
    doings = DOINGS if "path" in read else WEBHOOK_DOINGS
    if read.get("do") not in doings:
        raise Refusal("bad_request", f"do: a fault needs it; choose one of {', '.join(doings)}")
    return read


def _webhook(wish: object) -> str:
    if not any(fnmatchcase(key, str(wish)) for key in EVENTS):
        raise ValueError("give an event such as charge.complete, or charge.*")
    return str(wish)


def _path(wish: object) -> str:
    if not isinstance(wish, str) or not wish.startswith("/"):
        raise ValueError("give a path such as /charges or /charges/*/capture")
    return wish.rstrip("/") or "/"


def _between(low: float, high: float, kind: type[int] | type[float]) -> Callable[[object], Any]:
    def check(wish: object) -> float:
        number = kind(str(wish))
        if not low <= number <= high:
            raise ValueError(f"choose between {low} and {high}")
        return number

    return check


def _optional(check: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda wish: None if wish is None else check(wish)


CHECKS: dict[str, Callable[[object], Any]] = {
    "method": _optional(lambda wish: str(wish).upper()),
    "path": _path,
    "webhook": _webhook,
    "do": str,
    "status": _between(400, 599, int),
    "seconds": _between(0, 300, float),
    "times": _optional(_between(1, 1_000_000, int)),
    "probability": _between(0, 1, float),
    "code": _optional(str),
    "message": _optional(str),
}
