"""SQLite files read as they lie there, without trust: damaged ones, copies, those of others."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

DATABASE = "fsdesk.db"  # in a workspace's folder
_BUSY_SECONDS = 10


@contextmanager
def opened(file: Path, *, finished: bool = False) -> Generator[sqlite3.Connection]:
    """Open a SQLite file to read and nothing else; what it holds as text is never refused.

    `finished`: nobody writes to it, such as a copy; nothing is put beside it then.
    sqlite3.Error when it can't be opened.
    """
    how = "?mode=ro&immutable=1" if finished else "?mode=ro"
    address = file.resolve().as_uri() + how
    with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)) as connection:
        connection.text_factory = _text
        yield connection


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")
