"""The journal: every version of every object, appended to one SQLite file.

Changes are in the file before a call is answered, so a kill loses nothing. All requests that wait
in one turn of the event loop share one commit. Rows are never rewritten; those that a reset leaves
behind are deleted in batches.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

SCHEMA = """
create table if not exists worlds (number integer primary key, state blob not null);
create table if not exists versions (
    number integer primary key, world integer not null, kind text not null, state blob not null,
    event_id text, event_key text, event_at integer
);
"""
#: Rows that compaction deletes at a time, in a few milliseconds.
COMPACT_ROWS = 300


class JournalUnavailable(Exception):
    """The file cannot be opened, is not a journal, or is used by another running sandbox."""


class Version(NamedTuple):
    """One row: a version of an object, and the event that it caused, if any."""

    world: int
    kind: str
    state: bytes
    event_id: str | None = None
    event_key: str | None = None
    event_at: int | None = None


class Journal:
    """Appends versions; `after_commit` and `committed` tell when they are in the file."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; without a path, store nothing. Raises `JournalUnavailable`."""
        self.persistent = path is not None
        self._versions: list[Version] = []
        self._worlds: dict[int, bytes | None] = {}
        self._waiting: list[Callable[[], object]] = []
        self._sql = _connect(path) if path else None

    def write(self, version: Version) -> None:
        """Queue a version; it is in the file once `committed` returns."""
        if self.persistent:
            self._versions.append(version)

    def write_world(self, number: int, state: dict[str, Any] | None) -> None:
        """Queue a world's keys, settings, clock and faults; None deletes the world."""
        if self.persistent:
            self._worlds[number] = None if state is None else orjson.dumps(state)

    def after_commit(self, do: Callable[[], object]) -> None:
        """Call the function once everything queued so far is in the file, in order."""
        if not self._versions and not self._worlds and not self._waiting:
            do()
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._commit_and_notify)
        self._waiting.append(do)

    async def committed(self) -> None:
        """Wait until everything queued so far is in the file."""
        written = asyncio.Event()
        self.after_commit(written.set)
        await written.wait()

    def _commit_and_notify(self) -> None:
        """Commit, then run the callbacks. A failed write ends the sandbox."""
        waiting, self._waiting = self._waiting, []
        try:
            self.commit()
        except sqlite3.Error as error:
            raise SystemExit(f"sandbox: the journal cannot be written: {error}") from error
        for do in waiting:
            do()

    def commit(self) -> None:
        """Write everything queued so far in one transaction."""
        if self._sql is None:
            return
        versions, self._versions = self._versions, []
        worlds, self._worlds = self._worlds, {}
        with self._sql:
            self._sql.execute("begin")
            self._sql.executemany("insert into versions values (null, ?, ?, ?, ?, ?, ?)", versions)
            if worlds:
                self._write_worlds(self._sql, worlds)

    def _write_worlds(self, sql: sqlite3.Connection, worlds: dict[int, bytes | None]) -> None:
        sql.executemany("delete from worlds where number = ?", [(number,) for number in worlds])
        kept = [(number, state) for number, state in worlds.items() if state is not None]
        sql.executemany("insert into worlds values (?, ?)", kept)

    def worlds(self) -> dict[int, dict[str, Any]]:
        """The worlds in the file, by number."""
        rows = self._sql.execute("select number, state from worlds") if self._sql else ()
        return {number: orjson.loads(state) for number, state in rows}

    def versions(self) -> Iterator[Version]:
        """Every version in the file, oldest first."""
        if self._sql:
            columns = "world, kind, state, event_id, event_key, event_at"
            rows = self._sql.execute(f"select {columns} from versions order by number")  # noqa: S608 - constant
            yield from map(Version._make, rows)

    async def compact(self, worlds: set[int]) -> None:
        """Delete all versions of these worlds, in batches so that no request waits."""
        if self._sql is None or not worlds:
            return
        (last,) = self._sql.execute("select coalesce(max(number), 0) from versions").fetchone()
        marks = ", ".join("?" * len(worlds))
        delete = f"delete from versions where number between ? and ? and world in ({marks})"  # noqa: S608 - only question marks
        for first in range(1, last + 1, COMPACT_ROWS):
            with self._sql:
                self._sql.execute(delete, (first, first + COMPACT_ROWS - 1, *worlds))
            await asyncio.sleep(0.005)

    def close(self) -> None:
        """Write what is queued and close the file. What a request still does then is not stored."""
        if self._sql:
            self.commit()
            self._sql.close()
            self._sql = None


def _connect(path: Path) -> sqlite3.Connection:
    """A connection that locks the file for one writer; safe against a kill, not a power cut."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sql = sqlite3.connect(path, timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise JournalUnavailable(f"{path}: {error}") from error
    try:
        sql.execute("pragma locking_mode = exclusive")
        sql.execute("pragma journal_mode = wal")
        sql.execute("pragma synchronous = off")
        sql.executescript(SCHEMA)
        sql.execute("begin immediate")
        sql.execute("commit")
    except sqlite3.DatabaseError as error:
        sql.close()
        raise JournalUnavailable(f"{path}: {error}") from error
    return sql
