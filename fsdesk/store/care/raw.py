"""SQLite files as they lie there: read without trust, damaged ones and others' too, and copied.

Those of a workspace with a password are read by its key, whatever is asked of them: by which one,
the place of a file tells, and of a copy that lies elsewhere the keys that were opened are tried.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from fsdesk.store import vault
from fsdesk.store.faults import driver_errors

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

DATABASE = "fsdesk.db"  # in a workspace's folder
# Beside a database SQLite keeps what was written last, and what those that have it open share.
WRITTEN_LAST, SHARED = "-wal", "-shm"
_BESIDE = (WRITTEN_LAST, SHARED, "-journal")
READY = ".restoring"  # in a workspace's folder: what is put in its place; see `replacing`
_BUSY_SECONDS = 10
_BEGINNING = b"SQLite format 3\0"  # of every file that is not encrypted


def faults() -> tuple[type[Exception], ...]:
    """Return what SQLite fails with; where a name in its words is broken, Python can't read it."""
    return (*driver_errors(), UnicodeDecodeError)


def beside(name: str) -> tuple[str, ...]:
    """Return the names of what SQLite keeps beside a database, and what would destroy another."""
    return tuple(f"{name}{ending}" for ending in _BESIDE)


@contextmanager
def opened(file: Path, *, finished: bool = False) -> Generator[sqlite3.Connection]:
    """Open a SQLite file to read and nothing else; what it holds as text is never refused.

    `finished`: nobody writes to it, such as a copy; nothing is put beside it then.
    One of `faults` when it can't be opened; WorkspaceError when its password was not given.
    """
    with closing(reader(file, finished=finished)) as connection:
        connection.text_factory = _text
        yield connection


def reader(file: Path, *, finished: bool = False) -> sqlite3.Connection:
    """Return a connection like that of `opened`, but for text: what is no UTF-8 is refused."""
    return _connect(_address(file, finished=finished), key_of(file), uri=True)


@contextmanager
def written(file: Path) -> Generator[sqlite3.Connection]:
    """Open a SQLite file to change it; one of `faults` when it can't be."""
    with closing(_connect(str(file), key_of(file))) as connection:
        yield connection


@contextmanager
def copied(source: sqlite3.Connection, target: Path) -> Generator[sqlite3.Connection]:
    """Copy a database to a new file that needs none beside it, and give it to be added to.

    It is read by the same key. One of `faults` when the one can't be read or the other can't be
    written.
    """
    with closing(_connect(str(target), getattr(source, "key", None))) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        yield copy


@contextmanager
def exported(file: Path, target: Path, key: bytes | None) -> Generator[sqlite3.Connection]:
    """Copy a database file as `copied` does, to one that is read by a key, or by none."""
    live = file.with_name(f"{file.name}-wal").exists()
    own = key_of(file)
    if own == key:
        with opened(file, finished=not live) as source, copied(source, target) as copy:
            yield copy
        return
    from fsdesk.store import cipher

    address = _address(file, finished=not live)
    with closing(cipher.connect(address, own, uri=True, timeout=_BUSY_SECONDS)) as source:
        cipher.export(source, target, key)
    with closing(_connect(str(target), key)) as copy:
        yield copy


def key_of(file: Path) -> bytes | None:
    """Return the key that a SQLite file is read by; None where it is not encrypted.

    WorkspaceError when it lies in a workspace whose password was not given yet.
    """
    own, held = vault.around(file), vault.keys_held()
    if own is None and not held:
        return None
    if _is_in_use(file):  # nobody else may open it: that would take SQLite's locks off
        return own.key if own else None
    if _is_plain(file):
        return None
    keys = ([own.key] if own else []) + [key for key in held if own is None or key != own.key]
    return next((key for key in keys if _fits(file, key)), own.key if own else None)


def _is_in_use(file: Path) -> bool:
    if (file.parent / READY).is_dir():  # what lies there is of two times
        return False
    return file.with_name(f"{file.name}-shm").exists()


def _is_plain(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(len(_BEGINNING)) == _BEGINNING
    except OSError:  # whoever opens it is told
        return False


def _fits(file: Path, key: bytes) -> bool:
    from fsdesk.store import cipher

    try:
        with closing(cipher.connect(_address(file, finished=True), key, uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except faults():
        return False
    return True


def _address(file: Path, *, finished: bool) -> str:
    return file.resolve().as_uri() + ("?mode=ro&immutable=1" if finished else "?mode=ro")


def _connect(name: str, key: bytes | None, *, uri: bool = False) -> sqlite3.Connection:
    if key is None:
        return sqlite3.connect(name, uri=uri, timeout=_BUSY_SECONDS)
    from fsdesk.store import cipher

    return cipher.connect(name, key, uri=uri, timeout=_BUSY_SECONDS)


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")
