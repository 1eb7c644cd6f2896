"""Issued papers in the database, a row for each of their parts; every one is told of in the log."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.findings import reject
from fsdesk.domain.output.issued_papers import CONTENT, IssuedPaper, Kept
from fsdesk.store import audit
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.store.session import Session, Writing

# The log's word; what stands in it is the second witness of each part's digest.
_KEPT = "paper"


class IssuedPaperRow(Base):
    """A part of an issued paper; its digest is that of the content before it was compressed."""

    __tablename__ = "issued_paper"

    subject: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    kept: Mapped[str]
    at: Mapped[str]
    digest: Mapped[str]
    data: Mapped[bytes]


def save(writing: Writing, subject: str, kept: Kept, parts: Mapping[str, bytes]) -> IssuedPaper:
    """Keep a paper as it is issued now, in place of one that was taken back."""
    remove(writing, subject)
    rows = [
        IssuedPaperRow(
            subject=subject,
            part=name,
            kept=kept.value,
            at=writing.at,
            digest=hashlib.sha256(data).hexdigest(),
            data=zlib.compress(data, 9),
        )
        for name, data in sorted(parts.items())
    ]
    writing.session.add_all(rows)
    writing.session.flush()
    audit.log(writing, _KEPT, subject, None, _told(kept, rows))
    return IssuedPaper(subject, kept, writing.at, dict(parts))


def remove(writing: Writing, subject: str) -> None:
    """Let go of a paper whose issue was taken back; the log keeps that it was."""
    rows = _rows(writing.session, subject)
    if not rows:
        return
    told = _told(Kept(rows[0].kept), rows)
    writing.session.execute(delete(IssuedPaperRow).where(IssuedPaperRow.subject == subject))
    writing.session.expire_all()
    audit.log(writing, _KEPT, subject, told, None)


def find(session: Session, subject: str) -> IssuedPaper | None:
    """Return a paper as it was issued, or None.

    Raises:
        InputRejectedError: When it is not any more what was kept.
    """
    rows = _rows(session, subject)
    if not rows:
        return None
    parts = {row.part: _content(row) for row in rows}
    return IssuedPaper(subject, Kept(rows[0].kept), rows[0].at, parts)


def contents(session: Session, prefix: str) -> Mapping[str, bytes]:
    """Return what the papers say whose subjects begin so, by subject, without their files.

    Raises:
        InputRejectedError: When one is not any more what was kept.
    """
    query = select(IssuedPaperRow).where(
        IssuedPaperRow.part == CONTENT, IssuedPaperRow.subject.startswith(prefix, autoescape=True)
    )
    return {row.subject: _content(row) for row in session.scalars(query)}


def known(session: Session) -> Mapping[str, Kept]:
    """Return of what papers are kept, and how, without reading them."""
    query = select(IssuedPaperRow.subject, IssuedPaperRow.kept).distinct()
    return {subject: Kept(kept) for subject, kept in session.execute(query)}


def content_digest(data: bytes) -> str:
    """Return the digest of what is stored of a part; empty where it can't be read."""
    try:
        return hashlib.sha256(zlib.decompress(data)).hexdigest()
    except (zlib.error, TypeError):
        return ""


def _rows(session: Session, subject: str) -> list[IssuedPaperRow]:
    query = select(IssuedPaperRow).where(IssuedPaperRow.subject == subject)
    return list(session.scalars(query.order_by(IssuedPaperRow.part)))


def _content(row: IssuedPaperRow) -> bytes:
    if content_digest(row.data) != row.digest:
        raise reject("留存的印发原件已损坏，不能使用", "请运行检查（verify），并从备份恢复")
    return zlib.decompress(row.data)


def _told(kept: Kept, rows: list[IssuedPaperRow]) -> dict[str, object]:
    return {"kept": kept.value, "parts": {row.part: row.digest for row in rows}}
