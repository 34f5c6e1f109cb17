"""All worlds of the process: found by key, created, reset, and loaded from the journal."""

import asyncio
import gc
import secrets
from collections.abc import Iterator, Mapping
from sys import intern
from typing import Any

from omise_sandbox.rules.errors import ApiError
from omise_sandbox.storage.clock import Disposable
from omise_sandbox.storage.codec import unpack
from omise_sandbox.storage.ids import DIGITS
from omise_sandbox.storage.journal import Journal
from omise_sandbox.storage.records import Event
from omise_sandbox.storage.settings import Settings
from omise_sandbox.storage.world import Keys, World

DEFAULT_KEYS = Keys("pkey_test_sandbox000000000000", "skey_test_sandbox000000000000")
#: Settings that a new world inherits from the default one; it has no webhook URL of its own.
INHERITED = ("dialect", "three_ds", "currency", "country")
#: Objects disposed of at a time after a reset.
DISCARD_BATCH = 300

PUBLIC, SECRET = "public", "secret"


class Worlds:
    """Every world, by each of its keys; one is the default."""

    def __init__(
        self,
        journal: Journal,
        keys: Mapping[str, str],
        params: Mapping[str, Any],
        *,
        keep_clock: bool = False,
    ) -> None:
        """Load the journal; the keys and settings given here override it.

        Every clock returns to real time, unless `keep_clock` is set. Raises `ApiError` for an
        invalid key or setting.
        """
        self.journal = journal
        self._keep_clock = keep_clock
        self._by_number: dict[int, World] = {}
        self._by_key: dict[str, tuple[World, str]] = {}
        self._obsolete: set[int] = set()
        self._garbage: list[Disposable] = []
        self._last_number = 0
        self._load()
        self.default = self._default(keys, params)

    def __iter__(self) -> Iterator[World]:
        return iter(list(self._by_number.values()))

    def find(self, key: str | None) -> tuple[World, str] | None:
        """The world of the key, and whether the key is its public or its secret one."""
        return self._by_key.get(key) if key else None

    def create(self, params: Mapping[str, Any]) -> World:
        """A new world with its own keys. `livemode` true gives live ones."""
        settings = dict(params)
        mode = "" if settings.pop("livemode", False) in (True, "true") else "test_"
        keys = Keys(f"pkey_{mode}{_random_tail()}", f"skey_{mode}{_random_tail()}")
        inherited = {name: getattr(self.default.settings, name) for name in INHERITED}
        world = World(
            self._next_number(), keys, Settings(**inherited).with_changes(settings), self.journal
        )
        return self._add(world)

    def change_keys(self, world: World, public: str | None, secret: str | None) -> None:
        """Change the keys of the world. Raises `ApiError` when another world has one of them."""
        keys = Keys(public or world.keys.public, secret or world.keys.secret).validated()
        for key in keys:
            if self._by_key.get(key, (world, ""))[0] is not world:
                raise ApiError("bad_request", "another world has this key")
        for key in world.keys:
            del self._by_key[key]
        world.set_keys(keys)
        self._add(world)

    def reset(self, world: World) -> None:
        """Reset the world; its old contents are disposed of in the background."""
        del self._by_number[world.number]
        self._obsolete.add(world.number)
        self._garbage += world.reset(self._next_number()).disposables()
        self._by_number[world.number] = world

    def remove(self, world: World) -> None:
        """Delete a world. Raises `ApiError` for the default one."""
        if world is self.default:
            raise ApiError("bad_request", "the default world can only be reset")
        self.reset(world)
        self.journal.write_world(world.number, None)
        del self._by_number[world.number]
        for key in world.keys:
            del self._by_key[key]

    @property
    def needs_compaction(self) -> bool:
        """Whether a reset left something to dispose of."""
        return bool(self._garbage or self._obsolete)

    async def compact(self) -> None:
        """Dispose of what resets left behind, in memory and on disk, without delaying requests."""
        while self._garbage:
            await asyncio.sleep(0.002)
            container, remove_one = self._garbage[-1]
            for _ in range(min(DISCARD_BATCH, len(container))):
                remove_one()
            if not container:
                self._garbage.pop()
        obsolete, self._obsolete = self._obsolete, set()
        await self.journal.compact(obsolete)

    def _add(self, world: World) -> World:
        self._by_number[world.number] = world
        self._by_key[world.keys.public] = (world, PUBLIC)
        self._by_key[world.keys.secret] = (world, SECRET)
        world.persist()
        return world

    def _next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _default(self, keys: Mapping[str, str], params: Mapping[str, Any]) -> World:
        world = next((world for world in self if world.is_default), None)
        if world is None:
            world = World(self._next_number(), DEFAULT_KEYS, Settings(), self.journal)
            world.is_default = True
            self._add(world)
        self.change_keys(world, keys.get("public"), keys.get("secret"))
        world.initial = Settings().with_changes(params)
        world.update_settings(params)
        return world

    def _load(self) -> None:
        gc.disable()  # loading creates no garbage, and collecting takes half the time
        for number, state in self.journal.worlds().items():
            world = World.from_json(number, state, self.journal)
            if not self._keep_clock:
                world.clock.follow_real_time()
            self._add(world)
        self._load_versions()
        self._last_number = max(self._by_number.keys() | self._obsolete, default=0)
        gc.enable()
        gc.freeze()

    def _load_versions(self) -> None:
        newest: dict[int, str] = {}
        for number, kind, state, event_id, event_key, event_at in self.journal.versions():
            world = self._by_number.get(number)
            if world is None:
                self._obsolete.add(number)
                continue
            record = unpack(kind, state, world.store)
            world.store.put(record)
            if event_id and event_key and event_at:
                world.store.put_event(Event(event_id, event_at, intern(event_key), record))
            newest[number] = max(newest.get(number, ""), record.id[-19:], (event_id or "")[-19:])
        for number, tail in newest.items():
            self._by_number[number].ids.continue_after(tail)


def _random_tail() -> str:
    return "".join(secrets.choice(DIGITS) for _ in range(19))
