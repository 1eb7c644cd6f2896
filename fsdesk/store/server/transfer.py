"""A workspace's rows from a schema on a server into a SQLite file and back, as they are.

Both hold the same tables, since the same steps made them; so a backup is one file whichever it
comes from, and the change log's chain holds in both.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, create_engine, func, insert, inspect, select

from fsdesk.domain.findings import workspace_error
from fsdesk.store import migrate
from fsdesk.store.care import raw
from fsdesk.store.engine import make_engine, sqlite_url
from fsdesk.store.faults import told

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Table

_ROWS = 500
# What a workspace in a file keeps in its folder, and the number of the newest step.
_APART = frozenset({"kept_part", "kept_key", "alembic_version"})


def into_file(source: Engine, file: Path) -> None:
    """Write the rows of a workspace on a server, as of one moment, into a new SQLite file.

    WorkspaceError when the server can't be reached or the file can't be written.
    """
    made = make_engine(sqlite_url(file))
    try:
        migrate.upgrade(made)
        with (
            source.connect() as reading,
            made.execution_options(writes=True).begin() as writing,
        ):
            _copy(reading, writing, _tables(writing))
    finally:
        made.dispose()
    with told(str(file), "写入备份文件"), raw.written(file) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # it is whole without a file beside it


def from_file(file: Path, target: Engine) -> None:
    """Write the rows of a SQLite file of the present schema into an empty one on a server.

    WorkspaceError when that is not empty, or the server can't be reached.
    """
    with _read_only(file) as source, source.connect() as reading:
        tables = _tables(reading)
        with target.execution_options(writes=True).begin() as writing:
            if any(_first(writing, table) for table in tables):
                raise workspace_error(
                    "这个模式里已有数据，不能恢复到其中", "请换一个 schema，核对后再替换"
                )
            _copy(reading, writing, tables)
            for table in tables:
                _go_on_counting(writing, table)


@contextmanager
def _read_only(file: Path) -> Generator[Engine]:
    engine = create_engine(sqlite_url(file))
    try:
        yield engine
    finally:
        engine.dispose()


def _tables(connection: Connection) -> list[Table]:
    """Return the tables of a SQLite database, parents first."""
    found = MetaData()
    names = [name for name in inspect(connection).get_table_names() if name not in _APART]
    found.reflect(connection, only=names)
    return found.sorted_tables


def _copy(source: Connection, target: Connection, tables: list[Table]) -> None:
    for table in tables:
        key = list(table.primary_key.columns)
        rows = source.execution_options(yield_per=_ROWS).execute(select(table).order_by(*key))
        for part in rows.mappings().partitions(_ROWS):
            target.execute(insert(table), [dict(row) for row in part])


def _first(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table).limit(1)).first() is not None


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Let numbers that PostgreSQL draws go on behind those that came in."""
    (column, *others) = table.primary_key.columns
    if others:
        return
    sequence = connection.execute(
        select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
    ).scalar()
    newest = connection.execute(select(func.max(column))).scalar() if sequence else None
    if newest is not None:
        connection.execute(select(func.setval(sequence, newest)))
