"""Faults: what goes wrong, on which call or webhook, and how often.

`drop_after`, `garbage` and `pause` do the work first: the money moves and the caller does not know.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from random import Random
from time import time
from typing import Any

from omise_sandbox.rules.charge_states import FAILURES
from omise_sandbox.rules.errors import CODES, ApiError

#: Action on a call → its effect.
ACTIONS = {
    "drop_before": "the connection is cut before any work is done",
    "drop_after": "the work is done and stored, then the connection is cut",
    "status": "an error with this status, code and message; no work is done",
    "delay": "the response comes seconds later",
    "garbage": "the work is done and stored; the response is not JSON",
    "pause": "the work is done and stored, and webhooks leave; the response waits for its release",
    "decline": "only of `/charges`: the charge is made and declined, `code` is its failure code",
}
DECLINED_AS = "insufficient_fund"

#: Action on a webhook → its effect.
WEBHOOK_ACTIONS = {
    "drop": "never sent, and not retried",
    "duplicate": "sent twice",
    "delay": "sent seconds later, on the clock of the world",
    "reorder": "sent after the next one, or after seconds (default 60)",
    "wrong_signature": "signed with another secret",
    "pause": "sent when it is released",
}

#: Every event; each can have a webhook.
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
    "dispute.create",
    "dispute.update",
    "dispute.accept",
    "dispute.close",
)

#: Status → the default code of the error.
CODE_FOR = {429: "too_many_requests", 500: "internal_error", 503: "service_unavailable"}


@dataclass(slots=True)
class Fault:
    """One fault; with `times` None it never runs out."""

    id: str
    do: str
    method: str | None = None
    path: str | None = None
    #: The event of the webhooks it applies to; then it has no path.
    webhook: str | None = None
    status: int = 503
    seconds: float = 0.0
    times: int | None = 1
    probability: float = 1.0
    code: str | None = None
    message: str | None = None
    fired: int = 0
    #: Seconds since 1970 on the machine's clock, after which it no longer fires.
    ends_at: float | None = None

    @property
    def remaining(self) -> int | None:
        """How often it will still fire; None when it never runs out."""
        if self.ends_at is not None and time() >= self.ends_at:
            return 0
        return None if self.times is None else max(0, self.times - self.fired)

    @property
    def error(self) -> ApiError:
        """The error of a `status` fault."""
        code = self.code or CODE_FOR.get(self.status, "internal_error")
        usual = CODES[code].message if code in CODES else "requested by a fault"
        return ApiError(code, self.message or usual, self.status)

    def matches(self, method: str, path: str, pattern: str) -> bool:
        """Whether it applies to a call: by its path, by the path of its route, or by wildcard."""
        if self.path is None or self.remaining == 0 or self.method not in (None, method):
            return False
        return self.path in (path, pattern) or fnmatchcase(path, self.path)

    def matches_webhook(self, key: str) -> bool:
        """Whether it applies to webhooks of this event."""
        return self.webhook is not None and self.remaining != 0 and fnmatchcase(key, self.webhook)

    def to_json(self) -> dict[str, Any]:
        """The fault with its counts of firing."""
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

    def add(self, params: Mapping[str, object]) -> Fault:
        """Add a fault. Raises `ApiError` for an invalid one."""
        self._number += 1
        read = read_fault(params)
        lasts = read.pop("lasts", None)
        ends_at = None if lasts is None else time() + lasts
        fault = Fault(id=f"fault_{self._number}", **read, ends_at=ends_at)
        self._faults.append(fault)
        return fault

    def restore(self, states: list[dict[str, Any]]) -> None:
        """Restore faults from the journal."""
        for state in states:
            fault = Fault(**{name: state[name] for name in Fault.__slots__ if name in state})
            self._faults.append(fault)
            self._number = max(self._number, int(fault.id.rpartition("_")[2]))

    def remove(self, fault_id: str) -> Fault | None:
        """Remove one fault."""
        found = next((fault for fault in self._faults if fault.id == fault_id), None)
        if found:
            self._faults.remove(found)
        return found

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def match(self, method: str, path: str, pattern: str) -> Fault | None:
        """The first fault that applies to this call, counted as fired; None if there is none."""
        return self._first(fault for fault in self._faults if fault.matches(method, path, pattern))

    def match_webhook(self, key: str) -> Fault | None:
        """The first fault that applies to a webhook, counted as fired; None if there is none."""
        return self._first(fault for fault in self._faults if fault.matches_webhook(key))

    def _first(self, meant: Iterator[Fault]) -> Fault | None:
        for fault in meant:
            if self._random() < fault.probability:
                fault.fired += 1
                return fault
        return None


def read_fault(params: Mapping[str, object]) -> dict[str, Any]:
    """The validated fields of a fault. Raises `ApiError` naming the first invalid one."""
    read = {}
    for name, value in params.items():
        if name not in CHECKS:
            raise ApiError("bad_request", f"{name} is not part of a fault; use {', '.join(CHECKS)}")
        try:
            read[name] = CHECKS[name](value)
        except (ValueError, TypeError) as error:
            raise ApiError("bad_request", f"{name}: {error}") from error
    if ("path" in read) == ("webhook" in read):
        raise ApiError("bad_request", "path or webhook: a fault needs one of them")
    actions = ACTIONS if "path" in read else WEBHOOK_ACTIONS
    if read.get("do") not in actions:
        raise ApiError("bad_request", f"do: choose one of {', '.join(actions)}")
    if read["do"] == "decline":
        _check_decline(read)
    return read


def _check_decline(read: dict[str, Any]) -> None:
    if read["path"] != "/charges":
        raise ApiError("bad_request", "path: only /charges can be declined")
    read["method"] = "POST"
    code = read.setdefault("code", DECLINED_AS)
    if code not in FAILURES:
        raise ApiError("bad_request", f"code: choose one of {', '.join(FAILURES)}")


def _webhook(value: object) -> str:
    if not any(fnmatchcase(key, str(value)) for key in EVENTS):
        raise ValueError("give an event such as charge.complete, or charge.*")
    return str(value)


def _path(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("/"):
        raise ValueError("give a path such as /charges or /charges/*/capture")
    return value.rstrip("/") or "/"


def _between(low: float, high: float, kind: type[int] | type[float]) -> Callable[[object], Any]:
    def check(value: object) -> float:
        number = kind(str(value))
        if not low <= number <= high:
            raise ValueError(f"choose between {low} and {high}")
        return number

    return check


def _optional(check: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else check(value)


CHECKS: dict[str, Callable[[object], Any]] = {
    "method": _optional(lambda value: str(value).upper()),
    "path": _path,
    "webhook": _webhook,
    "do": str,
    "status": _between(400, 599, int),
    "seconds": _between(0, 300, float),
    "lasts": _optional(_between(0, 86_400, float)),
    "times": _optional(_between(1, 1_000_000, int)),
    "probability": _between(0, 1, float),
    "code": _optional(str),
    "message": _optional(str),
}
