"""Packets out: the office issues plans and answers reports, a unit exports its report."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fsdesk import files
from fsdesk.domain.clock import clock_doubts
from fsdesk.domain.findings import error, raise_errors, reject
from fsdesk.domain.names import file_name
from fsdesk.domain.packet.directives import Directives
from fsdesk.domain.packet.exchanged import PacketNote
from fsdesk.domain.packet.handover import ThingKind
from fsdesk.domain.packet.packet import (
    BUNDLES,
    PARTS_FORMAT,
    SEALED_FORMAT,
    Packet,
    PacketHeader,
    PacketKind,
)
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.plan.units import UnitKind
from fsdesk.domain.records.records import Record, RecordKey, RecordKind, empty_content
from fsdesk.domain.records.submissions import Direction, SubmissionState
from fsdesk.domain.steps import Progress
from fsdesk.domain.supervision.letters import reply_of
from fsdesk.services.packet import parts_below, receipts, recovering, sealing
from fsdesk.services.packet.signing import signing_key
from fsdesk.services.plan.planning import current_plan, outrun_units, require_office
from fsdesk.services.records import opinions
from fsdesk.services.status import handover, unit_forms
from fsdesk.services.working_calendar import report_due
from fsdesk.store import audit, identity, kept
from fsdesk.store.agenda import own_events
from fsdesk.store.ledger import ledgers
from fsdesk.store.quality.choices import load_choices
from fsdesk.store.records import attachments, records, submissions
from fsdesk.store.records.submissions import Submission
from fsdesk.store.supervision import letters
from fsdesk.unforeseen import Several

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.domain.packet.signing import SignatureState
    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.plan.units import Unit
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.records.submissions import Opinion
    from fsdesk.services.status.unit_forms import UnitForm
    from fsdesk.workspace import Workspace

_ENDINGS = (".xlsx", *BUNDLES)


class WrittenPacket(Struct, frozen=True):
    """A packet that was written.

    Attributes:
        ended: Whether its period was over.
        doubts: Why the clock of this PC can't be right; empty as a rule.
        sealed: What of it only its receiver can open, in words; empty for nothing.
        left_open: Whether something goes in the clear since no key of the receiver is known.
        not_enclosed: That the recovery code of a password doesn't go along; else empty.
        left_behind: How many files of evidence stay unsent: a workbook alone holds none.
    """

    packet_id: str
    unit: str
    unit_name: str
    period: Period
    file: Path
    digest: str
    ended: bool
    doubts: tuple[Finding, ...] = ()
    sealed: str = ""
    left_open: bool = False
    not_enclosed: str = ""
    left_behind: int = 0

    @property
    def notice(self) -> str:
        """What is to be told of it: how much is sealed, that it is early, or by a wrong clock."""
        name = self.period.name
        told = [f"{self.sealed}。"] if self.sealed else []
        if self.left_open:
            told.append("要求密封的内容按您的选择没有密封，请妥善保管文件。")
        if self.left_behind:
            count = self.left_behind
            told.append(f"佐证材料 {count} 个不在这份 .xlsx 中，请再导出一份 .zip 交去。")
        told.append(self.not_enclosed)
        if not self.ended:
            told.append(f"{name}尚未结束，此后的变化请在{name}结束后再导出一次。")
        return "".join([*told, *map(str, self.doubts)])


def issue_packets(
    workspace: Workspace, period: Period, folder: Path, *, unsealed: bool = False
) -> Generator[Progress, None, tuple[WrittenPacket, ...]]:
    """Write a PLAN packet for every unit that reports, now, later or for the period (下发).

    Each is also the form for the period, with what the office already knows filled in. They go to
    the folder, which is made if need be, and are returned in the order of the units. With
    ``unsealed`` rows that should travel sealed go in the clear to units of which no key is known.

    Raises:
        InputRejectedError: When this isn't the office or the folder can't be written; with
            FindingCode.NO_RECEIVER_KEY when something can't be sealed.
    """
    require_office(workspace, "下发计划")
    outrun_units(workspace)
    plan, today = current_plan(workspace), workspace.clock().astimezone().date()
    ahead = [each.plan for each in plan.former if each.until >= today]
    asked = {
        unit.code
        for one in (plan, *ahead, plan.at(period))
        for unit in one.directory.reporting_units
        if one.tasks_for(unit.code)
    }
    units = [unit for unit in plan.units_in_year.values() if unit.code in asked]
    kind = PacketKind.PLAN
    return (yield from _write_all(workspace, kind, units, period, folder, unsealed=unsealed))


def answer_reports(
    workspace: Workspace, period: Period, folder: Path, *, unsealed: bool = False
) -> Generator[Progress, None, tuple[WrittenPacket, ...]]:
    """Write a FEEDBACK packet for every unit that there is something to tell (反馈).

    That is what the office says of its report, letters to it, and the plan as it stands now. The
    folder is made if need be; the packets are returned in the order of the units. ``unsealed``
    as for `issue_packets`.

    Raises:
        InputRejectedError: When this isn't the office, there is nothing to tell, or the folder
            can't be written; with FindingCode.NO_RECEIVER_KEY when something can't be sealed.
    """
    require_office(workspace, "反馈审核意见")
    outrun_units(workspace)
    plan = current_plan(workspace)
    with workspace.reading() as session:
        told = {
            unit.code
            for unit in plan.units_in_year.values()
            if unit.kind is not UnitKind.OFFICE
            and (
                submissions.find_review(session, unit.code, str(period))
                or letters.notices(session, unit.code)
            )
        }
    units = [unit for unit in plan.units_in_year.values() if unit.code in told]
    if not units:
        raise reject(
            f"{period.label}还没有审核过的报送，也没有函件，没有可以反馈的内容",
            "请先接收或退回报送",
        )
    kind = PacketKind.FEEDBACK
    return (yield from _write_all(workspace, kind, units, period, folder, unsealed=unsealed))


def _write_all(
    workspace: Workspace,
    kind: PacketKind,
    units: Sequence[Unit],
    period: Period,
    folder: Path,
    *,
    unsealed: bool,
) -> Generator[Progress, None, tuple[WrittenPacket, ...]]:
    """Write a packet for each unit; one that can't be written stops no other."""
    if not unsealed:  # before the first is written
        with workspace.reading() as session:
            sealing.require_keys(session, workspace.rules, units)
    files.make_folder(folder)
    written: list[WrittenPacket] = []
    several = Several(workspace.folder / "logs")
    taken = list[str]()
    for count, unit in enumerate(units):
        yield Progress(count, len(units), f"正在生成{unit.name}的{kind.label}")
        with several.attempt():
            taken.append(file_name(f"{kind.label}-{unit.name}-{period}.xlsx", taken))
            form = unit_forms.unit_form(workspace, unit.code, period)
            written.append(_write(workspace, kind, form, folder / taken[-1], unsealed=unsealed))
    done = f"{len(units)} 个单位的{kind.label}只生成了 {len(written)} 个：{_named(written)}"
    several.end(done if written else "")
    yield Progress(len(units), len(units), f"{kind.label}已全部生成")
    return tuple(written)


