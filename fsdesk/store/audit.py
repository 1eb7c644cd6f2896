"""The append-only change log (who, when, what, before, after), chained by digests.

The database refuses to alter or delete a line, and each line holds the digest of the one before
it, so that a later change by other means shows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from fsdesk.store.tables import ChangeRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from fsdesk.store.session import Writing


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log, as others see it."""

    at: str
    who: str
    action: str
    subject: str
    before: str | None
    after: str | None
    packet: str


def log(
    writing: Writing,
    action: str,
    subject: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
) -> None:
    """Add a line to the change log.

    Args:
        writing: The transaction.
        action: What was done, a short English verb such as ``record``.
        subject: What it was done to, e.g. a record's key.
        before: Plain values before, or None if there was nothing.
        after: Plain values after, or None if it is gone.
    """
    session = writing.session
    row = ChangeRow(
        at=writing.at,
        who=writing.author.who,
        workspace=writing.author.workspace,
        action=action,
        subject=subject,
        before=_text(before),
        after=_text(after),
        packet=writing.packet,
        previous=session.info.get("last_change") or _last_digest(session),
        digest="",
    )
    row.digest = _digest(row)
    session.info["last_change"] = row.digest
    session.add(row)


def _last_digest(session: Session) -> str:
    newest = select(ChangeRow.digest).order_by(ChangeRow.id.desc()).limit(1)
    return session.scalar(newest) or ""


def _text(plain: Mapping[str, object] | None) -> str | None:
    return None if plain is None else json.dumps(plain, ensure_ascii=False, sort_keys=True)


def _digest(row: ChangeRow) -> str:
    parts = [row.previous, row.at, row.who, row.workspace, row.action, row.subject]
    parts += [row.before or "", row.after or "", row.packet]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def broken_links(session: Session) -> list[int]:
    """Return the ids of the lines of the change log that do not fit their neighbours."""
    broken: list[int] = []
    previous = ""
    for row in session.scalars(select(ChangeRow).order_by(ChangeRow.id)).yield_per(1000):
        if row.previous != previous or row.digest != _digest(row):
            broken.append(row.id)
        previous = row.digest
    return broken


def history(session: Session, subject: str) -> tuple[Change, ...]:
    """Return the changes of one subject, newest first."""
    rows = session.scalars(
        select(ChangeRow).where(ChangeRow.subject == subject).order_by(ChangeRow.id.desc())
    )
    return tuple(
        Change(r.at, r.who, r.action, r.subject, r.before, r.after, r.packet) for r in rows
    )
