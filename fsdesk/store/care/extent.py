"""How much a database holds: rows by table, and of which schema it is; nothing of what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select
from sqlalchemy import table as table_named

from fsdesk.store.care import raw
from fsdesk.store.care.integrity import LABELS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def rows_of(file: Path) -> dict[str, int]:
    """Return how many rows each table has, by the table's name, without tables that are missing.

    One of `raw.faults` when the file can't be opened; WorkspaceError when its password was not
    given.
    """
    found: dict[str, int] = {}
    with raw.opened(file) as connection:
        for table in LABELS:
            try:
                (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - our own names
            except raw.faults():
                continue
            found[table] = count
    return found


def rows_in(engine: Engine) -> dict[str, int]:
    """Return how many rows each table of a workspace on a server has; see `rows_of`.

    WorkspaceError when it can't be reached.
    """
    with engine.connect() as connection:
        tables = [table for table in inspect(connection).get_table_names() if table in LABELS]
        counted = [select(func.count()).select_from(table_named(table)) for table in tables]
        return {
            table: connection.execute(count).scalar_one()
            for table, count in zip(tables, counted, strict=True)
        }


def schema_of(file: Path) -> str:
    """Return the schema's number, such as ``0021``; empty when it can't be read.

    It is that of the last step that was taken.
    """
    try:
        with raw.opened(file) as connection:
            (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (*raw.faults(), TypeError):
        return ""
    return str(version) if str(version).isdigit() else ""