def _named(written: Sequence[WrittenPacket]) -> str:
    return "、".join(packet.unit_name for packet in written)


def export_report(
    workspace: Workspace,
    period: Period,
    file: Path,
    *,
    changed_rows: bool = False,
    early: bool = False,
    unsealed: bool = False,
) -> WrittenPacket:
    """Write the unit's REPORT packet for a period (报送): .xlsx, or with evidence .zip or .fsdesk.

    With ``early`` also for a period that goes on while a report for one that ended is owed.

    With ``changed_rows`` only those rows of ledgers go that were changed since the report that was
    accepted last; all rows as long as none was. Rows are merged one by one, so that those left out
    stay. With ``unsealed`` what should travel sealed goes in the clear while no key of the office
    is known.

    Raises:
        InputRejectedError: When this is the office's workspace, nothing is filled in, an earlier
            report is owed, a figure that was taken over was changed without a reason, or the file
            can't be written; with FindingCode.NO_RECEIVER_KEY when something can't be sealed.
    """
    if workspace.identity.is_office:
        office = office_of(current_plan(workspace))
        raise reject(f"{office}直接在汇总端填报，不需要导出报送包", "请由责任单位导出")
    if file.suffix.lower() not in _ENDINGS:
        raise reject(
            f"报送包应为 .xlsx 文件或带佐证材料的 .zip 文件，不能写成“{file.name}”",
            "请改用 .xlsx 或 .zip 结尾的文件名",
        )
    form = unit_forms.unit_form(workspace, workspace.identity.unit, period)
    reports = reports_anything(workspace, form)
    if not reports and not replied(workspace):  # an answered letter alone may be sent
        raise reject(f"{period.label}还没有填报任何内容", "请先填报，再导出报送包")
    _check_reasons(form)
    owed = form.owed_before
    if owed is not None and reports and not early:
        raise reject(
            f"{owed.words}；{period.name}尚未结束",
            f"请先导出{owed.period.name}的（--period {owed.period}）；"
            f"确实要先导出{period.name}的，请加 --early",
        )
    files.make_folder(file.parent)
    since = (last_accepted(workspace) or 0) if changed_rows else 0
    # Evidence may be added to what was accepted, and does not take that back.
    accepted = form.state is SubmissionState.ACCEPTED and not any(
        thing.kind is ThingKind.RECORD and thing.period == str(period)
        for thing in handover.handed_over(workspace).unsent
    )
    # Where only letters are answered, the report stands, or is to come.
    submits = reports and not accepted
    return _write(
        workspace, PacketKind.REPORT, form, file, since, submits=submits, unsealed=unsealed
    )


