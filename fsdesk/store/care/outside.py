"""Databases that nobody has opened, a copy or a closed workspace's, read as they lie.

They may be of any schema and may be damaged, so SQLite alone reads them.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.findings import FsdeskError, WorkspaceError, workspace_error
from fsdesk.store.audit import Change, Line, LogLine, append_to
from fsdesk.store.care import raw
from fsdesk.store.care.integrity import problems_of
from fsdesk.store.faults import driver_errors, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Mapping
    from pathlib import Path

_CHANGE = "at, who, action, subject, before, after, packet"
_NAMES = {
    "unit": "SELECT code, name FROM unit",
    "item": (
        "SELECT code, name FROM indicator UNION ALL SELECT code, title FROM task"
        " UNION ALL SELECT code, title FROM deliverable"
    ),
    "measure": "SELECT code, measure_unit FROM indicator",
    "ledger": "SELECT code, title FROM ledger",
}


class Inside(Struct, frozen=True):
    """What a database says of itself.

    Attributes:
        id: Id of its workspace.
        role: ``office`` or ``unit``.
        unit: Code of its unit.
        unit_name: How its plan names that unit; empty when it has no plan.
        schema: Number of the last step of the schema.
        newest: When the newest line of its change log was written, ISO text in UTC; empty when
            there is none.
    """

    id: str
    role: str
    unit: str
    unit_name: str
    year: int
    schema: str
    newest: str


class Apart(Struct, frozen=True):
    """How two change logs differ after their last common line, each newest first."""

    lacking: tuple[Change, ...]
    extra: tuple[Change, ...]


def is_foreign(database: sqlite3.Connection) -> bool:
    """Tell whether a database holds something, and not under a number of this program's schema."""
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables:
        return False
    version = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if database.execute(version).fetchone() is None:
        return True
    return database.execute("SELECT version_num FROM alembic_version").fetchone() is None


def look_inside(file: Path) -> Inside:
    """Return what a database says of itself; WorkspaceError when it is no workspace's."""
    with _reading(file) as database:
        whose = database.execute("SELECT id, role, unit, year FROM workspace").fetchone()
        if whose is None:
            raise _unreadable(file)
        id_, role, unit, year = whose
        return Inside(
            id_,
            role,
            unit,
            _word(database, "SELECT name FROM unit WHERE year = ? AND code = ?", year, unit),
            int(year),
            _word(database, "SELECT version_num FROM alembic_version"),
            _word(database, "SELECT at FROM change ORDER BY id DESC LIMIT 1"),
        )


def _word(database: sqlite3.Connection, query: str, *values: object) -> str:
    row = database.execute(query, values).fetchone()
    return str(row[0]) if row else ""


def compare_logs(present: Path, copy: Path) -> Apart:
    """Return what a copy's change log lacks beside the present one, and what only it has.

    Each line holds the digest of the one before, so equal digests mean that all is equal up to
    there. WorkspaceError when one of them can't be read.
    """
    numbered = "SELECT id, digest FROM change"
    with _reading(present) as one, _reading(copy) as other:
        digests = dict(other.execute(numbered).fetchall())
        common = max(
            (number for number, digest in one.execute(numbered) if digests.get(number) == digest),
            default=0,
        )
        return Apart(_after(one, common), _after(other, common))


def newest_line(file: Path) -> Line | None:
    """Return the newest line of a change log, by which its state is known; None without one.

    WorkspaceError when it can't be read.
    """
    with _reading(file) as database:
        newest = "SELECT id, digest FROM change ORDER BY id DESC LIMIT 1"
        row = database.execute(newest).fetchone()
        return Line(*row) if row else None


def names_in(file: Path) -> dict[str, Mapping[str, str]]:
    """Return names by code of units, plan items, measure units and ledgers, as far as readable."""
    names: dict[str, Mapping[str, str]] = {kind: {} for kind in _NAMES}
    for kind, query in _NAMES.items():
        with suppress(WorkspaceError), _reading(file) as database:
            names[kind] = dict(database.execute(query).fetchall())
    return names


def setting_in(file: Path, name: str) -> dict[str, Any]:
    """Return a setting; empty when it was never stored, or can't be read."""
    with suppress(WorkspaceError), _reading(file) as database:
        row = database.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else {}
    return {}


class NewSetting(Struct, frozen=True):
    """A setting that a copy gets, and who sets it when; its change log tells of it."""

    name: str
    values: Mapping[str, object]
    at: str
    who: str


def copy_whole(
    source: Path, target: Path, key: bytes | None = None, setting: NewSetting | None = None
) -> None:
    """Copy a database, with what SQLite keeps beside it, into one new file.

    `key`: by which the new one is read; without one it is not encrypted.
    `setting`: what the new one shall hold besides.
    WorkspaceError when it can't be read or written, or is not whole.
    """
    try:
        with told(str(target), "写入"), raw.exported(source, target, key) as new:
            if setting is not None:
                _add(new, setting)
    except (*driver_errors(), ValueError, TypeError) as fault:
        raise _unreadable(source) from fault
    if problems_of(target):
        raise _unreadable(source)


def _add(database: sqlite3.Connection, setting: NewSetting) -> None:
    with database:
        row = database.execute("SELECT value FROM setting WHERE name = ?", (setting.name,))
        before = row.fetchone()
        value = json.dumps(setting.values, ensure_ascii=False)
        command = "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)"
        database.execute(command, (setting.name, value))
        was = json.loads(before[0]) if before else None
        line = LogLine("settings", setting.name, was, setting.values)
        append_to(database, setting.at, setting.who, line)


@contextmanager
def _reading(file: Path) -> Generator[sqlite3.Connection]:
    """Open a database only to read it; WorkspaceError for whatever is wrong with it."""
    live = file.with_name(f"{file.name}{raw.WRITTEN_LAST}").exists()
    try:
        with told(str(file), "读取"), raw.opened(file, finished=not live) as connection:
            yield connection
    except (*driver_errors(), ValueError, TypeError) as fault:
        # No fault of the disk: tables that are missing, text where a number should be.
        raise _unreadable(file) from fault


def _after(database: sqlite3.Connection, line: int) -> tuple[Change, ...]:
    query = f"SELECT {_CHANGE} FROM change WHERE id > ? ORDER BY id DESC"  # noqa: S608 - constant
    return tuple(Change(*row) for row in database.execute(query, (line,)))


def _unreadable(file: Path) -> FsdeskError:
    return workspace_error(
        f"“{file.name}”不是本程序的数据库，或已损坏", "请保留这个文件，选择另一份副本"
    )
