"""Imports that can be undone: what each changed, with the state before and after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import insert, select

from fsdesk.domain.packet.exchanged import Batch
from fsdesk.store import audit
from fsdesk.store.tables import ImportBatchRow, ImportChangeRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Table

    from fsdesk.store.session import Session, Writing

_TABLE = cast("Table", ImportChangeRow.__table__)


@dataclass(frozen=True, slots=True)
class ImportChange:
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
        writing.session.execute(insert(_TABLE), rows)
        told = {"changes": len(rows), "digest": digest_of(rows)}
        audit.log(writing, "batch", f"import/{batch}", None, told)


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


def changes_of(session: Session, batch: int) -> tuple[ImportChange, ...]:
    """Return what a batch changed, in order."""
    columns = _TABLE.c
    query = select(columns.subject, columns.before, columns.after)
    rows = session.execute(query.where(columns.batch == batch).order_by(columns.id))
    return tuple(ImportChange(*row) for row in rows)


def mark_undone(writing: Writing, batch: int) -> None:
    """Note that a batch was undone."""
    writing.session.get_one(ImportBatchRow, batch).undone_at = writing.at
    audit.log(writing, "undo", f"import/{batch}", None, None)