def _check_reasons(form: UnitForm) -> None:
    """Refuse a report in which people changed what the own aggregate says without a reason."""
    changed = [
        error(f"{line.indicator.code} {line.indicator.name}：{line.drawn_words}", "写明后再导出")
        for task in form.tasks
        for line in task.indicators
        if line.lacks_reason
    ]
    raise_errors(changed)


def reports_anything(workspace: Workspace, form: UnitForm) -> bool:
    """Tell whether anything at all is recorded that a report of the period would carry."""
    with workspace.reading() as session:
        rows = any(ledgers.entry_counts(session).values())
    return rows or bool(form.evidence) or any(not each.empty for each in _rows(workspace, form))


def replied(workspace: Workspace) -> Mapping[str, int]:
    """Return how many letters the unit has answered, by what: 回复, 申请延期, 异议."""
    with workspace.reading() as session:
        return Counter(
            letter.answered_by for letter in letters.letters(session) if letter.replied_at
        )


def last_accepted(workspace: Workspace) -> int | None:
    """Return with which batch this unit's newest report ends that was accepted; None for none."""
    with workspace.reading() as session:
        packets = [
            submissions.standing_packet(session, item)
            for item in submissions.submissions(session)
            if item.state is SubmissionState.ACCEPTED and item.unit == workspace.identity.unit
        ]
    return max((packet.rows_end for packet in packets if packet is not None), default=None)


def _write(  # noqa: PLR0913 - what a packet is made of
    workspace: Workspace,
    kind: PacketKind,
    form: UnitForm,
    file: Path,
    since: int = 0,
    *,
    submits: bool = False,
    unsealed: bool = False,
) -> WrittenPacket:
    """Write a packet's file, its copy and what is remembered of it: all or nothing."""
    at_office = workspace.identity.is_office
    with workspace.reading() as session:  # what is typed from now on may be left out
        ends = audit.position(session), ledgers.newest_batch(session)
        marks = {} if at_office else receipts.row_marks(session, workspace)
        newest = audit.newest_time(session)
    doubts = tuple(clock_doubts(workspace.now(), newest, workspace.identity.year))
    with files.all_or_none(file):
        packet, contents, enclosed = _packet(workspace, kind, form, file, since, unsealed=unsealed)
        packet = _write_file(workspace, packet, form, file, enclosed, contents.file_key)
        with files.all_or_none(copy_of(workspace, file, packet.digest, Direction.SENT)):
            copy = keep_copy(workspace, file, packet.digest, Direction.SENT)
            note = packet_note(workspace, packet, copy, Direction.SENT)
            note = replace(note, log_end=ends[0], rows_end=ends[1], name=file.name)
            if not at_office:
                note = replace(note, held=receipts.held_in(packet, enclosed, marks))
            elif packet.directives is not None and packet.directives.receipts is not None:
                note = replace(note, mark=packet.directives.receipts.mark)
            with workspace.writing(note.id) as writing:
                submissions.save_packet(writing, note)
                if submits:
                    submissions.save_submission(writing, _submitted(note))
    return WrittenPacket(
        note.id,
        form.unit,
        form.unit_name,
        form.period,
        file,
        packet.digest,
        form.ended,
        doubts,
        sealing.told(packet.ledgers, contents.parts),
        contents.left_open,
        recovering.not_enclosed(workspace, form.plan) if kind is PacketKind.REPORT else "",
        _left_behind(workspace, form.period, file) if kind is PacketKind.REPORT else 0,
    )


def _left_behind(workspace: Workspace, period: Period, file: Path) -> int:
    if file.suffix.lower() in BUNDLES:
        return 0
    unsent = handover.handed_over(workspace).unsent
    return sum(thing.kind is ThingKind.EVIDENCE and thing.period == str(period) for thing in unsent)


def _submitted(note: PacketNote) -> Submission:
    return Submission(
        unit=note.unit,
        period=note.period,
        state=SubmissionState.SUBMITTED,
        made_at=note.handled_at,
        packet=note.id,
        digest=note.digest,
    )


