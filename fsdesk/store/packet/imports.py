"""Imports that can be undone: what each changed, with the state before and after."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import Column, ForeignKey, Integer, String, Table, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.packet.exchanged import Batch
from fsdesk.store import audit
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.store.session import Session, Writing


class ImportBatchRow(Base):
    """Packets that were taken in one go."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    who: Mapped[str]
    undone_at: Mapped[str]


# What an import changed: the state before and after, as JSON.
_TABLE = Table(
    "import_change",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("batch", Integer, ForeignKey("import_batch.id"), nullable=False, index=True),
    *(Column(each, String, nullable=False) for each in ("subject", "before", "after")),
)
_ADDED = insert(_TABLE)
_STORED, _UNDONE = "batch", "undo"  # in the change log


class ImportChange(Struct, frozen=True):
    """What an import changed.

    Attributes:
        subject: What was changed, e.g. a record's key.
        before: Its state before, as JSON.
        after: Its state after, as JSON.
    """

    subject: str
    before: str
    after: str


def open_batch(writing: Writing) -> int:
    """Begin a batch and return its id."""
    row = ImportBatchRow(at=writing.at, who=writing.author.who, undone_at="")
    writing.session.add(row)
    writing.session.flush()
    return row.id


def save_changes(writing: Writing, batch: int, changes: Iterable[ImportChange]) -> None:
    """Add to what a batch changed."""
    rows = [
        {"batch": batch, "subject": c.subject, "before": c.before, "after": c.after}
        for c in changes
    ]
    if rows:
        writing.session.execute(_ADDED, rows)
        told = {"changes": len(rows), "digest": digest_of(rows)}
        audit.log(writing, _STORED, f"import/{batch}", None, told)


def digest_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of changes, in order, by their columns."""
    digest = hashlib.sha256()
    for row in rows:
        for name in ("subject", "before", "after"):
            digest.update(f"{row[name]}\0".encode())
    return digest.hexdigest()


def last_batch(session: Session) -> Batch | None:
    """Return the newest batch that was not undone, or None."""
    query = select(ImportBatchRow).where(ImportBatchRow.undone_at == "")
    row = session.scalar(query.order_by(ImportBatchRow.id.desc()).limit(1))
    return Batch(row.id, row.at, row.who) if row else None


class FileChanges(Struct, frozen=True):
    """What one file of a batch changed.

    Attributes:
        place: Which of the batch's files it was, from 0.
        packet: Id of its packet; empty where all files of the batch are taken as one, since an
            earlier program did not note which changes were whose.
    """

    place: int
    packet: str
    changes: tuple[ImportChange, ...]


def files_of(session: Session, batch: int) -> tuple[FileChanges, ...]:
    """Return what each file of a batch changed, in the order in which they were taken.

    Files that were taken back by themselves are left out.
    """
    columns = _TABLE.c
    query = select(columns.subject, columns.before, columns.after)
    rows = session.execute(query.where(columns.batch == batch).order_by(columns.id))
    changes = tuple(ImportChange(*row) for row in rows)
    # Each file is told of in the change log, with how much it changed.
    told = audit.history(session, f"import/{batch}")
    stored = [line for line in reversed(told) if line.action == _STORED]
    counts = [int(json.loads(line.after or "{}").get("changes", 0)) for line in stored]
    if sum(counts) != len(changes):
        return (FileChanges(0, "", changes),)
    found: list[FileChanges] = []
    for place, (line, count) in enumerate(zip(stored, counts, strict=True)):
        begin = sum(counts[:place])
        found.append(FileChanges(place, line.packet, changes[begin : begin + count]))
    gone = {
        int(line.subject.rpartition("/")[2])
        for line in audit.latest(session, [_UNDONE], [f"import/{batch}/%"], len(found))
    }
    return tuple(each for each in found if each.place not in gone)


def mark_undone(writing: Writing, batch: int, places: Iterable[int] | None = None) -> None:
    """Note that a batch was undone, or only the files of it that stand in some places."""
    if places is None:
        writing.session.get_one(ImportBatchRow, batch).undone_at = writing.at
        audit.log(writing, _UNDONE, f"import/{batch}", None, None)
        return
    for place in places:
        audit.log(writing, _UNDONE, f"import/{batch}/{place}", None, None)
