"""Attachments in the database: which file proves which record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from fsdesk.domain.attachments import Attachment
from fsdesk.domain.records import RecordKey, RecordKind
from fsdesk.store import audit
from fsdesk.store.tables import AttachmentRow

if TYPE_CHECKING:
    from fsdesk.store.session import Session, Writing


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


def attachments(session: Session) -> tuple[Attachment, ...]:
    """Return all attachments, by the record that they prove."""
    query = select(AttachmentRow).order_by(
        AttachmentRow.kind, AttachmentRow.item, AttachmentRow.unit, AttachmentRow.period
    )
    return tuple(
        Attachment(
            row.digest,
            row.name,
            row.size,
            RecordKey(RecordKind(row.kind), row.item, row.unit, row.period),
        )
        for row in session.scalars(query)
    )
