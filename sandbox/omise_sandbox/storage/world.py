"""A world: one merchant's account at the sandbox, with everything that belongs to it.

Worlds share nothing, so tests that run side by side, and a person, can use one process.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from omise_sandbox.rules.dialects import DIALECTS, Dialect
from omise_sandbox.rules.errors import Refusal
from omise_sandbox.simulation.faults import Faults
from omise_sandbox.simulation.held_responses import Holds
from omise_sandbox.simulation.request_log import Traffic
from omise_sandbox.storage.clock import Clock
from omise_sandbox.storage.codec import NAMES, pack
from omise_sandbox.storage.ids import Ids
from omise_sandbox.storage.journal import Journal, Version
from omise_sandbox.storage.records import Charge, Delivery, Event, Record
from omise_sandbox.storage.settings import Settings
from omise_sandbox.storage.store import Ledger


class Keys(NamedTuple):
    """The pair of keys that opens a world."""

    public: str
    secret: str

    @property
    def livemode(self) -> bool:
        """Live keys have no ``test`` in them."""
        return "_test_" not in self.secret

    def checked(self) -> "Keys":
        """The same keys. Raises `Refusal` when they are no pair."""
        for key, kind in ((self.public, "pkey"), (self.secret, "skey")):
            if not re.fullmatch(rf"{kind}_(test_)?[0-9a-zA-Z]+", key):
                raise Refusal("bad_request", f"a key such as {kind}_test_… is needed")
        if ("_test_" in self.public) != self.livemode:
            return self
        raise Refusal("bad_request", "one key is for test, the other for live")


class World:
    """One account: keys, settings, clock, faults, traffic and the ledger of its objects."""

    def __init__(self, number: int, keys: Keys, settings: Settings, journal: Journal) -> None:
        self.number = number
        self.keys = keys
        #: Whether objects say that they are for real.
        self.livemode = keys.livemode
        self.initial = self.settings = settings
        self.is_default = False
        self.journal = journal
        self.clock = Clock()
        self.created_at = self.now()
        self._start()

    def _start(self) -> None:
        self.ledger = Ledger()
        self.traffic = Traffic()
        self.faults = Faults(self.settings.seed)
        self.ids = Ids(self.settings.seed, livemode=self.livemode)
        #: Deliveries to send as soon as the answer of the request has left.
        self.outbox: list[str] = []
        #: Those of them that no fault may meet, since one has already.
        self.exempt: set[str] = set()
        self.holds = Holds()

    @property
    def dialect(self) -> Dialect:
        """How this world answers where the brief and the recordings differ."""
        return DIALECTS[self.settings.dialect]

    def now(self) -> int:
        """Whole seconds since 1970, UTC, on this world's clock."""
        return int(self.clock.now())

    def new_id(self, prefix: str) -> str:
        """A new id of this world."""
        return self.ids.new(prefix, self.clock.now())

    def save(self, record: Record, event: str | None = None) -> None:
        """Keep a version of an object; with a key, also the event that it caused."""
        self.ledger.put(record)
        if event is None:
            self._journal(record)
            return
        happened = Event(self.new_id("evnt"), self.now(), event, record)
        self._journal(record, happened)
        self.ledger.put_event(happened)
        self._announce(happened)

    def _journal(self, record: Record, event: Event | None = None) -> None:
        if not self.journal.keeps:
            return
        caused = (event.id, event.key, event.created_at) if event else (None, None, None)
        self.journal.write(Version(self.number, NAMES[type(record)], pack(record), *caused))

    def _announce(self, event: Event) -> None:
        for uri in self._listeners(event):
            delivery = Delivery(self.new_id("whdl"), event.created_at, event.id, uri, self.now())
            self.save(delivery)
            self.outbox.append(delivery.id)

    def _listeners(self, event: Event) -> list[str]:
        listeners = [self.settings.webhook_url] if self.settings.webhook_url else []
        if isinstance(event.data, Charge):
            listeners.extend(event.data.webhook_endpoints)
        return listeners

    def use_keys(self, keys: Keys) -> None:
        """Answer to other keys from now on; ids are live or test as the keys are."""
        if keys.livemode != self.livemode:
            self.ids = Ids(self.settings.seed, livemode=keys.livemode)
        self.keys, self.livemode = keys, keys.livemode

    def change(self, wishes: Mapping[str, object]) -> None:
        """Change settings. Raises `Refusal` for an unknown or bad one."""
        before, self.settings = self.settings, self.settings.changed(wishes)
        if self.settings.seed != before.seed:
            self.ids.reseed(self.settings.seed)
        self.remember()

    def remember(self) -> None:
        """Journal what is not an object: keys, settings, clock and faults."""
        self.journal.write_world(self.number, self.to_json())

    def to_json(self) -> dict[str, Any]:
        """Everything but the objects."""
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
        """The world that a journal remembers, still without its objects."""
        world = cls(number, Keys(*state["keys"]), Settings(**state["settings"]), journal)
        world.initial = Settings(**state["initial"])
        world.is_default = state["default"]
        world.created_at = state.get("created_at", world.created_at)
        world.clock = Clock(state["offset"], state["frozen_at"])
        world.faults.restore(state["faults"])
        return world

    def reset(self, number: int) -> Ledger:
        """Forget objects, faults, traffic and changed settings; keep the keys.

        The world gets a new number, so that what the journal holds of it is void at once. The old
        ledger is returned, to be thrown away slowly.
        """
        old, holds = self.ledger, self.holds
        self.journal.write_world(self.number, None)
        self.number, self.settings, self.clock = number, self.initial, Clock()
        self._start()
        self.remember()
        holds.release_all()
        return old
