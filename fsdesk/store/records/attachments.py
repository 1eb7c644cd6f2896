"""Attachments in the database: which file proves which record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.records.attachments import Attachment
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.store import audit
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from fsdesk.store.session import Session, Writing


class AttachmentRow(Base):
    """A file that proves a record; the file itself lies in the workspace folder."""

    __tablename__ = "attachment"

    digest: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[str]


def save_attachment(writing: Writing, attachment: Attachment) -> None:
    """Note that a file proves a record; the same again changes nothing."""
    key = attachment.record
    identity = (attachment.digest, key.kind.value, key.item, key.unit, key.period)
    if writing.session.get(AttachmentRow, identity) is not None:
        return
    writing.session.add(
        AttachmentRow(
            digest=attachment.digest,
            kind=key.kind.value,
            item=key.item,
            unit=key.unit,
            period=key.period,
            name=attachment.name,
            size=attachment.size,
            added_at=writing.at,
        )
    )
    after = {"digest": attachment.digest, "name": attachment.name, "size": attachment.size}
    audit.log(writing, "attach", str(key), None, after)


def remove_attachment(writing: Writing, attachment: Attachment) -> None:
    """Note that a file proves a record no longer; the file itself stays."""
    key = attachment.record
    identity = (attachment.digest, key.kind.value, key.item, key.unit, key.period)
    row = writing.session.get(AttachmentRow, identity)
    if row is not None:
        writing.session.delete(row)
        audit.log(writing, "detach", str(key), {"digest": row.digest, "name": row.name}, None)


def attachments(
    session: Session, unit: str | None = None, period: str | None = None
) -> tuple[Attachment, ...]:
    """Return the attachments of a unit and period, or all, by the record that they prove."""
    return tuple(found for found, _ in dated(session, unit, period))


def dated(
    session: Session, unit: str | None = None, period: str | None = None
) -> tuple[tuple[Attachment, str], ...]:
    """Return the attachments of a unit and period, or all, each with when it was added."""
    query = select(AttachmentRow).order_by(
        AttachmentRow.kind, AttachmentRow.item, AttachmentRow.unit, AttachmentRow.period
    )
    if unit is not None:
        query = query.where(AttachmentRow.unit == unit)
    if period is not None:
        query = query.where(AttachmentRow.period == period)
    return tuple((_attachment(row), row.added_at) for row in session.scalars(query))


def _attachment(row: AttachmentRow) -> Attachment:
    key = RecordKey(RecordKind(row.kind), row.item, row.unit, row.period)
    return Attachment(row.digest, row.name, row.size, key)