def _write_file(
    workspace: Workspace,
    packet: Packet,
    form: UnitForm,
    file: Path,
    enclosed: Sequence[Attachment],
    file_key: bytes,
) -> Packet:
    """Write a packet, signed, as a workbook or with its evidence files; returns it as written."""
    from fsdesk.packets import bundle, writer  # openpyxl is needed from here on

    sign = signing_key(workspace).sign
    if file.suffix.lower() not in BUNDLES:
        return writer.write_packet(file, packet, form.plan, _previous(form), sign)
    with files.scratch(file) as aside:
        book = aside / "book.xlsx"
        packet = writer.write_packet(book, packet, form.plan, _previous(form), sign)
        stored = workspace.attachments
        bundle.pack(file, book, enclosed, lambda it: kept.opened(stored / it), file_key)
    return packet


def _packet(
    workspace: Workspace,
    kind: PacketKind,
    form: UnitForm,
    file: Path,
    since: int,
    *,
    unsealed: bool,
) -> tuple[Packet, sealing.Sealed, tuple[Attachment, ...]]:
    """Return a packet, how its contents are divided, and the evidence files that go along."""
    header = PacketHeader(
        packet_id=secrets.token_hex(8),
        kind=kind,
        unit=form.unit,
        unit_name=form.unit_name,
        period=str(form.period),
        year=form.plan.year,
        plan_revision=form.plan.revision,
        author=workspace.identity.id,
        created_at=workspace.clock(),
        due=report_due(form.period, workspace.rules).isoformat(),
    )
    zipped = file.suffix.lower() in BUNDLES
    carried, entries = _ledgers(workspace, kind, form, since)
    enclosed = enclosed_files(workspace, form) if zipped else ()
    with workspace.reading() as session:
        below = parts_below.carried(session, kind, form.unit, form.period)
    contents = sealing.seal_contents(
        workspace, header, form.plan, carried, entries, enclosed, below=below, unsealed=unsealed
    )
    if contents.parts:
        header = replace(header, format_version=SEALED_FORMAT)
    if below is not None:
        header = replace(header, format_version=PARTS_FORMAT)
    packet = Packet(
        header=header,
        records=_rows(workspace, form),
        ledgers=carried,
        entries=contents.entries,
        sealed=contents.parts,
        directives=_directives(workspace, kind, form),
        files=contents.files,
        part_sheet=contents.part_sheet,
        recovery=recovering.for_office(workspace, form.plan) if kind is PacketKind.REPORT else None,
        answers=_answers(workspace, form) if kind is PacketKind.REPORT else (),
        **_reply_form(workspace, kind, form),
    )
    return packet, contents, enclosed


def _answers(workspace: Workspace, form: UnitForm) -> tuple[Opinion, ...]:
    """Return what is answered to the opinions on the report; an unanswered one says nothing."""
    found = opinions.opinions(workspace, form.unit, form.period)
    return tuple(each for each in found if not each.open)


def _reply_form(workspace: Workspace, kind: PacketKind, form: UnitForm) -> dict[str, Any]:
    """Return the letters to the unit and its replies; nothing goes along without a letter."""
    if kind is PacketKind.PLAN:
        return {}
    with workspace.reading() as session:
        found = tuple(notice.letter for notice in letters.notices(session, form.unit))
    replies = (reply_of(letter) for letter in found)
    return {"letters": found, "replies": tuple(each for each in replies if not each.empty)}


def _ledgers(
    workspace: Workspace, kind: PacketKind, form: UnitForm, since: int
) -> tuple[tuple[Ledger, ...], tuple[LedgerEntry, ...]]:
    """Return the ledgers that go along, and the unit's rows in them.

    A form has a sheet for each ledger that feeds an indicator of the unit; a report only for those
    in which the unit has rows.
    """
    asked = {line.indicator.code for task in form.tasks for line in task.indicators}
    found: list[Ledger] = []
    entries: list[LedgerEntry] = []
    with workspace.reading() as session:
        kept = ledgers.kept_by(session, form.unit)
        for ledger in ledgers.load_ledgers(session):
            rows: tuple[LedgerEntry, ...] = ()
            if ledger.code in kept:
                rows = tuple(ledgers.all_entries(session, ledger.code, form.unit, since))
            fed = any(feed.indicator in asked for feed in ledger.feeds)
            if rows or (fed and kind is not PacketKind.REPORT):
                found.append(ledger)
                entries += rows
    return tuple(found), tuple(entries)


