"""Submissions and packets in the database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, delete, func, insert, select, update

from fsdesk.domain.packet.exchanged import PacketNote
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.domain.records.submissions import (
    Direction,
    Opinion,
    OpinionAnswer,
    Review,
    ReviewState,
    RowComment,
    SubmissionState,
)
from fsdesk.store import audit
from fsdesk.store.records.tables import LEFT_OUT, PACKET, REVIEW_COMMENT, SUBMISSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import Session

    from fsdesk.domain.packet.packet import PacketHeader
    from fsdesk.store.session import Writing


class Submission(Struct, frozen=True):
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
    change_submission(writing, submission.unit, submission.period, lambda _: submission)


def change_submission(
    writing: Writing, unit: str, period: str, change: Callable[[Submission | None], Submission]
) -> None:
    """Put what a change makes of a unit's submission for a period in its place, and log it."""
    stands = find_submission(writing.session, unit, period)
    put_submission(writing, stands, change(stands))


def put_submission(writing: Writing, stands: Submission | None, new: Submission) -> dict[str, Any]:
    """Put a submission in place of the one that stands, and log it; return its row."""
    before, after = to_plain(stands) if stands else None, to_plain(new)
    put = _ADDED if stands is None else _CHANGED
    writing.session.execute(put, after | {"its_unit": new.unit, "its_period": new.period})
    audit.log(writing, "submission", f"submission/{new.unit}/{new.period}", before, after)
    return after


def submissions(session: Session, period: str | None = None) -> tuple[Submission, ...]:
    """Return the submissions of a period, or all."""
    query = _SUBMISSIONS.order_by(SUBMISSION.c.period, SUBMISSION.c.unit)
    if period is not None:
        query = query.where(SUBMISSION.c.period == period)
    return tuple(_submission(*row) for row in session.execute(query))


# The columns in the order of the fields: a year's are read row by row. What is asked with every
# packet is put together once.
_SUBMISSIONS = select(*(SUBMISSION.c[name] for name in Submission.__struct_fields__))
_OF_ONE = (
    SUBMISSION.c.unit == bindparam("its_unit"),
    SUBMISSION.c.period == bindparam("its_period"),
)
_SUBMISSION = _SUBMISSIONS.where(*_OF_ONE)
_ADDED, _CHANGED = insert(SUBMISSION), update(SUBMISSION).where(*_OF_ONE)


def find_submission(session: Session, unit: str, period: str) -> Submission | None:
    """Return a unit's submission for a period, or None."""
    row = session.execute(_SUBMISSION, {"its_unit": unit, "its_period": period}).first()
    return _submission(*row) if row else None


def save_packet(writing: Writing, note: PacketNote) -> None:
    """Remember a packet that is not known yet, and log it."""
    plain = _packet_plain(note)
    writing.session.execute(_PACKET_ADDED, plain)
    audit.log(writing, "packet", f"packet/{note.id}", None, plain)


def forget_packet(writing: Writing, digest: str) -> None:
    """Let a packet count as never received, since its import is undone."""
    columns = PACKET.c
    row = writing.session.execute(_PACKETS.where(columns.digest == digest)).one()
    note = _packet(row)
    audit.log(writing, "undo", f"packet/{note.id}", _packet_plain(note), None)
    writing.session.execute(delete(PACKET).where(columns.digest == digest))


def packet_of_id(session: Session, id_: str) -> PacketNote | None:
    """Return the first packet that came in with an id, or None."""
    columns = PACKET.c
    query = _PACKETS.where(columns.id == id_).order_by(columns.handled_at)
    rows = (_packet(row) for row in session.execute(query))
    return next((note for note in rows if note.direction is Direction.RECEIVED), None)


