"""Packets in: reading, showing what they would change, and taking them, each all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from fsdesk.domain.checks import check_record
from fsdesk.domain.findings import (
    Finding,
    FsdeskError,
    InputRejectedError,
    error,
    raise_errors,
    reject,
)
from fsdesk.domain.merge import Version, admit, differing, leading
from fsdesk.domain.packet import Packet, PacketKind, packet_digest
from fsdesk.domain.periods import Period
from fsdesk.domain.steps import Progress
from fsdesk.services.exchange import keep_copy, packet_note
from fsdesk.services.planning import plan_in
from fsdesk.store import identity, plans, records, submissions
from fsdesk.store.submissions import Submission

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.plan import Plan
    from fsdesk.domain.records import Content, Record
    from fsdesk.store.session import Session, Writing
    from fsdesk.store.submissions import PacketNote
    from fsdesk.workspace import Workspace

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")


class Result(StrEnum):
    """What became of a file; the value goes into JSON."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"imported": "已导入", "unchanged": "无变化", "rejected": "未接收"}[self.value]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a packet would change in one record.

    Attributes:
        before: What leads now; None if nothing is recorded.
        after: What the packet says.
        conflict: Both sides changed it; both will be kept.
    """

    before: Record | None
    after: Record
    conflict: bool


@dataclass(frozen=True, slots=True)
class CheckedPacket:
    """A file after it was read and compared with the workspace.

    Attributes:
        file: The file.
        packet: What it says; None when it can't be taken.
        digest: Digest of what it says; empty when it can't be read.
        changes: Row by row; empty when it brings nothing new.
        new_plan: Whether it brings a plan that differs from the one here.
        findings: Everything to tell; errors mean that it can't be taken.
    """

    file: Path
    packet: Packet | None
    digest: str = ""
    changes: tuple[RowChange, ...] = ()
    new_plan: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it can be taken."""
        return self.packet is not None

    @property
    def conflicts(self) -> int:
        """How many rows were changed on both sides."""
        return sum(change.conflict for change in self.changes)

    @property
    def signature(self) -> str:
        """Whether the sender is proven; packets are not signed yet, some are filled by hand."""
        return "hand-filled" if self.packet and self.packet.hand_edited else "unsigned"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of one file, in words."""

    file: Path
    result: Result
    message: str
    checked: CheckedPacket


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What became of all files.

    Attributes:
        files: One entry a file, in the order in which they were taken.
    """

    files: tuple[TakenFile, ...] = field(default=())

    def count(self, result: Result) -> int:
        """Return how many files had a result."""
        return sum(item.result is result for item in self.files)

    @property
    def conflicts(self) -> int:
        """How many rows were kept twice."""
        return sum(item.checked.conflicts for item in self.files if item.result is Result.IMPORTED)


def packet_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files named and all spreadsheets below the folders named, each once.

    Lock files that office programs leave beside an open document (``~$``, ``.~``) are left out.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for file in sorted(path.rglob("*")):
            hidden = file.name.startswith(("~$", "."))
            if file.suffix.lower() in SPREADSHEETS and file.is_file() and not hidden:
                found[file] = None
    return tuple(found)


def check_packets(
    workspace: Workspace, paths: Sequence[Path]
) -> Generator[Progress, None, tuple[CheckedPacket, ...]]:
    """Read packets and say what they would change, without changing anything.

    Yields:
        How far it is.

    Returns:
        One entry a file.
    """
    files = packet_files(paths)
    checked: list[CheckedPacket] = []
    for count, file in enumerate(files):
        yield Progress(count, len(files), f"正在检查 {file.name}")
        checked.append(check_packet(workspace, file))
    yield Progress(len(files), len(files), "检查完成")
    return tuple(checked)


