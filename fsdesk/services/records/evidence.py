"""Evidence: files that prove what was recorded, kept once by their content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject, warning
from fsdesk.domain.names import file_name, shown_name
from fsdesk.domain.periods import Period
from fsdesk.domain.records.attachments import Attachment, check_size
from fsdesk.domain.records.checks import asked
from fsdesk.files import all_or_none, sha256_of, told
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records.locking import locked, require_open
from fsdesk.store import kept
from fsdesk.store.records import attachments, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.records.records import RecordKey
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

_NAMED = 3


def attach(workspace: Workspace, key: RecordKey, file: Path) -> Attachment:
    """Keep a copy of a file as proof of a record, also before anything is recorded there.

    Raises:
        InputRejectedError: When the unit is not asked for it, or the file can't be read, is empty
            or too large.
    """
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        if not asked(plan, key) and records.find(session, key) is None:
            raise reject(f"计划没有要求填报“{key.item}”", "请核对任务和报告期")
    return keep(workspace, key, file)


def keep(workspace: Workspace, key: RecordKey, file: Path) -> Attachment:
    """Keep a copy of a file as proof of something that need not be recorded.

    Raises:
        InputRejectedError: When the file can't be read, is empty or too large.
    """
    size = check(file)
    with told("读取", file):
        digest = sha256_of(file)
    with all_or_none(workspace.attachments / digest):
        with told("读取", file), file.open("rb") as stream:
            digest, _ = kept.keep_content(stream, workspace.attachments)
        attachment = Attachment(digest, shown_name(file.name) or digest, size, key)
        with workspace.writing() as writing:
            attachments.save_attachment(writing, attachment)
    return attachment


def check(file: Path) -> int:
    """Make sure that a file can be taken as proof; return its size in bytes.

    Raises:
        InputRejectedError: When it can't be read, is empty or too large.
    """
    with told("读取", file):
        size = file.stat().st_size
    check_size(file.name, size)
    return size


def content(workspace: Workspace, attachment: Attachment) -> bytes:
    """Return what an evidence file holds; InputRejectedError when it is missing or damaged."""
    return kept.read_bytes(workspace.attachments / attachment.digest)


def detach(workspace: Workspace, attachment: Attachment) -> None:
    """Let a file prove a record no longer; the stored file stays, since others may need it.

    Raises:
        InputRejectedError: When the office has accepted the record; more proof may still be added.
    """
    key = attachment.record
    with workspace.writing() as writing:
        if records.find(writing.session, key) is not None:  # a letter's proof has no record
            require_open(writing.session, plan_in(writing.session, workspace.identity.year), [key])
        attachments.remove_attachment(writing, attachment)


def late_proof(session: Session, packet: Packet, name: str) -> Iterator[Finding]:
    """Tell of proof that a packet adds to an accepted report: it may, and somebody has to look.

    `name`: the unit's.
    """
    header = packet.header
    if not packet.files or not locked(session, header.unit, header.period):
        return
    known = {(x.digest, x.record) for x in attachments.attachments(session, header.unit)}
    new = [x for x in packet.files if (x.digest, x.record) not in known]
    new = [x.name for x in new if x.record.period == header.period]
    if new:
        named = "、".join(new[:_NAMED]) + (" 等" if len(new) > _NAMED else "")
        yield warning(
            f"{name}{Period.parse(header.period).label}的报送已接收锁定，"
            f"这次又附来 {len(new)} 份佐证材料（{named}），记录不变，材料照常登记",
            "请补看这些材料；与已接收的数据不符的，请在“审核”中重新开放该报告期",
        )


def readable(workspace: Workspace, file: Path, folder: Path) -> Path:
    """Return a kept file for other programs: itself, or where it lies encrypted a copy in a folder.

    InputRejectedError when it is missing or can't be copied.
    """
    if not kept.is_there(file):
        raise reject(f"文件已不在工作区中：{file.name}", "有备份时可以从备份恢复")
    if not workspace.has_password:
        return file
    kept.copy_out(file, folder / file.name)
    return folder / file.name


def copy_out(workspace: Workspace, attachment: Attachment, folder: Path) -> Path:
    """Copy a stored file under its own name to a folder, so that another program can open it.

    Raises:
        InputRejectedError: When it is missing or can't be copied.
    """
    target = folder / file_name(attachment.name)
    kept.copy_out(workspace.attachments / attachment.digest, target)
    return target
