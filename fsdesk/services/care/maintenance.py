"""Looking after a workspace: whole backups, bringing one back, and checking that all is well."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk import files
from fsdesk.domain.findings import FsdeskError, reject
from fsdesk.services.plan.planning import current_plan
from fsdesk.store import audit, backup
from fsdesk.store.copies import problems_of
from fsdesk.store.packet.keys import protect
from fsdesk.store.passphrase import LEAST_LENGTH, is_sealed, new_archive, opened_archive
from fsdesk.store.records import attachments, records, submissions
from fsdesk.workspace import DATABASE, SUBFOLDERS

if TYPE_CHECKING:
    from collections.abc import Collection

    from fsdesk.workspace import Workspace

LEAST_PASSPHRASE = LEAST_LENGTH
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
# Folders that a backup carries beside the database; backups and logs stay behind.
_CARRIED = ("attachments", "packets", "keys", "templates")


def back_up(workspace: Workspace, file: Path, passphrase: str = "") -> None:
    """Write the whole workspace into one zip file.

    With ``passphrase`` nobody can open it without; it is kept nowhere.

    Raises:
        InputRejectedError: When the file can't be written or exists already, or the passphrase is
            too short.
    """
    if file.exists():
        raise reject(f"文件“{file}”已存在", "请换一个文件名，以免覆盖原有备份")
    folder = workspace.folder
    with files.scratch(file) as aside, new_archive(file, passphrase) as archive:
        # Private, since the signing key is in it.
        copy = aside / DATABASE
        backup.snapshot(workspace.engine, copy, file)
        archive.write(copy, DATABASE)
        for name in _CARRIED:
            for item in sorted((folder / name).rglob("*")):
                if item.is_file():
                    archive.write(item, item.relative_to(folder).as_posix())


def restore(file: Path, folder: Path, passphrase: str = "") -> None:
    """Unpack a backup into a folder that holds no workspace yet; see `restoring` for one that does.

    ``passphrase`` is that of a backup that was made with one (`needs_passphrase`).

    Raises:
        InputRejectedError: When the file is no backup or is damaged, or a workspace is there
            already; with FindingCode.PASSPHRASE when the passphrase is missing or wrong.
    """
    if (folder / DATABASE).exists():
        raise reject(f"文件夹“{folder}”中已有工作区", "请恢复到一个空文件夹，核对后再替换")
    with files.scratch(folder / DATABASE) as aside:
        unpack(file, aside, passphrase)
        if problems_of(aside / DATABASE):
            raise reject(f"备份文件“{file}”中的数据库已损坏", "请换一份备份")
        for name in SUBFOLDERS:
            files.make_folder(folder / name)
        # Last, since the database is what makes the folder a workspace.
        files.move_tree(aside, folder, last=DATABASE)
    protect(folder / "keys")


def unpack(
    file: Path, target: Path, passphrase: str = "", only: Collection[str] | None = None
) -> None:
    """Take out of a backup what lies in it.

    `target`: the folder that it goes to.
    `only`: names of the entries that are wanted; all when left out.

    Raises:
        InputRejectedError: When the file is no backup or can't be read; with
            FindingCode.PASSPHRASE when the passphrase is missing or wrong.
    """
    try:
        with opened_archive(file, passphrase, target / DATABASE) as archive:
            names = archive.namelist()
            if DATABASE not in names or not all(_safe(name) for name in names):
                raise reject(f"“{file.name}”不是本程序的备份文件", "请选择用“备份”生成的文件")
            for entry in archive.infolist():
                if not entry.is_dir() and (only is None or entry.filename in only):
                    with archive.open(entry) as stream:
                        files.save_stream(stream, target / entry.filename)
    except _UNREADABLE as problem:
        raise reject(f"不能读取备份文件“{file}”", "请确认文件存在且完整") from problem


def needs_passphrase(file: Path) -> bool:
    """Tell whether a backup was made with a passphrase."""
    return is_sealed(file)


def _safe(name: str) -> bool:
    """Tell whether an entry of the archive is one that `_pack` writes."""
    parts = Path(name).parts
    return name == DATABASE or (len(parts) > 1 and parts[0] in _CARRIED and ".." not in parts)


def verify(workspace: Workspace) -> tuple[str, ...]:
    """Check database, change log, packets and plan; return what is wrong, in Chinese."""
    problems = [f"数据库：{line}" for line in backup.damage(workspace.engine)]
    with workspace.reading() as session:
        broken = audit.broken_links(session)
        notes = submissions.packets(session)
        proofs = attachments.attachments(session)
        try:
            records.load_records(session)
            current_plan(workspace)
        except FsdeskError as problem:
            problems.append(f"数据：{problem}")
    if broken:
        problems.append(f"变更记录：第 {broken[0]} 条起与前后不符，可能被改动过")
    problems += [
        f"报送包：缺少文件 {note.file}"
        for note in notes
        if not (workspace.packets / note.file).is_file()
    ]
    problems += [
        f"附件：缺少文件“{proof.name}”"
        for proof in proofs
        if not (workspace.attachments / proof.digest).is_file()
    ]
    problems += [
        f"附件：文件 {item.name} 的内容与其编号不符"
        for item in sorted(workspace.attachments.rglob("*"))
        if item.is_file() and item.suffix != ".part" and files.sha256_of(item) != item.name
    ]
    return tuple(problems)