def import_packets(
    workspace: Workspace, paths: Sequence[Path], shown: Mapping[Path, str] | None = None
) -> Generator[Progress, None, ImportSummary]:
    """Take packets, each in a transaction of its own: all of it or nothing.

    Args:
        workspace: The workspace.
        paths: Files and folders.
        shown: By file, the digest of what the user was shown of it; a file that says something
            else by now is refused.

    Yields:
        How far it is.

    Returns:
        What became of each file.
    """
    files = packet_files(paths)
    taken: list[TakenFile] = []
    for count, file in enumerate(files):
        yield Progress(count, len(files), f"正在导入 {file.name}")
        taken.append(import_packet(workspace, file, (shown or {}).get(file)))
    yield Progress(len(files), len(files), "导入完成")
    return ImportSummary(tuple(taken))


def check_packet(workspace: Workspace, file: Path) -> CheckedPacket:
    """Read one packet and compare it with the workspace."""
    try:
        packet = read(file)
        with workspace.reading() as session:
            return _compare(workspace, session, file, packet)
    except FsdeskError as problem:
        return CheckedPacket(file, None, findings=problem.findings)


def import_packet(workspace: Workspace, file: Path, shown: str | None = None) -> TakenFile:
    """Take one packet; a refused one changes nothing.

    Args:
        workspace: The workspace.
        file: The file.
        shown: Digest of what the user was shown; None when nothing was.
    """
    try:
        packet = read(file)
        digest = packet_digest(packet.header, packet.records)
        if shown not in (None, digest):
            raise reject(f"“{file.name}”在检查之后又被改动", "请重新检查，再接收")
        copy = keep_copy(workspace, file, digest, "received")
        with workspace.writing(packet.header.packet_id) as writing:
            checked = _compare(workspace, writing.session, file, packet)
            note = packet_note(workspace, packet, digest, copy, "received")
            changed = _apply(workspace, writing, checked, note)
    except FsdeskError as problem:
        message = "；".join(str(finding).rstrip("。") for finding in problem.findings)
        checked = CheckedPacket(file, None, findings=problem.findings)
        return TakenFile(file, Result.REJECTED, message, checked)
    if not changed:
        return TakenFile(file, Result.UNCHANGED, "内容已在库中，没有变化", checked)
    return TakenFile(file, Result.IMPORTED, _summary(checked), checked)


def _summary(checked: CheckedPacket) -> str:
    parts = [f"更新 {len(checked.changes)} 项"]
    if checked.new_plan:
        parts.append("计划已更新")
    if checked.conflicts:
        parts.append(f"{checked.conflicts} 项两边都改过，已并列保留，等待处理")
    warnings = [finding for finding in checked.findings if finding.message]
    if warnings:
        parts.append(f"{len(warnings)} 条提醒")
    return "，".join(parts)


def read(file: Path) -> Packet:
    """Read a packet's file, wherever it comes from.

    Raises:
        InputRejectedError: With every reason why it can't be read.
    """
    from fsdesk.packets.reader import read_packet  # the readers are needed from here on

    return read_packet(file)


def _compare(workspace: Workspace, session: Session, file: Path, packet: Packet) -> CheckedPacket:
    """Check a packet against the workspace's rules and list what it would change.

    Raises:
        InputRejectedError: With every reason why it can't be taken.
    """
    plan = _addressed_plan(workspace, session, file, packet)
    findings = [*packet.findings, *_check_rows(workspace, session, plan, packet)]
    raise_errors(findings)
    changes = tuple(_row_changes(workspace, session, packet.records))
    present = plan_in(session, workspace.identity.year)
    return CheckedPacket(
        file=file,
        packet=packet,
        digest=packet_digest(packet.header, packet.records),
        changes=changes,
        new_plan=plan != present,
        findings=tuple(findings),
    )


def _addressed_plan(workspace: Workspace, session: Session, file: Path, packet: Packet) -> Plan:
    """Return the plan by which a packet is judged, once it is clear that it may come here."""
    header, whose = packet.header, workspace.identity
    if header.year != whose.year:
        raise InputRejectedError(
            error(
                f"“{file.name}”是 {header.year} 年度的文件，本工作区是 {whose.year} 年度",
                "请核对年度，或在对应年度的工作区导入",
            )
        )
    plan = plan_in(session, whose.year)
    if header.kind is PacketKind.FEEDBACK:
        raise InputRejectedError(error("本版本不能导入反馈包", "请升级本程序"))
    if whose.is_office:
        _check_sender(packet, plan)
        return plan
    if header.unit != whose.unit:
        raise InputRejectedError(
            error(f"“{file.name}”属于{header.unit_name}，不属于本单位", "请选择本单位的文件")
        )
    newer = packet.plan is not None and packet.plan.revision > plan.revision
    return packet.plan if newer and packet.plan is not None else plan