def _directives(workspace: Workspace, kind: PacketKind, form: UnitForm) -> Directives | None:
    if kind is PacketKind.REPORT:
        return None
    rules, plan = workspace.rules, current_plan(workspace)
    confirmed = receipts.receipts_for(workspace, form.unit, form.period)
    with workspace.reading() as session:
        declared = ledgers.load_ledgers(session)
        choices, office = load_choices(session), identity.load_office(session)
        if kind is PacketKind.PLAN:
            events = own_events(session)
            return Directives(
                plan,
                rules,
                declared,
                events=events,
                quality=choices,
                office=office,
                receipts=confirmed,
            )
        return Directives(
            plan,
            rules,
            declared,
            submissions.find_review(session, form.unit, str(form.period)),
            letters.notices(session, form.unit),
            own_events(session),
            choices,
            office,
            confirmed,
        )


def enclosed_files(workspace: Workspace, form: UnitForm) -> tuple[Attachment, ...]:
    """Return the evidence files of the period, and those of replies to letters."""
    with workspace.reading() as session:
        found = attachments.attachments(session, form.unit)
        keys = {notice.letter.key for notice in letters.notices(session, form.unit)}
    period = str(form.period)
    return tuple(a for a in found if a.record.period == period or a.record.item in keys)


def _rows(workspace: Workspace, form: UnitForm) -> tuple[Record, ...]:
    """Return a record for every line of the form, empty where nothing is recorded."""
    with workspace.reading() as session:
        known = records.load_records(session, unit=form.unit, period=str(form.period))
    by_key = {record.key: record for record in known}
    return tuple(
        by_key.get(key, Record(key, empty_content(key.kind)))
        for key in form_keys(form.plan, form.unit, form.period)
    )


def form_keys(plan: Plan, unit: str, period: Period) -> tuple[RecordKey, ...]:
    """Return the keys of all that the plan of a period asks a unit for, in the plan's order."""
    plan = plan.at(period)
    keys: list[RecordKey] = []
    for task in plan.tasks_for(unit):
        keys.append(RecordKey(RecordKind.PROGRESS, task.code, unit, str(period)))
        keys += [
            RecordKey(RecordKind.VALUE, indicator.code, unit, str(period))
            for indicator in task.indicators
            if indicator.typed and unit in plan.reporters(indicator)
        ]
        keys += [
            RecordKey(RecordKind.MILESTONE, item.code, unit, str(period))
            for item in task.deliverables
        ]
    return tuple(keys)


def _previous(form: UnitForm) -> Mapping[str, str]:
    """Return what stands beside each line for people: last words, and figures to date."""
    texts: dict[str, str] = {}
    for task in form.tasks:
        if task.previous is not None:
            texts[task.task.code] = task.previous.text
        for line in task.indicators:
            texts[line.indicator.code] = unit_forms.figure_text(line, form.period)
        for item in task.deliverables:
            if item.previous is not None and item.previous.status is not None:
                texts[item.deliverable.code] = item.previous.status.label
    return texts


def keep_copy(workspace: Workspace, file: Path, digest: str, direction: Direction) -> str:
    """Copy a packet's file into the workspace as it is; return its name below its packets."""
    copy = copy_of(workspace, file, digest, direction)
    kept.copy_in(file, copy)
    return f"{direction}/{copy.name}"


def copy_of(workspace: Workspace, file: Path, digest: str, direction: Direction) -> Path:
    """Return where the copy of a packet's file lies."""
    return workspace.packets / direction / f"{digest[:12]}{file.suffix.lower()}"


def packet_note(
    workspace: Workspace,
    packet: Packet,
    copy: str,
    direction: Direction,
    signature: SignatureState | None = None,
) -> PacketNote:
    """Return what is remembered of a packet."""
    made_at = packet.header.created_at
    if packet.hand_edited or packet.header.kind is not PacketKind.REPORT:
        # A form that was filled by hand was finished when it was last saved, not when it was
        # issued; without that date, when it came in.
        made_at = packet.modified_at or workspace.clock()
    if direction is Direction.SENT:
        made_at = packet.header.created_at
    return PacketNote(
        digest=packet.digest,
        id=packet.header.packet_id,
        direction=direction,
        kind=packet.header.kind,
        unit=packet.header.unit,
        period=packet.header.period,
        author=packet.header.author,
        made_at=made_at.isoformat(timespec="seconds"),
        handled_at=workspace.now(),
        plan_revision=packet.header.plan_revision,
        file=copy,
        signature=signature,
        contents=receipts.contents_text(packet),
    )
