"""Submissions and packets in the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fsdesk.store import audit
from fsdesk.store.tables import PacketRow, SubmissionRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from fsdesk.store.session import Writing


@dataclass(frozen=True, slots=True)
class Submission:
    """A unit's report for a period (报送).

    Attributes:
        unit: Unit code.
        period: Period in its text form.
        state: draft, submitted, accepted or returned.
        made_at: When the unit made it, ISO text in UTC.
        received_at: When the office took it; empty in the unit's own workspace.
        packet: Id of its packet.
        digest: Digest of what it said.
        comment: The office's words on it.
    """

    unit: str
    period: str
    state: str
    made_at: str
    received_at: str = ""
    packet: str = ""
    digest: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class PacketNote:
    """A packet that was sent or received.

    Attributes:
        digest: Digest of what it says; the same content is the same packet.
        id: Packet id.
        direction: ``sent`` or ``received``.
        kind: PLAN, REPORT or FEEDBACK.
        unit: Unit code.
        period: Period in its text form.
        author: Id of the workspace that made it.
        made_at: When it was made, ISO text in UTC.
        handled_at: When it was sent or taken here.
        plan_revision: Revision of the plan that it was made on.
        file: Name of its copy below the workspace's ``packets``.
    """

    digest: str
    id: str
    direction: str
    kind: str
    unit: str
    period: str
    author: str
    made_at: str
    handled_at: str
    plan_revision: int
    file: str


def save_submission(writing: Writing, submission: Submission) -> None:
    """Put a submission in place of the unit's earlier one for the period, and log it."""
    session = writing.session
    row = session.get(SubmissionRow, (submission.unit, submission.period))
    before = asdict(_submission(row)) if row else None
    session.merge(SubmissionRow(**asdict(submission)))
    subject = f"submission/{submission.unit}/{submission.period}"
    audit.log(writing, "submission", subject, before, asdict(submission))


def submissions(session: Session, period: str | None = None) -> tuple[Submission, ...]:
    """Return the submissions of a period, or all."""
    query = select(SubmissionRow).order_by(SubmissionRow.period, SubmissionRow.unit)
    if period is not None:
        query = query.where(SubmissionRow.period == period)
    return tuple(_submission(row) for row in session.scalars(query))


def find_submission(session: Session, unit: str, period: str) -> Submission | None:
    """Return a unit's submission for a period, or None."""
    row = session.get(SubmissionRow, (unit, period))
    return _submission(row) if row else None


def save_packet(writing: Writing, note: PacketNote) -> None:
    """Remember a packet; one whose content is known already is left as it was."""
    if writing.session.get(PacketRow, note.digest) is None:
        writing.session.add(PacketRow(**asdict(note)))


def find_packet(session: Session, digest: str) -> PacketNote | None:
    """Return the packet with that content, or None."""
    row = session.get(PacketRow, digest)
    return _packet(row) if row else None


def packets(session: Session) -> tuple[PacketNote, ...]:
    """Return all packets, newest first."""
    query = select(PacketRow).order_by(PacketRow.handled_at.desc(), PacketRow.digest)
    return tuple(_packet(row) for row in session.scalars(query))


def _submission(row: SubmissionRow) -> Submission:
    return Submission(**_columns(row, (field.name for field in fields(Submission))))


def _packet(row: PacketRow) -> PacketNote:
    return PacketNote(**_columns(row, (field.name for field in fields(PacketNote))))


def _columns(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
