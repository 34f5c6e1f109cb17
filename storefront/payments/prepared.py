"""Statements that are built and compiled once, and run on the connection of the driver.

SQLAlchemy builds them and knows the types of their values; it is left out while they run, because
that costs several times as much as the driver itself. Listeners to `before_cursor_execute` still
hear of each, and errors of the driver become those of SQLAlchemy, which quote no values.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Table, bindparam, insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Prepared:
    """A statement for all connections; values are given by the names of its parameters."""

    def __init__(self, statement: Any) -> None:  # noqa: ANN401  # a statement of SQLAlchemy Core
        self._statement = statement
        self._compiled: dict[tuple[str, str], _Compiled] = {}

    @classmethod
    def insert(cls, table: Table, names: Iterable[str], *, returns_id: bool = False) -> "Prepared":
        """A statement that inserts a row with these columns, and may return its id."""
        statement = insert(table).values({name: bindparam(name) for name in names})
        return cls(statement.returning(table.c.id) if returns_id else statement)

    def all(self, connection: Connection, values: Values | None = None) -> list[Any]:
        """All rows, as named tuples."""
        compiled = self._for(connection.dialect)
        bound = compiled.bind(values or {})
        rows = execute(connection, compiled.sql, bound, lambda cursor: cursor.fetchall())
        return [compiled.row(row) for row in rows]

    def first(self, connection: Connection, values: Values | None = None) -> Any:  # noqa: ANN401  # a named tuple, or None
        """The first row, or None."""
        return next(iter(self.all(connection, values)), None)

    def run(self, connection: Connection, values: Values | None = None) -> int:
        """Execute: how many rows there were."""
        compiled = self._for(connection.dialect)
        bound = compiled.bind(values or {})
        return int(execute(connection, compiled.sql, bound, lambda cursor: cursor.rowcount))

    def _for(self, dialect: Dialect) -> "_Compiled":
        words = dialect.name, dialect.paramstyle
        found = self._compiled.get(words)
        if found is None:
            found = self._compiled[words] = _Compiled(self._statement, dialect)
        return found


class _Compiled:
    """A statement in the words of one database, with what converts its values."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  # which Core statements compile to
        if any(bind.expanding for bind in compiled.binds.values()):
            raise TypeError("a list of values has no fixed statement; write a parameter for each")
        self.sql = compiled.string
        self._is_positional = compiled.positiontup is not None
        self._fixed = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }
        self._names = compiled.positiontup or ()
        binds = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        self._binds = [(name, convert) for name, convert in binds.items() if convert]
        columns = list(getattr(statement, "exported_columns", ()))
        self._make = _maker([column.key for column in columns])
        results = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        self._results = [(i, convert) for i, convert in enumerate(results) if convert]

    def bind(self, values: Values) -> Any:  # noqa: ANN401  # a list or a dict, as the driver wants
        """The values as the driver takes them."""
        bound = {**self._fixed, **values}
        for name, convert in self._binds:
            bound[name] = convert(bound[name])
        return [bound[name] for name in self._names] if self._is_positional else bound

    def row(self, found: Iterable[Any]) -> Any:  # noqa: ANN401  # a named tuple
        """A row of the driver as a named tuple of Python values."""
        row = list(found)
        for i, convert in self._results:
            row[i] = convert(row[i])
        return self._make(row)


def _maker(names: list[str]) -> Callable[[Iterable[Any]], Any]:
    """What makes a named tuple of a row."""
    kind: Any = namedtuple("Row", names)  # type: ignore[misc]  # mypy wants to know the names
    made: Callable[[Iterable[Any]], Any] = kind._make
    return made


def execute(
    connection: Connection,
    sql: str,
    parameters: Any = (),  # noqa: ANN401  # a sequence or a dict, as the driver wants
    read: Callable[[Any], Any] = lambda _: None,
) -> Any:  # noqa: ANN401
    """Execute a statement in the words of the driver; returns what `read` makes of the cursor.

    Raises:
        DBAPIError: as SQLAlchemy would raise it.
    """
    cursor = connection.connection.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, sql, parameters, None, False)
        cursor.execute(sql, parameters)
        return read(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _translated(connection, sql, error) from error
    finally:
        cursor.close()


def _translated(connection: Connection, sql: str, error: Exception) -> BaseException:
    """The error that SQLAlchemy has for one of the driver; a connection that broke is dropped."""
    dialect = connection.dialect
    is_broken = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if is_broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_broken,
        dialect=dialect,
    )