def made_times(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return when packets were made, as they say, by their identity."""
    rows = session.execute(
        select(PACKET.c.id, PACKET.c.made_at).where(PACKET.c.id.in_(sorted(set(ids))))
    )
    return {row.id: row.made_at for row in rows}


def standing_packet(session: Session, submission: Submission) -> PacketNote | None:
    """Return the packet that stands for a submission; None when it is not known."""
    query = _PACKETS.where(PACKET.c.id == submission.packet).limit(1)
    row = session.execute(query).first()
    return _packet(row) if row else None


def newest_plan_revision(session: Session) -> int:
    """Return the highest number of a plan on which a packet was made, in or out; 0 without one."""
    return session.scalar(select(func.max(PACKET.c.plan_revision))) or 0


def plan_packet_times(session: Session) -> tuple[str, ...]:
    """Return when packets that hand down the plan were written or came in, ISO text in UTC."""
    plan = PACKET.c.kind == PacketKind.PLAN.value
    return tuple(session.scalars(select(PACKET.c.handled_at).where(plan)))


def feedback_ends(session: Session) -> dict[str, int]:
    """Return by unit how far the change log had come when its last FEEDBACK packet was written."""
    columns = PACKET.c
    query = (
        select(columns.unit, func.max(columns.log_end))
        .where(columns.kind == PacketKind.FEEDBACK.value)
        .where(columns.direction == Direction.SENT.value)
        .group_by(columns.unit)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def packets(
    session: Session, unit: str | None = None, period: str | None = None
) -> tuple[PacketNote, ...]:
    """Return the packets of a unit and period, or all, newest first."""
    given = {"unit": unit, "period": period}
    asked = tuple(name for name, value in given.items() if value is not None)
    values = {f"its_{name}": given[name] for name in asked}
    return tuple(map(_packet, session.execute(_packets_of(asked), values)))


@cache
def _packets_of(asked: tuple[str, ...]) -> Select[Any]:
    columns = PACKET.c
    wanted = [columns[name] == bindparam(f"its_{name}") for name in asked]
    return _PACKETS.where(*wanted).order_by(columns.handled_at.desc(), columns.digest)


_NOTE_FIELDS = PacketNote.__struct_fields__
_PACKETS = select(*(PACKET.c[name] for name in _NOTE_FIELDS))
_PACKET_ADDED = insert(PACKET)


def review_is_news(session: Session, header: PacketHeader, review: Review) -> bool:
    """Tell whether a review that came in says something new of the report that stands.

    A review of a report in whose place the unit has put another since is not; clocks of two PCs
    differ, so the report that was reviewed counts first.
    """
    stands = find_submission(session, header.unit, header.period)
    if stands is None:
        return True
    if review.report and stands.digest == review.report:
        return stands.reviewed_at < review.at
    return max(stands.made_at, stands.reviewed_at) < review.at


def save_review(writing: Writing, unit: str, period: str, review: Review) -> None:
    """Store what the office says of a report, with its words on single records, and log it.

    The opinions of an earlier review, and what was answered to them, go with it.
    """
    session = writing.session

    def reviewed(stands: Submission | None) -> Submission:
        return replace(
            stands or Submission(unit, period, SubmissionState.DRAFT, ""),
            state=SubmissionState(review.state),
            comment=review.comment,
            reviewed_at=review.at,
        )

    change_submission(writing, unit, period, reviewed)
    spoken = session.execute(_spoken(unit, period).limit(1)).first()
    session.execute(delete(REVIEW_COMMENT).where(*_of_report(unit, period)))
    said = {(line.record.kind.value, line.record.item): line.comment for line in review.rows}
    if review.state is ReviewState.RETURNED and review.comment:
        # The submission forgets it when the report comes again.
        said[_WHOLE, ""] = review.comment
    its = {"unit": unit, "period": period, "commented_at": review.at}
    new = [{"kind": k, "item": i, "comment": words, **its} for (k, i), words in said.items()]
    if new:
        session.execute(insert(REVIEW_COMMENT), new)
    if said or spoken is not None:
        words = {f"{kind}/{item}/{unit}/{period}": text for (kind, item), text in said.items()}
        told = {"at": review.at, "rows": words}
        audit.log(writing, "review", f"review/{unit}/{period}", None, told)


_WHOLE = "report"  # in place of a record's kind: the words are on the report as a whole


def _of_report(unit: str, period: str) -> tuple[ColumnElement[bool], ...]:
    return REVIEW_COMMENT.c.unit == unit, REVIEW_COMMENT.c.period == period


def _spoken(unit: str, period: str) -> Select[Any]:
    order = (REVIEW_COMMENT.c.kind != _WHOLE, REVIEW_COMMENT.c.kind, REVIEW_COMMENT.c.item)
    return select(REVIEW_COMMENT).where(*_of_report(unit, period)).order_by(*order)


def find_review(session: Session, unit: str, period: str) -> Review | None:
    """Return what the office said of a report; None when it has not yet."""
    found = find_submission(session, unit, period)
    if found is None or found.state not in set(ReviewState):
        return None
    lines = (
        RowComment(RecordKey(RecordKind(row.kind), row.item, unit, period), row.comment)
        for row in session.execute(_spoken(unit, period))
        if row.kind != _WHOLE
    )
    return Review(
        ReviewState(found.state), found.comment, found.reviewed_at, tuple(lines), found.digest
    )


def opinions(session: Session, unit: str, period: str) -> tuple[Opinion, ...]:
    """Return what the office said when it returned a report, on the whole first.

    They stay after the report was sent again, until the office accepts it or says something else.
    """
    found = find_submission(session, unit, period)
    if found is None or found.state is SubmissionState.ACCEPTED:
        return ()
    return tuple(map(_opinion, session.execute(_spoken(unit, period))))


def _opinion(row: Row[Any]) -> Opinion:
    return Opinion(
        row.item,
        row.comment,
        row.commented_at,
        OpinionAnswer(row.answer),
        row.words,
        row.answered_at,
    )


def answer_opinion(writing: Writing, unit: str, period: str, opinion: Opinion) -> bool:
    """Store what is answered to an opinion, and log it; tell whether that is another answer.

    An answer to words that the office has replaced since, or older than the one held, is left out.
    """
    session = writing.session
    table = REVIEW_COMMENT.c
    row = session.execute(_spoken(unit, period).where(table.item == opinion.item)).first()
    if row is None or row.commented_at != opinion.raised_at:
        return False
    said = {name: str(getattr(opinion, name)) for name in ("answer", "words", "answered_at")}
    before = {name: getattr(row, name) for name in said}
    if said == before or said["answered_at"] < row.answered_at:
        return False
    mine = (*_of_report(unit, period), table.kind == row.kind, table.item == row.item)
    session.execute(update(REVIEW_COMMENT).where(*mine).values(said))
    key = f"answer/{row.kind}/{row.item}/{unit}/{period}"
    told = {"comment": row.comment, "commented_at": row.commented_at}
    audit.log(writing, "answer", key, told | before, told | said)
    return True


def leave_out(writing: Writing, unit: str, period: str, reason: str) -> None:
    """Let a unit's data of a period not count, or count again when the reason is empty."""
    session = writing.session
    its = (LEFT_OUT.c.unit == unit, LEFT_OUT.c.period == period)
    known = session.scalar(select(LEFT_OUT.c.reason).where(*its))
    before = None if known is None else {"reason": known}
    session.execute(delete(LEFT_OUT).where(*its))
    if reason:
        decided = {"decided_at": writing.at, "decided_by": writing.author.who}
        new = {"unit": unit, "period": period, "reason": reason, **decided}
        session.execute(insert(LEFT_OUT), new)
    after = {"reason": reason} if reason else None
    if before != after:
        audit.log(writing, "leave out", f"submission/{unit}/{period}", before, after)


def left_out(session: Session) -> dict[tuple[str, str], str]:
    """Return why data does not count, by unit and period."""
    return {(row.unit, row.period): row.reason for row in session.execute(select(LEFT_OUT))}


def submission_of(row: Mapping[str, str]) -> Submission:
    """Return a submission by the columns of its row."""
    return _submission(*(row[name] for name in Submission.__struct_fields__))


def _submission(unit: str, period: str, state: str, *rest: str) -> Submission:
    return Submission(unit, period, SubmissionState(state), *rest)


def _packet(row: Row[Any]) -> PacketNote:
    values = dict(zip(_NOTE_FIELDS, row, strict=True))
    return from_plain(PacketNote, values | {"signature": values["signature"] or None})


def _packet_plain(note: PacketNote) -> dict[str, Any]:
    return to_plain(note) | {"signature": note.signature or ""}
