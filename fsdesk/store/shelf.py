"""The files of a workspace on a server: in its database, where all desks reach them.

Packets, evidence and the signing key lie there in parts, by the name that they have in the
workspace's folder; the folder holds copies of what this desk wrote or asked for. A new file goes
into the database with the next transaction, which is the one that tells of it.
"""

from __future__ import annotations

import hashlib
import io
from threading import Lock
from typing import IO, TYPE_CHECKING, cast

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete, func, insert, select
from sqlalchemy.orm import Session

from fsdesk import files
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

_PART = 1 << 20
_KEYS, _EVIDENCE, _TEMPLATES = "keys", "attachments", "templates"


# A part of a packet or an evidence file.
_PARTS = Table(
    "kept_part",
    Base.metadata,
    Column("name", String, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
# A signing key; apart, so that only accounts that may sign are let at it.
_KEY_TABLE = Table(
    "kept_key",
    Base.metadata,
    Column("name", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)


class Shelf:
    """The files of one workspace, as one desk reaches them."""

    def __init__(self, folder: Path, engine: Engine, *, is_new: bool = False) -> None:
        """Begin with nothing waiting.

        `is_new`: whether the workspace is being made, and with it its signing key.
        """
        self.is_new = is_new
        self._folder, self._engine = folder, engine
        self._waiting: list[Path] = []
        self._lock = Lock()

    def put_up(self, *, first: bool) -> None:
        """Let the files of the folder be found here.

        `first`: also where others of the same folder are up: who writes there has this one.
        """
        found = _SHELVES.setdefault(self._folder, [])
        found.insert(0 if first else len(found), self)

    def take_down(self) -> None:
        """Let the files of the folder be found where they were before; twice is as good as once."""
        found = _SHELVES.get(self._folder, [])
        if self in found:
            found.remove(self)
        if not found:
            _SHELVES.pop(self._folder, None)

    def note(self, file: Path) -> None:
        """Remember that a file was written in the folder."""
        with self._lock:
            self._waiting.append(file)

    def store(self, session: Session) -> list[Path]:
        """Put what was written into the database, in a transaction; gives what went there.

        A file that is gone again, since what it belonged to failed, is passed over; a template that
        was given up goes there as well.
        """
        with self._lock:
            waiting = list(dict.fromkeys(self._waiting))
        for file in waiting:
            if _changes(self._name(file)):
                session.execute(delete(_PARTS).where(_PARTS.c.name == self._name(file)))
            if file.is_file():
                self._store(session, file)
        return waiting

    def stored(self, done: list[Path]) -> None:
        """Note that the transaction is through in which these went into the database."""
        with self._lock:
            self._waiting = [file for file in self._waiting if file not in done]

    def bring(self, file: Path) -> None:
        """Copy a file from the database into the folder where it isn't there; nothing without one.

        Nor is a key brought for an account that may not sign.
        InputRejectedError when it can't be written.
        """
        if file.exists():
            return
        name = self._name(file)
        if name.startswith(_KEYS) and not self.may_sign():
            return
        with Session(self._engine) as session:
            parts = _content(session, name)
            first = next(parts, None)
            if first is None:
                return
            is_key = name.startswith(_KEYS)
            files.make_folder(file.parent)
            stream = cast("IO[bytes]", io.BufferedReader(_Parts(first, parts)))
            files.save_stream(stream, file, private=is_key)

    def bring_all(self) -> None:
        """Copy all packets and evidence into the folder, and the key where it may be read."""
        with Session(self._engine) as session:
            found = names(session)
            if self.may_sign():
                found |= frozenset(session.scalars(select(_KEY_TABLE.c.name)))
        for name in sorted(found):
            if _changes(name):
                self.renew(self._folder / name)
            else:
                self.bring(self._folder / name)

    def renew(self, file: Path) -> None:
        """Let a template in the folder be what the database holds, or be gone.

        InputRejectedError when it can't be written.
        """
        with Session(self._engine) as session:
            present = content(session, self._name(file))
        if not present:
            files.discard(file)
        elif not file.is_file() or file.read_bytes() != present:
            files.save_bytes(file, present)

    def bring_templates(self) -> None:
        """Let all templates in the folder be what the database holds."""
        with Session(self._engine) as session:
            found = [name for name in sorted(names(session)) if _changes(name)]
        for name in found:
            self.renew(self._folder / name)

    def may_sign(self) -> bool:
        """Tell whether the account is let at the signing key."""
        with Session(self._engine) as session:
            asked = func.has_table_privilege(_KEY_TABLE.name, "SELECT")
            return bool(session.scalar(select(asked)))

    def _store(self, session: Session, file: Path) -> None:
        name = self._name(file)
        if name.startswith(_KEYS):
            put_key_where_missing(session, name, file.read_bytes())
        elif not _is_kept(session, name):
            with files.told("读取", file), file.open("rb") as stream:
                _put(session, name, stream)

    def _name(self, file: Path) -> str:
        return file.relative_to(self._folder).as_posix()


class _Parts(io.RawIOBase):
    """Reads parts one after another."""

    def __init__(self, first: bytes, others: Iterator[bytes]) -> None:
        self._data, self._others = memoryview(first), others

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._data:
            following = next(self._others, None)
            if following is None:
                return 0
            self._data = memoryview(following)
        count = min(len(buffer), len(self._data))
        buffer[:count] = self._data[:count]
        self._data = self._data[count:]
        return count


def _changes(name: str) -> bool:
    """Tell whether another content may come under a file's name."""
    return name.startswith(f"{_TEMPLATES}/")


def _is_kept(session: Session, name: str) -> bool:
    known = select(_PARTS.c.part).where(_PARTS.c.name == name).limit(1)
    return session.scalar(known) is not None


def _put(session: Session, name: str, stream: IO[bytes]) -> None:
    number = 0
    while (data := stream.read(_PART)) or not number:
        session.execute(insert(_PARTS), {"name": name, "part": number, "data": data})
        number += 1


def _content(session: Session, name: str) -> Iterator[bytes]:
    """Yield the parts of a file, one at a time; nothing where it is not there."""
    if name.startswith(_KEYS):
        yield from session.scalars(select(_KEY_TABLE.c.data).where(_KEY_TABLE.c.name == name))
        return
    numbers = select(_PARTS.c.part).where(_PARTS.c.name == name).order_by(_PARTS.c.part)
    for number in session.scalars(numbers).all():
        part = select(_PARTS.c.data).where(_PARTS.c.name == name, _PARTS.c.part == number)
        yield session.scalars(part).one()


def content(session: Session, name: str) -> bytes:
    """Return a file from the database; empty when it isn't there."""
    return b"".join(_content(session, name))


def names(session: Session) -> frozenset[str]:
    """Return the names of all packets, evidence files and templates in the database."""
    return frozenset(session.scalars(select(_PARTS.c.name).where(_PARTS.c.part == 0)))


def damaged(session: Session) -> Iterator[str]:
    """Yield the names of evidence files that are not what they were: the name is the digest."""
    yield from (name for name in sorted(names(session)) if _is_damaged(session, name))


def _is_damaged(session: Session, name: str) -> bool:
    folder, _, digest = name.rpartition("/")
    if folder != _EVIDENCE:
        return False
    total = hashlib.sha256()
    for part in _content(session, name):
        total.update(part)
    return total.hexdigest() != digest


def put_key_where_missing(session: Session, name: str, content: bytes) -> None:
    """Put a signing key into the database that lacks it."""
    if session.scalar(select(_KEY_TABLE.c.name).where(_KEY_TABLE.c.name == name)) is None:
        session.execute(insert(_KEY_TABLE), {"name": name, "data": content})


def put_where_missing(session: Session, name: str, stream: IO[bytes]) -> None:
    """Put a file into the database that lacks it, holds it damaged, or another template."""
    if _is_kept(session, name):
        if not _changes(name) and not _is_damaged(session, name):
            return
        session.execute(delete(_PARTS).where(_PARTS.c.name == name))
    _put(session, name, stream)


_SHELVES: dict[Path, list[Shelf]] = {}


def around(file: Path) -> Shelf | None:
    """Return the shelf of the workspace in whose folder a file lies; None where it has none."""
    if not _SHELVES:
        return None
    return next((_SHELVES[folder][0] for folder in file.parents if folder in _SHELVES), None)
