"""A workspace's rows from a schema on a server into a SQLite file and back, as they are.

Both hold the same tables, since the same steps made them; so a backup is one file whichever it
comes from, and the change log's chain holds in both.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import MetaData, create_engine, func, insert, inspect, select, text

from fsdesk.domain.findings import workspace_error
from fsdesk.store import migrate
from fsdesk.store.care import raw
from fsdesk.store.care.outside import Inside
from fsdesk.store.engine import make_engine, sqlite_url
from fsdesk.store.faults import told

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Table

    from fsdesk.store.server.address import ServerAddress

_ROWS = 500
# What a workspace in a file keeps in its folder, and the number of the newest step.
_APART = frozenset({"kept_part", "kept_key", "alembic_version"})


def into_file(source: Engine, file: Path) -> None:
    """Write the rows of a workspace on a server, as of one moment, into a new SQLite file.

    WorkspaceError when the server can't be reached or the file can't be written.
    """
    _check_present(source)
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


def _check_present(source: Engine) -> None:
    """Refuse a schema whose tables are other ones; WorkspaceError."""
    version = migrate.schema_version(source)
    if not version:
        raise workspace_error("服务器上的这个模式里没有工作区", "请核对地址中的 schema")
    migrate.check_readable(version)
    if version != migrate.HEAD:
        raise workspace_error(
            "服务器上的工作区由较早版本的程序建立，还没有升级", "请先打开一次，让程序升级"
        )


def look_inside(there: ServerAddress) -> Inside | None:
    """Return what a workspace on a server says of itself; None where there is none.

    WorkspaceError when the server can't be reached.
    """
    engine = make_engine(there.text)
    try:
        with engine.connect() as connection:
            whose = connection.execute(text("SELECT id, role, unit, year FROM workspace")).first()
            if whose is None:
                return None
            id_, role, unit, year = whose
            named = text("SELECT name FROM unit WHERE year = :year AND code = :unit")
            name = connection.execute(named, {"year": year, "unit": unit}).scalar()
            newest = text("SELECT at FROM change ORDER BY id DESC LIMIT 1")
            at = connection.execute(newest).scalar()
        return Inside(id_, role, unit, name or "", year, migrate.schema_version(engine), at or "")
    finally:
        engine.dispose()


def from_file(file: Path, target: Engine) -> None:
    """Write the rows of a SQLite file of the present schema into an empty one on a server.

    WorkspaceError when that is not empty, or the server can't be reached.
    """
    with rows_of(file) as source, target.execution_options(writes=True).begin() as writing:
        if any(_first(writing, table) for table in source.tables):
            raise workspace_error(
                "这个模式里已有数据，不能恢复到其中", "请换一个 schema，核对后再替换"
            )
        source.write(writing)


class Rows(Struct, frozen=True):
    """The rows of a SQLite file.

    Attributes:
        tables: Those that hold them, parents first.
    """

    connection: Connection
    tables: list[Table]

    def write(self, target: Connection) -> None:
        """Write them into the empty tables of a schema on a server."""
        _copy(self.connection, target, self.tables)
        for table in self.tables:
            go_on_counting(target, table)


@contextmanager
def rows_of(file: Path) -> Generator[Rows]:
    """Give the rows of a SQLite file of the present schema."""
    engine = create_engine(sqlite_url(file))
    try:
        with engine.connect() as reading:
            yield Rows(reading, _tables(reading))
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


def go_on_counting(connection: Connection, table: Table) -> None:
    """Let numbers that PostgreSQL draws go on behind those that came in, and never go back."""
    (column, *others) = table.primary_key.columns
    if others:
        return
    named = f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'
    sequence = connection.execute(select(func.pg_get_serial_sequence(named, column.name))).scalar()
    newest = connection.execute(select(func.max(column))).scalar() if sequence else None
    if newest is not None:
        drawn = connection.exec_driver_sql(f"SELECT last_value FROM {sequence}").scalar_one()  # noqa: S608 - the server's own name
        connection.execute(select(func.setval(sequence, max(newest, drawn))))
