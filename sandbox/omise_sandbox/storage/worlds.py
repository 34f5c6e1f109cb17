"""All worlds of the process: found by key, made, reset, and brought back from the journal."""

import asyncio
import gc
import secrets
from collections.abc import Iterator, Mapping
from sys import intern
from typing import Any

from omise_sandbox.rules.errors import Refusal
from omise_sandbox.storage.clock import Disposable
from omise_sandbox.storage.codec import unpack
from omise_sandbox.storage.ids import DIGITS
from omise_sandbox.storage.journal import Journal
from omise_sandbox.storage.records import Event
from omise_sandbox.storage.settings import Settings
from omise_sandbox.storage.world import Keys, World

DEFAULT_KEYS = Keys("pkey_test_sandbox000000000000", "skey_test_sandbox000000000000")
#: What a new world takes over from the default one; its own webhook address it has to name.
INHERITED = ("dialect", "three_ds", "currency", "country")
#: How many objects are let go of at a time after a reset.
DISCARD = 300

PUBLIC, SECRET = "public", "secret"


class Worlds:
    """Every world, by each of its keys; one of them is the default."""

    def __init__(
        self, journal: Journal, keys: Mapping[str, str], wishes: Mapping[str, Any]
    ) -> None:
        """Load the journal; keys and settings given here win over what it remembers.

        Raises `Refusal` for a bad key or setting.
        """
        self.journal = journal
        self._by_number: dict[int, World] = {}
        self._by_key: dict[str, tuple[World, str]] = {}
        self._void: set[int] = set()
        self._discarded: list[Disposable] = []
        self._last_number = 0
        self._load()
        self.default = self._default(keys, wishes)

    def __iter__(self) -> Iterator[World]:
        return iter(list(self._by_number.values()))

    def find(self, key: str | None) -> tuple[World, str] | None:
        """The world that the key opens, and whether it is the public or the secret one."""
        return self._by_key.get(key) if key else None

    def create(self, wishes: Mapping[str, Any]) -> World:
        """A fresh world with its own keys. `livemode` true asks for live ones."""
        settings = dict(wishes)
        mode = "" if settings.pop("livemode", False) in (True, "true") else "test_"
        keys = Keys(f"pkey_{mode}{_random_tail()}", f"skey_{mode}{_random_tail()}")
        inherited = {name: getattr(self.default.settings, name) for name in INHERITED}
        world = World(
            self._next_number(), keys, Settings(**inherited).changed(settings), self.journal
        )
        return self._add(world)

    def change_keys(self, world: World, public: str | None, secret: str | None) -> None:
        """Give the world other keys. Raises `Refusal` when another world has one of them."""
        keys = Keys(public or world.keys.public, secret or world.keys.secret).checked()
        for key in keys:
            if self._by_key.get(key, (world, ""))[0] is not world:
                raise Refusal("bad_request", "another world has this key")
        for key in world.keys:
            del self._by_key[key]
        world.use_keys(keys)
        self._add(world)

    def reset(self, world: World) -> None:
        """Bring the world back to its beginning; what it held is thrown away in the background."""
        del self._by_number[world.number]
        self._void.add(world.number)
        self._discarded += world.reset(self._next_number()).contents()
        self._by_number[world.number] = world

    def remove(self, world: World) -> None:
        """Forget a world altogether. Raises `Refusal` for the default one."""
        if world is self.default:
            raise Refusal("bad_request", "the default world can only be reset")
        self.reset(world)
        self.journal.write_world(world.number, None)
        del self._by_number[world.number]
        for key in world.keys:
            del self._by_key[key]

    @property
    def has_rubbish(self) -> bool:
        """Whether a reset left something behind."""
        return bool(self._discarded or self._void)

    async def sweep(self) -> None:
        """Let go of what resets left behind, in memory and on disk, without holding anybody up."""
        while self._discarded:
            await asyncio.sleep(0.002)
            held, take_one = self._discarded[-1]
            for _ in range(min(DISCARD, len(held))):
                take_one()
            if not held:
                self._discarded.pop()
        void, self._void = self._void, set()
        await self.journal.sweep(void)

    def _add(self, world: World) -> World:
        self._by_number[world.number] = world
        self._by_key[world.keys.public] = (world, PUBLIC)
        self._by_key[world.keys.secret] = (world, SECRET)
        world.remember()
        return world

    def _next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _default(self, keys: Mapping[str, str], wishes: Mapping[str, Any]) -> World:
        world = next((world for world in self if world.is_default), None)
        if world is None:
            world = World(self._next_number(), DEFAULT_KEYS, Settings(), self.journal)
            world.is_default = True
            self._add(world)
        self.change_keys(world, keys.get("public"), keys.get("secret"))
        world.initial = Settings().changed(wishes)
        world.change(wishes)
        return world

    def _load(self) -> None:
        gc.disable()  # nothing is garbage while loading, and looking for it takes half the time
        for number, state in self.journal.worlds().items():
            self._add(World.from_json(number, state, self.journal))
        self._load_versions()
        self._last_number = max(self._by_number.keys() | self._void, default=0)
        gc.enable()
        gc.freeze()

    def _load_versions(self) -> None:
        newest: dict[int, str] = {}
        for number, kind, state, event_id, event_key, event_at in self.journal.versions():
            world = self._by_number.get(number)
            if world is None:
                self._void.add(number)
                continue
            record = unpack(kind, state, world.ledger)
            world.ledger.put(record)
            if event_id and event_key and event_at:
                world.ledger.put_event(Event(event_id, event_at, intern(event_key), record))
            newest[number] = max(newest.get(number, ""), record.id[-19:], (event_id or "")[-19:])
        for number, tail in newest.items():
            self._by_number[number].ids.continue_after(tail)


def _random_tail() -> str:
    return "".join(secrets.choice(DIGITS) for _ in range(19))
