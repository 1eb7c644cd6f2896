"""Copies of the database that are whole even while it is in use, and its own checks."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import text

from fsdesk.domain.findings import reject

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def snapshot(engine: Engine, target: Path) -> None:
    """Copy a SQLite database, as of one moment, to a file that does not exist yet.

    Raises:
        InputRejectedError: When the database is not SQLite.
    """
    if engine.dialect.name != "sqlite":
        raise reject("只有本机数据库可以这样备份", "请用数据库服务器自己的备份工具")
    source = sqlite3.connect(str(engine.url.database))
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        source.close()


def put_back(copy: Path, engine: Engine) -> None:
    """Make a SQLite database what it was when the copy was taken."""
    engine.dispose()
    source = sqlite3.connect(copy)
    target = sqlite3.connect(str(engine.url.database))
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()


def damage(engine: Engine) -> list[str]:
    """Return what the database itself finds broken; empty when it is whole."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [line for line in found if line != "ok"] + [str(tuple(row)) for row in orphans]
