"""What a unit still has to hand over, and what the office has confirmed: the one place that tells.

Status strip, badges and pages all ask here. It is asked with every change, so no packet is opened:
what each held was noted when it went out or came in.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from fsdesk.domain.packet.handover import (
    HandedOver,
    Handover,
    Own,
    OwnAnswer,
    OwnFile,
    OwnRecord,
    OwnReply,
    OwnRows,
    Said,
    ThingKind,
    judge,
)
from fsdesk.domain.packet.holdings import Holdings, holdings_of, told_from_dict
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.records.checks import asked
from fsdesk.domain.records.records import RecordKey
from fsdesk.domain.records.submissions import Direction, ReviewState
from fsdesk.domain.status import owing
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records import opinions
from fsdesk.services.status.aggregation import came_reports, plan_since
from fsdesk.store import identity
from fsdesk.store.cache import remembered
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import attachments, records, submissions
from fsdesk.store.settings import setting_text
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from fsdesk.domain.packet.exchanged import PacketNote
    from fsdesk.domain.packet.handover import Thing
    from fsdesk.domain.packet.holdings import Receipts, Told
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.submissions import Opinion
    from fsdesk.domain.status.joint import JointSums
    from fsdesk.store.identity import Identity
    from fsdesk.store.records.submissions import Submission
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

# The setting that keeps what the office said last that it has of the unit's.
RECEIPTS = "receipts"
_REVIEWS = frozenset(state.value for state in ReviewState)


def handed_over(workspace: Workspace) -> HandedOver:
    """Return how far all that this workspace's unit hands over has come; nothing for the office."""
    if workspace.identity.is_office:
        return HandedOver()
    with workspace.reading() as session:
        return handed_over_in(session, workspace)


def handed_over_in(session: Session, workspace: Workspace) -> HandedOver:
    """Return the same within an open transaction; the workspace is a unit's."""
    today = workspace.clock().astimezone().date()
    return remembered(
        session, ("handed over", today), lambda: _read(session, workspace.identity, today)
    )


def _read(session: Session, whose: Identity, today: date) -> HandedOver:
    unit, year = whose.unit, whose.year
    plan = plan_in(session, year)
    packets = submissions.packets(session, unit)
    reports = submissions.submissions(session)
    said = Said(
        [holdings_of(packet.held, unit) for packet in packets if packet.held],
        known_receipts(session, unit),
        {
            each.period: ReviewState(each.state)
            for each in reports
            if each.unit == unit and each.state.value in _REVIEWS
        },
        whose.id,
    )
    said_of = opinions_on(session, reports, unit)
    own = Own(
        [OwnRecord(*stamp) for stamp in records.stamps(session, unit)],
        [OwnFile(file.record, file.digest, at) for file, at in attachments.dated(session, unit)],
        _own_rows(session, unit, packets),
        [
            OwnReply(letter.key, letter.document_number, letter.replied_at, letter.answered_by)
            for letter in letters.letters(session)
            if letter.unit == unit and letter.replied_at
        ],
        [
            OwnAnswer(period, each.item, each.answered_at)
            for period, each in said_of
            if not each.open
        ],
    )
    rules = identity.load_rules(session)
    came = came_reports(reports, rules)
    since = plan_since(session, plan, rules, came)
    awaited = tuple(report.period for report in owing.still_owed(plan, unit, came, since))
    owed = tuple(period for period in awaited if period.ended(today))
    unanswered = sum(each.open for _, each in said_of)
    return HandedOver(tuple(_that_can_go(plan, judge(own, said))), awaited, owed, unanswered)


def opinions_on(
    session: Session, reports: Iterable[Submission], unit: str
) -> tuple[tuple[str, Opinion], ...]:
    """Return the opinions on a unit's reports that were returned, each with its period."""
    return tuple(
        (report.period, each)
        for report in reports
        if report.unit == unit
        for each in opinions.opinions_in(session, unit, report.period)
    )


def what_office_told(session: Session, unit: str) -> Told | None:
    """Return what the office said last of what it has; None while it said nothing."""
    return _told(setting_text(session, RECEIPTS), unit)


@lru_cache(maxsize=4)  # it stays the same from one packet of the office to the next
def _told(text: str, unit: str) -> Told | None:
    return told_from_dict(json.loads(text), unit) if text else None


def known_receipts(session: Session, unit: str) -> Receipts | None:
    """Return what the office said last that it has of a unit's; None while it said nothing."""
    told = what_office_told(session, unit)
    return told.receipts if told is not None else None


def known_sums(session: Session, unit: str) -> JointSums | None:
    """Return what the office said last of the targets that a unit shares; None if nothing."""
    told = what_office_told(session, unit)
    return told.joint.joint if told is not None and told.joint is not None else None


def _that_can_go(plan: Plan, things: Iterable[Thing]) -> Iterable[Thing]:
    """Leave out records that wait, and that the plan of their period asks for no more.

    No packet carries them; the page of their period shows them as kept.
    """
    for thing in things:
        waits = thing.kind is ThingKind.RECORD and thing.state is Handover.UNSENT
        if not waits or asked(plan, RecordKey.of(thing.key)):
            yield thing


def _own_rows(session: Session, unit: str, packets: Sequence[PacketNote]) -> list[OwnRows]:
    """Return the unit's rows, by ledger; `packets`: newest first."""
    sent = [p for p in packets if p.direction is Direction.SENT and p.kind is PacketKind.REPORT]
    end = max((packet.rows_end for packet in sent), default=0)
    came = [p.id for p in packets if p.direction is Direction.RECEIVED and p.rows_end]
    written = ledgers.written_since(session, unit, end, came)
    noted = max((p for p in packets if p.held), key=lambda p: p.rows_end, default=None)
    marks = (holdings_of(noted.held, unit) if noted else Holdings()).ledgers
    titles = {each.code: each.title for each in ledgers.load_ledgers(session)}
    return [
        OwnRows(code, titles.get(code, code), marks.get(code), *written.get(code, (0, "")))
        for code in sorted({*written, *marks})
    ]
