"""The automatic copies of a workspace's database: which there are, and what each holds.

A copy is known by what lies in it: how far its change log goes, and when its newest change was
made. Neither its name nor the clock of today says anything of that.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.store import raw
from fsdesk.store.integrity import problems_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FOLDER", "Copy", "CopyKind", "Mark", "copies_of", "mark_of", "problems_of"]

FOLDER = "backups"


class CopyKind(LabelledEnum):
    """What a copy was made for."""

    DAILY = "daily", "自动备份"
    BEFORE = "before", "变动前的备份"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a database has come.

    Attributes:
        position: Id of the newest line of its change log; 0 where there is none to be read.
        at: When that line was written, ISO text in UTC; empty where there is none.
        digest: The line's digest: two databases with the same one hold the same changes.
        packets: How many packets are registered, of which the log does not tell.
    """

    position: int = 0
    at: str = ""
    digest: str = ""
    packets: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the database.

    Attributes:
        size: In bytes.
    """

    file: Path
    kind: CopyKind
    mark: Mark
    size: int

    @property
    def made_at(self) -> str:
        """When the newest change in it was made, ISO text in UTC; empty where it can't be read."""
        return self.mark.at

    @property
    def position(self) -> int:
        """How far its change log goes; 0 where it can't be read."""
        return self.mark.position


def copies_of(folder: Path) -> tuple[Copy, ...]:
    """Return the copies that a workspace's folder holds, by what is in them, the newest first.

    Whether each is sound is another, longer question; see `problems_of`.
    """
    found: list[Copy] = []
    for file in (folder / FOLDER).glob("*.db"):
        kind = CopyKind.DAILY if file.name.startswith(CopyKind.DAILY) else CopyKind.BEFORE
        try:
            found.append(Copy(file, kind, mark_of(file, finished=True), file.stat().st_size))
        except OSError:  # gone meanwhile
            continue
    return tuple(sorted(found, key=_order, reverse=True))


def _order(copy: Copy) -> tuple[int, str, str]:
    return copy.position, copy.made_at, copy.file.name


def mark_of(file: Path, *, finished: bool = False) -> Mark:
    """Return how far a database file has come; nothing where it can't be read.

    `finished`: nobody writes to it, such as a copy.
    """
    try:
        with raw.opened(file, finished=finished) as connection:
            return mark_in(connection)
    except (sqlite3.Error, ValueError):
        return Mark()


def mark_in(connection: sqlite3.Connection) -> Mark:
    """Return how far an open database has come; sqlite3.Error where it can't be read."""
    newest = "SELECT id, at, digest FROM change ORDER BY id DESC LIMIT 1"
    number, at, digest = connection.execute(newest).fetchone() or (0, "", "")
    (packets,) = connection.execute("SELECT count(*) FROM packet").fetchone()
    return Mark(int(number), str(at), str(digest), int(packets))
