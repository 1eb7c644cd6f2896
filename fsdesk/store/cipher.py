"""SQLite with encryption: loaded where a workspace has a password, and only there."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as dbapi2  # it has the same names; it brings no types of its own
    from pathlib import Path
else:
    from sqlcipher3 import dbapi2


class Connection(dbapi2.Connection):
    """A connection that knows by which key it reads; without one it reads as SQLite does."""

    key: bytes | None = None


def connect(name: str, key: bytes | None, *, uri: bool = False, timeout: float = 5) -> Connection:
    """Open a database; dbapi2.Error when it can't be opened."""
    made = dbapi2.connect(name, uri=uri, timeout=timeout, factory=Connection)
    use_key(made, key)
    return made


def use_key(connection: Connection, key: bytes | None) -> None:
    """Let a connection that did nothing yet read by a key of 32 bytes."""
    if key is not None:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.key = key


def export(source: Connection, target: Path, key: bytes | None) -> None:
    """Write what a database holds to a new one that is read by another key, or by none.

    dbapi2.Error when the one can't be read or the other can't be written.
    """
    word = f"x'{key.hex()}'" if key else ""
    source.execute("ATTACH ? AS target KEY ?", (str(target), word))
    source.execute("SELECT sqlcipher_export('target')")
    source.execute("DETACH target")


# What goes wrong is told by exceptions; on the console it would only frighten.
with closing(dbapi2.connect(":memory:")) as _first:
    _first.execute("PRAGMA cipher_log_level=NONE")
