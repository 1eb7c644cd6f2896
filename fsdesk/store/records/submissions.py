"""Submissions and packets in the database."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from fsdesk.domain.packet.exchanged import PacketNote
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.domain.records.submissions import (
    Direction,
    Review,
    ReviewState,
    RowComment,
    SubmissionState,
)
from fsdesk.store import audit
from fsdesk.store.tables import LeftOutRow, PacketRow, ReviewCommentRow, SubmissionRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from fsdesk.domain.packet.packet import PacketHeader
    from fsdesk.store.session import Writing


@dataclass(frozen=True, slots=True)
class Submission:
    """A unit's report for a period (报送).

    Attributes:
        period: Period in its text form.
        made_at: When the unit made it, ISO text in UTC.
        received_at: When the office took it; empty in the unit's own workspace.
        digest: Digest of what it said.
        reviewed_at: When the office accepted or returned it; empty while it has not.
    """

    unit: str
    period: str
    state: SubmissionState
    made_at: str
    received_at: str = ""
    packet: str = ""
    digest: str = ""
    comment: str = ""
    reviewed_at: str = ""


def save_submission(writing: Writing, submission: Submission) -> None:
    """Put a submission in place of the unit's earlier one for the period, and log it."""
    session = writing.session
    row = session.get(SubmissionRow, (submission.unit, submission.period))
    before = to_plain(_submission(row)) if row else None
    after = to_plain(submission)
    if row is None:
        session.add(SubmissionRow(**after))
    else:
        for name, value in after.items():
            setattr(row, name, value)
    subject = f"submission/{submission.unit}/{submission.period}"
    audit.log(writing, "submission", subject, before, after)


def submissions(session: Session, period: str | None = None) -> tuple[Submission, ...]:
    """Return the submissions of a period, or all."""
    query = select(*_SUBMISSION).order_by(SubmissionRow.period, SubmissionRow.unit)
    if period is not None:
        query = query.where(SubmissionRow.period == period)
    return tuple(
        Submission(unit, text, SubmissionState(state), *rest)
        for unit, text, state, *rest in session.execute(query)
    )


# The columns in the order of the fields: a year's are read row by row.
_SUBMISSION = [getattr(SubmissionRow, field.name) for field in fields(Submission)]


def find_submission(session: Session, unit: str, period: str) -> Submission | None:
    """Return a unit's submission for a period, or None."""
    row = session.get(SubmissionRow, (unit, period))
    return _submission(row) if row else None


def save_packet(writing: Writing, note: PacketNote) -> None:
    """Remember a packet that is not known yet, and log it."""
    plain = _packet_plain(note)
    writing.session.add(PacketRow(**plain))
    audit.log(writing, "packet", f"packet/{note.id}", None, plain)


def forget_packet(writing: Writing, digest: str) -> None:
    """Let a packet count as never received, since its import is undone."""
    row = writing.session.get_one(PacketRow, digest)
    audit.log(writing, "undo", f"packet/{row.id}", _packet_plain(_packet(row)), None)
    writing.session.delete(row)


def find_packet(session: Session, digest: str) -> PacketNote | None:
    """Return the packet with that content, or None."""
    row = session.get(PacketRow, digest)
    return _packet(row) if row else None


def packet_of_id(session: Session, id_: str) -> PacketNote | None:
    """Return the first packet that came in with an id, or None."""
    query = select(PacketRow).where(PacketRow.id == id_).order_by(PacketRow.handled_at)
    rows = (_packet(row) for row in session.scalars(query))
    return next((note for note in rows if note.direction is Direction.RECEIVED), None)


def standing_packet(session: Session, submission: Submission) -> PacketNote | None:
    """Return the packet that stands for a submission; None when it is not known."""
    row = session.scalar(select(PacketRow).where(PacketRow.id == submission.packet).limit(1))
    return _packet(row) if row else None


def newest_plan_revision(session: Session) -> int:
    """Return the highest number of a plan on which a packet was made, in or out; 0 without one."""
    return session.scalar(select(func.max(PacketRow.plan_revision))) or 0


