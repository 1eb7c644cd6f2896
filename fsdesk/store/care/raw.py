"""SQLite files as they lie there: read without trust, damaged ones and others' too, and copied."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

DATABASE = "fsdesk.db"  # in a workspace's folder
# Beside a database SQLite keeps what was written last, and what those that have it open share.
WRITTEN_LAST, SHARED = "-wal", "-shm"
_BESIDE = (WRITTEN_LAST, SHARED, "-journal")
# What SQLite fails with; where a name in its words is broken, Python can't even read these.
FAULTS = (sqlite3.Error, UnicodeDecodeError)
_BUSY_SECONDS = 10


def beside(name: str) -> tuple[str, ...]:
    """Return the names of what SQLite keeps beside a database, and what would destroy another."""
    return tuple(f"{name}{ending}" for ending in _BESIDE)


@contextmanager
def opened(file: Path, *, finished: bool = False) -> Generator[sqlite3.Connection]:
    """Open a SQLite file to read and nothing else; what it holds as text is never refused.

    `finished`: nobody writes to it, such as a copy; nothing is put beside it then.
    sqlite3.Error when it can't be opened.
    """
    with closing(reader(file, finished=finished)) as connection:
        connection.text_factory = _text
        yield connection


def reader(file: Path, *, finished: bool = False) -> sqlite3.Connection:
    """Return a connection like that of `opened`, but for text: what is no UTF-8 is refused."""
    where = file.resolve().as_uri() + ("?mode=ro&immutable=1" if finished else "?mode=ro")
    return sqlite3.connect(where, uri=True, timeout=_BUSY_SECONDS)


@contextmanager
def written(file: Path) -> Generator[sqlite3.Connection]:
    """Open a SQLite file to change it, or make a new one; sqlite3.Error when it can't be."""
    with closing(sqlite3.connect(file)) as connection:
        yield connection


@contextmanager
def copied(source: sqlite3.Connection, target: Path) -> Generator[sqlite3.Connection]:
    """Copy a database to a new file that needs none beside it, and give it to be added to.

    sqlite3.Error when the one can't be read or the other can't be written.
    """
    with written(target) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        yield copy


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")
