"""Copies of the database that are whole even while it is in use, and its own checks."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import text

from fsdesk.files import discard, move_tree, scratch
from fsdesk.store.care import raw
from fsdesk.store.faults import told

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Engine


def snapshot(engine: Engine, target: Path, shown: Path | None = None) -> None:
    """Copy a SQLite database, as of one moment, to a file; a copy that fails leaves none.

    `target`: where the copy goes.
    `shown`: the file that the user knows, if the copy goes into another one.
    InputRejectedError when the copy can't be written. WorkspaceError when SQLite can't read the one
    or write the other.
    """
    # In a folder of its own, where what SQLite keeps beside a database goes with it.
    with scratch(target) as aside:
        with (
            told(str(shown or target), "写入备份文件"),
            raw.written(Path(str(engine.url.database))) as source,
            raw.copied(source, aside / target.name),
        ):
            pass
        move_tree(aside, target.parent)


def rescue(engine: Engine, target: Path) -> None:
    """Copy what this program still holds open of a database that was replaced, and let go of it.

    What SQLite kept beside it goes, so that it is not taken for the new file's.
    InputRejectedError when the copy can't be written; WorkspaceError when SQLite can't read it.
    """
    with scratch(target) as aside:
        with (
            told(str(target), "写入备份文件"),
            closing(engine.raw_connection()) as pooled,
            raw.copied(cast("sqlite3.Connection", pooled.driver_connection), aside / target.name),
        ):
            pass
        move_tree(aside, target.parent)
    engine.dispose()
    for name in raw.beside(str(engine.url.database)):
        discard(Path(name))


def put_back(copy: Path, engine: Engine) -> None:
    """Make a SQLite database what it was when copied; WorkspaceError when SQLite can't."""
    engine.dispose()
    database = str(engine.url.database)
    with told(database), raw.written(copy) as source, raw.written(Path(database)) as target:
        source.backup(target)


def damage(engine: Engine) -> list[str]:
    """Return what the database itself finds broken; empty when it is whole."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [line for line in found if line != "ok"] + [str(tuple(row)) for row in orphans]
