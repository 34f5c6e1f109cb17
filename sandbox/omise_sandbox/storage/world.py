"""A world: an isolated merchant account of the sandbox, with everything that belongs to it.

Worlds share nothing, so parallel tests and a developer can use one process.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from omise_sandbox.rules.dialects import DIALECTS, Dialect
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.simulation.faults import Faults
from omise_sandbox.simulation.held_responses import HeldResponses
from omise_sandbox.simulation.request_log import RequestLog
from omise_sandbox.storage.clock import Clock
from omise_sandbox.storage.codec import NAMES, pack
from omise_sandbox.storage.ids import Ids
from omise_sandbox.storage.journal import Journal, Version
from omise_sandbox.storage.records import Charge, Delivery, Event, Record
from omise_sandbox.storage.settings import Settings
from omise_sandbox.storage.store import Store


class Keys(NamedTuple):
    """The pair of keys of a world."""

    public: str
    secret: str

    @property
    def livemode(self) -> bool:
        """Live keys contain no ``test``."""
        return "_test_" not in self.secret

    def validated(self) -> "Keys":
        """The same keys. Raises `ApiError` when they are not a pair."""
        for key, kind in ((self.public, "pkey"), (self.secret, "skey")):
            if not re.fullmatch(rf"{kind}_(test_)?[0-9a-zA-Z]+", key):
                raise ApiError("bad_request", f"keys have the form {kind}_test_… or {kind}_…")
        if ("_test_" in self.public) != self.livemode:
            return self
        raise ApiError("bad_request", "one key is a test key, the other a live key")


class World:
    """One account: keys, settings, clock, faults, request log and the store of its objects."""

    def __init__(self, number: int, keys: Keys, settings: Settings, journal: Journal) -> None:
        self.number = number
        self.keys = keys
        #: The `livemode` of its objects.
        self.livemode = keys.livemode
        self.initial = self.settings = settings
        self.is_default = False
        self.journal = journal
        self.clock = Clock()
        #: The number that `now` gave last: the records of one second share it.
        self._second = 0
        self.created_at = self.now()
        self._start()

    def _start(self) -> None:
        self.store = Store()
        self.request_log = RequestLog()
        self.faults = Faults(self.settings.seed)
        self.ids = Ids(self.settings.seed, livemode=self.livemode)
        #: Deliveries to send once the request is answered.
        self.outbox: list[str] = []
        #: Deliveries that a fault has already applied to; no other fault does.
        self.bypass_faults: set[str] = set()
        self.holds = HeldResponses()

    @property
    def dialect(self) -> Dialect:
        """The dialect of this world."""
        return DIALECTS[self.settings.dialect]

    def now(self) -> int:
        """Whole seconds since 1970, UTC, on this world's clock."""
        now = int(self.clock.now())
        if now != self._second:
            self._second = now
        return self._second

    def new_id(self, prefix: str) -> str:
        """A new id of this world."""
        return self.ids.new(prefix, self.clock.now())

    def save(self, record: Record, event: str | None = None) -> None:
        """Store a version of an object; with a key, also the event that it caused."""
        self.store.put(record)
        if event is None:
            self._journal(record)
            return
        happened = Event(self.new_id("evnt"), self.now(), event, record)
        self._journal(record, happened)
        self.store.put_event(happened)
        self.queue_webhooks(happened)

    def _journal(self, record: Record, event: Event | None = None) -> None:
        if not self.journal.persistent:
            return
        caused = (event.id, event.key, event.created_at) if event else (None, None, None)
        self.journal.write(Version(self.number, NAMES[type(record)], pack(record), *caused))

    def queue_webhooks(self, event: Event) -> bool:
        """Queue a delivery to each endpoint of the event; false when there is none."""
        endpoints = self._endpoints(event)
        for uri in endpoints:
            delivery = Delivery(self.new_id("whdl"), event.created_at, event.id, uri, self.now())
            self.save(delivery)
            self.outbox.append(delivery.id)
        return bool(endpoints)

    def _endpoints(self, event: Event) -> list[str]:
        endpoints = [self.settings.webhook_url] if self.settings.webhook_url else []
        if isinstance(event.data, Charge):
            endpoints.extend(event.data.webhook_endpoints)
        return endpoints

    def set_keys(self, keys: Keys) -> None:
        """Change the keys; new ids are live or test as the keys are."""
        if keys.livemode != self.livemode:
            self.ids = Ids(self.settings.seed, livemode=keys.livemode)
        self.keys, self.livemode = keys, keys.livemode

    def update_settings(self, params: Mapping[str, object]) -> None:
        """Change settings. Raises `ApiError` for an unknown or invalid one."""
        before, self.settings = self.settings, self.settings.with_changes(params)
        if self.settings.seed != before.seed:
            self.ids.reseed(self.settings.seed)
        self.persist()

    def persist(self) -> None:
        """Journal everything except objects: keys, settings, clock and faults."""
        self.journal.write_world(self.number, self.to_json())

    def to_json(self) -> dict[str, Any]:
        """Everything except the objects."""
        return {
            "default": self.is_default,
            "created_at": self.created_at,
            "keys": list(self.keys),
            "settings": self.settings.to_json(),
            "initial": self.initial.to_json(),
            "offset": self.clock.offset,
            "frozen_at": self.clock.frozen_at,
            "faults": [fault.to_json() for fault in self.faults],
        }

    @classmethod
    def from_json(cls, number: int, state: dict[str, Any], journal: Journal) -> "World":
        """A world from the journal, without its objects yet."""
        world = cls(number, Keys(*state["keys"]), Settings(**state["settings"]), journal)
        world.initial = Settings(**state["initial"])
        world.is_default = state["default"]
        world.created_at = state.get("created_at", world.created_at)
        world.clock = Clock(state["offset"], state["frozen_at"])
        world.faults.restore(state["faults"])
        return world

    def reset(self, number: int) -> Store:
        """Clear objects, faults, request log and changed settings; keep the keys.

        The world gets a new number, which invalidates its rows in the journal at once. Returns the
        old store, for disposal in batches.
        """
        old, holds = self.store, self.holds
        self.journal.write_world(self.number, None)
        self.number, self.settings, self.clock = number, self.initial, Clock()
        self._start()
        self.persist()
        holds.release_all()
        return old
