"""How much a database holds: rows by table, and of which schema it is; nothing of what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.store.care import raw
from fsdesk.store.care.integrity import LABELS

if TYPE_CHECKING:
    from pathlib import Path


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
