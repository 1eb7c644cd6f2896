"""What a packet holds of a unit's by revision, and the receipts by which the office tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.packet.exchanged import contents_of
from fsdesk.domain.packet.holdings import (
    Holdings,
    LedgerMark,
    Receipts,
    answer_key,
    first_told,
    holdings_text,
    ledger_mark,
    told_to_dict,
)
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.packet.sealed import FILES
from fsdesk.domain.records.merge import joined
from fsdesk.domain.records.submissions import Direction
from fsdesk.domain.status.joint import joint_sums
from fsdesk.services.status import aggregation
from fsdesk.services.status.handover import RECEIPTS, opinions_on, what_office_told
from fsdesk.store import audit
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import attachments, records, submissions
from fsdesk.store.settings import save_setting
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.periods import Period
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

_MARK = 16  # digits of a digest that name a state of the office's data


def row_marks(session: Session, workspace: Workspace) -> dict[str, LedgerMark]:
    """Return what a unit's rows come to in each ledger, as edited in its workspace."""
    whose = workspace.identity
    return {
        code: ledger_mark(ledgers.row_edits(session, code, whose.unit), whose.id)
        for code in ledgers.kept_by(session, whose.unit)
    }


def held_in(packet: Packet, files: Iterable[Attachment], marks: Mapping[str, LedgerMark]) -> str:
    """Return what a packet holds of its unit's by revision, as text to be noted.

    What somebody wrote into it on the way is left out: nobody else has seen that.

    `files`: the evidence that lies in it.
    `marks`: what the rows in the unit's workspace came to when it was written or taken.
    """
    replies = {
        each.letter: each.at
        for each in packet.replies
        if each.at and each.letter not in packet.altered_replies
    }
    if packet.directives is not None:  # the office's own packet tells of its register
        replies = {
            each.letter.key: each.letter.replied_at
            for each in packet.directives.letters
            if each.letter.replied_at
        }
    return holdings_text(
        Holdings(
            {
                record.key: record.revision
                for record in packet.records
                if record.revision and record.key not in packet.altered
            },
            frozenset((file.record, file.digest) for file in files),
            marks,
            replies,
            {
                answer_key(packet.header.period, each.item): each.answered_at
                for each in packet.answers
            },
        )
    )


def contents_text(packet: Packet) -> str:
    """Return how much a packet that is written or was opened holds, as text to be noted."""
    opened = {entry.ledger for entry in packet.entries}
    closed = [part.note for part in packet.sealed if part.note.ledger not in opened]
    rows = sum(not entry.gone for entry in packet.entries)
    rows += sum(note.count for note in closed if note.ledger)
    files = len(packet.files) or sum(note.count for note in closed if note.about == FILES)
    return contents_of(packet, rows, files).text


# The office's side


def receipts_for(workspace: Workspace, unit: str, period: Period) -> Receipts | None:
    """Return what the office has of a unit's; None while it never had anything.

    `period`: up to which it tells what the targets that the unit shares have come to.
    """
    joint = joint_sums(aggregation.status_now(workspace, period), unit)
    with workspace.reading() as session:
        packets = submissions.packets(session, unit)
        came = [each for each in packets if each.direction is Direction.RECEIVED]
        reports = [each for each in came if each.kind is PacketKind.REPORT]
        earlier = [each.mark for each in packets if each.mark]
        held = Holdings(
            {
                key: revision
                for key, items in records.load_versions(session, unit=unit).items()
                if (revision := joined(item.record.revision for item in items))
            },
            frozenset((a.record, a.digest) for a in attachments.attachments(session, unit)),
            replies={
                letter.key: letter.replied_at
                for letter in letters.letters(session)
                if letter.unit == unit and letter.replied_at
            },
            answers={
                answer_key(period, each.item): each.answered_at
                for period, each in opinions_on(session, submissions.submissions(session), unit)
                if each.answered_at
            },
        )
        rows = _rows_by_author(session, unit, {each.author for each in reports})
        newest = audit.newest(session)
    if newest is None or not (held or rows or came or earlier or joint):
        return None
    taken = tuple(sorted(each.digest for each in came))
    return Receipts(newest.digest[:_MARK], held, rows, tuple(sorted(earlier)), taken, joint)


def _rows_by_author(
    session: Session, unit: str, authors: Iterable[str]
) -> dict[str, dict[str, LedgerMark]]:
    found: dict[str, dict[str, LedgerMark]] = {author: {} for author in sorted(authors)}
    for code in sorted(ledgers.kept_by(session, unit)):
        edits = list(ledgers.row_edits(session, code, unit))
        for author, marks in found.items():
            mark = ledger_mark(edits, author)
            if mark.rows:
                marks[code] = mark
    return {author: marks for author, marks in found.items() if marks}


# The unit's side


def take(writing: Writing, packet: Packet) -> None:
    """Keep what the office says that it has, unless that is older than what it said before.

    What no key of the office vouches for says nothing.
    """
    receipts = packet.directives.receipts if packet.directives else None
    if receipts is None or packet.seal is None:
        return
    known = what_office_told(writing.session, packet.header.unit)
    told = known.with_more(receipts) if known is not None else first_told(receipts)
    if told != known:
        save_setting(writing, RECEIPTS, told_to_dict(told))