def _check_sender(packet: Packet, plan: Plan) -> None:
    header = packet.header
    if header.unit not in plan.directory.by_code:
        raise InputRejectedError(
            error(f"计划中没有单位“{header.unit_name}”（{header.unit}）", "请核对文件来源")
        )
    if not packet.filled:
        raise InputRejectedError(
            error(
                f"{header.unit_name}的文件中没有填报任何内容",
                "请确认发来的是填好的文件，而不是空白的下发包",
            )
        )


def _check_rows(
    workspace: Workspace, session: Session, plan: Plan, packet: Packet
) -> Iterable[Finding]:
    """Check every filled row as if it had been typed here, beside all others of the packet."""
    unit = packet.header.unit
    rules = identity.load_rules(session)
    today = workspace.clock().astimezone().date()
    known = {record.key: record for record in records.load_records(session, unit=unit)}
    beside = list((known | {record.key: record for record in packet.records}).values())
    for record in packet.records:
        if record.key.unit != unit or record.key.period != packet.header.period:
            yield error("文件中混有其他单位或其他报告期的行", "请使用原始的下发包或报送包")
            return
        for finding in check_record(plan, record, beside, rules, today):
            place = packet.places.get(record.key)
            yield finding.at(place) if place else finding


def _row_changes(
    workspace: Workspace, session: Session, incoming: Iterable[Record]
) -> Iterable[RowChange]:
    for record in incoming:
        if not record.revision:
            continue
        held = records.versions_of(session, record.key)
        old: tuple[Version[Content], ...] = tuple(
            Version(item.record.content, item.record.revision) for item in held
        )
        new = admit(old, Version(record.content, record.revision))
        if new is old:
            continue
        before = next((item.record for item in held if item.leading), None)
        conflict = bool(differing(new, leading(new, workspace.identity.id)))
        yield RowChange(before, record, conflict)


def _apply(
    workspace: Workspace, writing: Writing, checked: CheckedPacket, note: PacketNote
) -> bool:
    """Store what a packet says.

    Returns:
        Whether anything changed.
    """
    packet = checked.packet
    if packet is None:
        return False
    changed = bool(checked.changes)
    if not workspace.identity.is_office and packet.plan is not None and checked.new_plan:
        plans.save_plan(writing, packet.plan)
        changed = True
    changed |= _apply_rules(workspace, writing, packet)
    for change in checked.changes:
        records.take(writing, change.after)
    if submissions.find_packet(writing.session, note.digest) is None:
        submissions.save_packet(writing, note)
        changed = True
        if workspace.identity.is_office:
            submissions.save_submission(writing, _submission(writing, note))
    return changed


def _apply_rules(workspace: Workspace, writing: Writing, packet: Packet) -> bool:
    """Store the district's rules that came with a plan; the office keeps its own."""
    if workspace.identity.is_office or not packet.rules:
        return False
    rules = identity.rules_from_dict(packet.rules)
    if rules == identity.load_rules(writing.session):
        return False
    identity.save_rules(writing, rules)
    return True


def _submission(writing: Writing, note: PacketNote) -> Submission:
    """Return a unit's submission after one more packet of it, whatever the order of arrival.

    A report that came in time stays in time when a correction follows; the newest packet is the
    one that stands.
    """
    received = [
        item
        for item in submissions.packets(writing.session)
        if (item.direction, item.unit, item.period) == ("received", note.unit, note.period)
    ]
    newest = max([*received, note], key=lambda item: (item.made_at, item.digest))
    return Submission(
        unit=note.unit,
        period=str(Period.parse(note.period)),
        state="submitted",
        made_at=min(item.made_at for item in [*received, note]),
        received_at=min(item.handled_at for item in [*received, note]),
        packet=newest.id,
        digest=newest.digest,
    )