def packets(
    session: Session, unit: str | None = None, period: str | None = None
) -> tuple[PacketNote, ...]:
    """Return the packets of a unit and period, or all, newest first."""
    query = select(PacketRow).order_by(PacketRow.handled_at.desc(), PacketRow.digest)
    if unit is not None:
        query = query.where(PacketRow.unit == unit)
    if period is not None:
        query = query.where(PacketRow.period == period)
    return tuple(_packet(row) for row in session.scalars(query))


def review_is_news(session: Session, header: PacketHeader, review: Review) -> bool:
    """Tell whether a review that came in says something new of the report that stands.

    A review of a report in whose place the unit has put another since is not; clocks of two PCs
    differ, so the report that was reviewed counts first.
    """
    row = session.get(SubmissionRow, (header.unit, header.period))
    if row is None:
        return True
    if review.report and row.digest == review.report:
        return row.reviewed_at < review.at
    return max(row.made_at, row.reviewed_at) < review.at


def save_review(writing: Writing, unit: str, period: str, review: Review) -> None:
    """Store what the office says of a report, with its words on single records, and log it."""
    session = writing.session
    row = session.get(SubmissionRow, (unit, period))
    present = _submission(row) if row else Submission(unit, period, SubmissionState.DRAFT, "")
    save_submission(
        writing,
        replace(
            present,
            state=SubmissionState(review.state),
            comment=review.comment,
            reviewed_at=review.at,
        ),
    )
    of_report = (ReviewCommentRow.unit == unit, ReviewCommentRow.period == period)
    spoken = session.scalar(select(ReviewCommentRow.item).where(*of_report).limit(1))
    session.execute(delete(ReviewCommentRow).where(*of_report))
    session.add_all(
        ReviewCommentRow(
            kind=line.record.kind.value,
            item=line.record.item,
            unit=unit,
            period=period,
            comment=line.comment,
            commented_at=review.at,
        )
        for line in review.rows
    )
    if review.rows or spoken is not None:
        words = {str(line.record): line.comment for line in review.rows}
        told = {"at": review.at, "rows": words}
        audit.log(writing, "review", f"review/{unit}/{period}", None, told)


def find_review(session: Session, unit: str, period: str) -> Review | None:
    """Return what the office said of a report; None when it has not yet."""
    found = find_submission(session, unit, period)
    if found is None or found.state not in set(ReviewState):
        return None
    rows = session.scalars(
        select(ReviewCommentRow)
        .where(ReviewCommentRow.unit == unit, ReviewCommentRow.period == period)
        .order_by(ReviewCommentRow.kind, ReviewCommentRow.item)
    )
    lines = (
        RowComment(RecordKey(RecordKind(row.kind), row.item, unit, period), row.comment)
        for row in rows
    )
    return Review(
        ReviewState(found.state), found.comment, found.reviewed_at, tuple(lines), found.digest
    )


def leave_out(writing: Writing, unit: str, period: str, reason: str) -> None:
    """Let a unit's data of a period not count, or count again when the reason is empty."""
    session = writing.session
    row = session.get(LeftOutRow, (unit, period))
    before = {"reason": row.reason} if row else None
    if reason:
        session.merge(
            LeftOutRow(
                unit=unit,
                period=period,
                reason=reason,
                decided_at=writing.at,
                decided_by=writing.author.who,
            )
        )
    elif row:
        session.delete(row)
    after = {"reason": reason} if reason else None
    if before != after:
        audit.log(writing, "leave out", f"submission/{unit}/{period}", before, after)


def left_out(session: Session) -> dict[tuple[str, str], str]:
    """Return why data does not count, by unit and period."""
    return {(row.unit, row.period): row.reason for row in session.scalars(select(LeftOutRow))}


def _submission(row: SubmissionRow) -> Submission:
    return from_plain(Submission, _columns(row, (field.name for field in fields(Submission))))


def _packet(row: PacketRow) -> PacketNote:
    values = _columns(row, (field.name for field in fields(PacketNote)))
    return from_plain(PacketNote, values | {"signature": row.signature or None})


def _packet_plain(note: PacketNote) -> dict[str, Any]:
    return to_plain(note) | {"signature": note.signature or ""}


def _columns(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
