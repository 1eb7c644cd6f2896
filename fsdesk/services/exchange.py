"""Packets out: the office issues plans, a unit exports its report."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.packet import Packet, PacketHeader, PacketKind, packet_digest
from fsdesk.domain.records import Record, RecordKey, RecordKind, empty_content
from fsdesk.domain.steps import Progress
from fsdesk.services import recording
from fsdesk.services.planning import current_plan, require_office
from fsdesk.store import records, submissions
from fsdesk.store.submissions import PacketNote, Submission

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan import Plan
    from fsdesk.services.recording import UnitForm
    from fsdesk.workspace import Workspace

_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class WrittenPacket:
    """A packet that was written.

    Attributes:
        packet_id: Its id.
        unit: Code of the unit.
        unit_name: Its name.
        period: The period.
        file: Where it was written.
        digest: Digest of what it says.
    """

    packet_id: str
    unit: str
    unit_name: str
    period: Period
    file: Path
    digest: str


def issue_packets(
    workspace: Workspace, period: Period, folder: Path
) -> Generator[Progress, None, tuple[WrittenPacket, ...]]:
    """Write a PLAN packet for every unit that reports (下发).

    Each is also the form for the period, with what the office already knows filled in.

    Args:
        workspace: The office's.
        period: The period that the units are asked to fill.
        folder: Where the files go; made if it does not exist.

    Yields:
        How far it is.

    Returns:
        The packets, in the order of the units.

    Raises:
        InputRejectedError: When this isn't the office or the folder can't be written.
    """
    require_office(workspace, "下发计划")
    _make_folder(folder)
    plan = current_plan(workspace)
    units = [unit for unit in plan.directory.reporting_units if plan.tasks_for(unit.code)]
    written: list[WrittenPacket] = []
    for count, unit in enumerate(units):
        yield Progress(count, len(units), f"正在生成{unit.name}的下发包")
        file = folder / f"下发包-{unit.name}-{period}.xlsx"
        form = recording.unit_form(workspace, unit.code, period)
        written.append(_write(workspace, PacketKind.PLAN, form, file))
    yield Progress(len(units), len(units), "下发包已全部生成")
    return tuple(written)


def export_report(workspace: Workspace, period: Period, file: Path) -> WrittenPacket:
    """Write the unit's REPORT packet for a period (报送).

    Args:
        workspace: The unit's.
        period: The period.
        file: Where it goes; the ending must be .xlsx.

    Raises:
        InputRejectedError: When this is the office's workspace, nothing is filled in, or the file
            can't be written.
    """
    if workspace.identity.is_office:
        raise reject("区食药安办直接在汇总端填报，不需要导出报送包", "请由责任单位导出")
    if file.suffix.lower() != ".xlsx":
        raise reject(f"报送包应为 .xlsx 文件，不能写成“{file.name}”", "请改用 .xlsx 结尾的文件名")
    form = recording.unit_form(workspace, workspace.identity.unit, period)
    if not any(task.filled for task in form.tasks):
        raise reject(f"{period.label}还没有填报任何内容", "请先填报，再导出报送包")
    _make_folder(file.parent)
    written = _write(workspace, PacketKind.REPORT, form, file)
    submission = Submission(
        unit=written.unit,
        period=str(period),
        state="submitted",
        made_at=workspace.now(),
        packet=written.packet_id,
        digest=written.digest,
    )
    with workspace.writing(written.packet_id) as writing:
        submissions.save_submission(writing, submission)
    return written


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise reject(f"不能写入文件夹“{folder}”", "请另选一个文件夹") from problem


def _write(workspace: Workspace, kind: PacketKind, form: UnitForm, file: Path) -> WrittenPacket:
    from fsdesk.packets.writer import write_packet  # openpyxl is needed from here on

    rules = workspace.rules
    header = PacketHeader(
        packet_id=secrets.token_hex(_ID_BYTES),
        kind=kind,
        unit=form.unit,
        unit_name=form.plan.directory.name(form.unit),
        period=str(form.period),
        year=form.plan.year,
        plan_revision=form.plan.revision,
        author=workspace.identity.id,
        created_at=workspace.clock(),
        due=form.period.due(rules.due_days).isoformat(),
    )
    packet = Packet(
        header=header,
        records=_rows(workspace, form),
        plan=form.plan if kind is PacketKind.PLAN else None,
        rules=asdict(rules) if kind is PacketKind.PLAN else None,
    )
    write_packet(file, packet, form.plan, _previous(form))
    digest = packet_digest(header, packet.records)
    _remember(workspace, packet, file, digest)
    return WrittenPacket(header.packet_id, form.unit, header.unit_name, form.period, file, digest)


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
    """Return the keys of all that a unit is asked for in a period, in the plan's order."""
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
            texts[line.indicator.code] = recording.figure_text(line)
        for item in task.deliverables:
            if item.previous is not None and item.previous.status is not None:
                texts[item.deliverable.code] = item.previous.status.label
    return texts


def _remember(workspace: Workspace, packet: Packet, file: Path, digest: str) -> None:
    """Keep a copy of a packet that was sent."""
    copy = keep_copy(workspace, file, digest, "sent")
    note = packet_note(workspace, packet, digest, copy, "sent")
    with workspace.writing(packet.header.packet_id) as writing:
        submissions.save_packet(writing, note)


def keep_copy(workspace: Workspace, file: Path, digest: str, direction: str) -> str:
    """Copy a packet's file into the workspace, as it is.

    Returns:
        The copy's name below the workspace's packets folder.
    """
    folder = workspace.packets / direction
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{digest[:12]}{file.suffix.lower()}"
    partial = folder / f"{name}.part"
    shutil.copyfile(file, partial)
    partial.replace(folder / name)
    return f"{direction}/{name}"


def packet_note(
    workspace: Workspace, packet: Packet, digest: str, copy: str, direction: str
) -> PacketNote:
    """Return what is remembered of a packet."""
    made_at = packet.header.created_at
    if packet.hand_edited or packet.header.kind is PacketKind.PLAN:
        # A form that was filled by hand was finished when it was last saved, not when it was
        # issued; without that date, when it came in.
        made_at = packet.modified_at or workspace.clock()
    if direction == "sent":
        made_at = packet.header.created_at
    return PacketNote(
        digest=digest,
        id=packet.header.packet_id,
        direction=direction,
        kind=packet.header.kind.value,
        unit=packet.header.unit,
        period=packet.header.period,
        author=packet.header.author,
        made_at=made_at.isoformat(timespec="seconds"),
        handled_at=workspace.now(),
        plan_revision=packet.header.plan_revision,
        file=copy,
    )


def history(workspace: Workspace) -> tuple[PacketNote, ...]:
    """Return all packets that were sent or received, newest first."""
    with workspace.reading() as session:
        return submissions.packets(session)
