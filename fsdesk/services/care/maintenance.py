"""Looking after a workspace: whole backups, bringing one back, and checking that all is well."""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fsdesk import files
from fsdesk.domain.faults import finding_of
from fsdesk.domain.findings import (
    FindingCode,
    FsdeskError,
    WorkspaceError,
    reject,
    workspace_error,
)
from fsdesk.domain.steps import Progress
from fsdesk.holding import SUBFOLDERS
from fsdesk.sealed import LEAST_LENGTH
from fsdesk.store import audit, kept, shelf, vault
from fsdesk.store.care import backup, copies
from fsdesk.store.care.passphrase import is_sealed, new_archive, opened_archive
from fsdesk.store.packet.keys import protect
from fsdesk.store.records import attachments, submissions
from fsdesk.store.server.address import is_on_server
from fsdesk.store.verification.database import problems_in, registered
from fsdesk.workspace import DATABASE, open_workspace, put_on_server

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from fsdesk.domain.steps import Steps
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

LEAST_PASSPHRASE = LEAST_LENGTH
_NAMED_BY = 12  # digits of a packet's digest that its file is called by
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
# Folders that a backup carries beside the database; backups and logs stay behind.
_CARRIED = ("attachments", "packets", "keys", "templates")

# The server doesn't let an account that only reads at the key.
_NO_KEY = (
    "备份中没有签名密钥：账号 {} 读不到它。就地恢复时仍用服务器上的密钥；恢复成另一个工作区的，"
    "会换成新的密钥，对方会提示密钥不符。需要完整的备份，请用经办或管理员账号备份。"
)


def back_up(workspace: Workspace, file: Path, passphrase: str = "") -> str:
    """Write the whole workspace into one zip file.

    With ``passphrase`` nobody can open it without; it is kept nowhere. Of a workspace with a
    password it holds what lies there, encrypted as it is, and opens by that password, or the
    recovery code, of now; a passphrase is asked for beside it.

    Returns:
        What the backup lacks, in Chinese; empty as a rule.

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
        if workspace.is_on_server:
            _bring_from_server(workspace, copy)
        else:
            backup.snapshot(workspace.engine, copy, file)
        problems = copies.problems_of(copy)
        if problems:
            raise WorkspaceError(copies.of_damage(folder, problems))
        archive.write(copy, DATABASE)
        if workspace.has_password:
            archive.write(folder / vault.FILE, vault.FILE)
        for name in _CARRIED:
            for item in sorted((folder / name).rglob("*")):
                if item.is_file():
                    archive.write(item, item.relative_to(folder).as_posix())
    shared = shelf.around(workspace.keys)
    return _NO_KEY.format(workspace.account) if shared and not shared.may_sign() else ""


def _bring_from_server(workspace: Workspace, copy: Path) -> None:
    """Write what lies on a server into a database file, and the files into the folder."""
    from fsdesk.store.server.transfer import into_file  # for those who have one

    shared = shelf.around(workspace.packets)
    if shared is not None:
        shared.bring_all()
    into_file(workspace.engine, copy)


def restore_to_server(file: Path, folder: Path, database: str, passphrase: str = "") -> Steps[None]:
    """Put a backup into an empty schema on a server, and let a new folder belong to it.

    `database`: address of the schema; it is made where there is none.

    Raises:
        InputRejectedError: When the file is no backup or is damaged; with FindingCode.PASSPHRASE
            when the passphrase is missing or wrong.
        WorkspaceError: When a workspace is there already, or the server can't be reached.
    """
    from fsdesk.store.server.transfer import from_file  # for those who have one

    yield Progress(0, _STEPS, "正在读取备份")
    # Elsewhere: in the folder what is passing would be cleared away as it opens.
    with files.scratch(Path(tempfile.gettempdir()) / DATABASE) as aside:
        restore(file, aside / "whole", passphrase)
        if vault.is_protected(aside / "whole"):
            raise reject(
                f"备份文件“{file.name}”所属的工作区设有密码，不能直接放到服务器上",
                "请先恢复到本机，取消密码后再备份一次",
            )
        with open_workspace(aside / "whole"):  # an older one is brought to the present schema
            pass
        yield Progress(1, _STEPS, "正在写入服务器")
        with put_on_server(
            folder, database, partial(from_file, aside / "whole" / DATABASE)
        ) as made:
            yield Progress(2, _STEPS, "正在写入报送包和佐证材料")
            _carry(aside / "whole", made)


def _carry(whole: Path, made: Workspace) -> None:
    """Bring the files of a closed workspace into one on a server."""
    for name in _CARRIED:
        for item in sorted((whole / name).rglob("*")):
            if item.is_file():
                target = made.folder / item.relative_to(whole)
                files.make_folder(target.parent)
                kept.copy(item, target, private=name == "keys")
    with made.writing():  # with it they go into the database
        pass


_STEPS = 3


def restore(file: Path, folder: Path, passphrase: str = "") -> None:
    """Unpack a backup into a folder that holds no workspace yet; see `restoring` for one that does.

    ``passphrase`` is that of a backup that was made with one (`needs_passphrase`).

    Raises:
        InputRejectedError: When the file is no backup or is damaged, or a workspace is there
            already; with FindingCode.PASSPHRASE when the passphrase is missing or wrong.
    """
    if (folder / DATABASE).exists() or vault.is_protected(folder):
        raise reject(f"文件夹“{folder}”中已有工作区", "请恢复到一个空文件夹，核对后再替换")
    with files.scratch(folder / DATABASE) as aside:
        unpack(file, aside, passphrase)
        if problems_in(aside / DATABASE, finished=True):
            raise reject(f"备份文件“{file}”中的数据库已损坏", "请换一份备份")
        for name in SUBFOLDERS:
            files.make_folder(folder / name)
        for keys in (aside / "keys", folder / "keys"):
            if keys.is_dir():
                protect(keys)
        # Last, since the database is what makes the folder a workspace.
        files.move_tree(aside, folder, last=DATABASE)


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
    return name in (DATABASE, vault.FILE) or (
        len(parts) > 1 and parts[0] in _CARRIED and ".." not in parts
    )


def verify(workspace: Workspace) -> tuple[str, ...]:
    """Check database, records, files and automatic copies; return what is wrong, in Chinese.

    Every record is compared with what the change log says of it. Whatever is broken, this doesn't
    fail: what can't be read is among what is wrong.
    """
    if not workspace.is_in_folder:
        return tuple(_verified(workspace))
    lost = (each.message for each in workspace.warnings if each.code is FindingCode.LOST)
    return (*lost, *verify_folder(workspace.folder))


def _verified(workspace: Workspace) -> Iterator[str]:
    """Check a workspace whose database is no file in its folder; on a server by a copy of it."""
    if not workspace.is_on_server:
        with workspace.reading() as session:
            broken = audit.broken_links(session)
        yield from (f"变更记录：第 {line} 条起与前后不符" for line in broken[:1])
        return
    from fsdesk.store.server.transfer import into_file  # for those who have one

    with files.scratch(workspace.folder / DATABASE) as aside:
        into_file(workspace.engine, aside / DATABASE)
        found = problems_in(aside / DATABASE, finished=True)
    yield from (f"数据库：{line}" for line in found)
    with workspace.reading() as session:
        yield from _on_shelf(session)


def _on_shelf(session: Session) -> Iterator[str]:
    """Say which files of a workspace on a server are missing or damaged in its database."""
    names = shelf.names(session)
    for note in submissions.packets(session):
        name = f"packets/{note.file}"
        if Path(note.file).stem != note.digest[:_NAMED_BY]:
            yield f"报送包：文件 {note.file} 与登记的编号不符"
        elif name not in names:
            yield f"报送包：缺少文件 {note.file}"
        elif not _is_sound(io.BytesIO(shelf.content(session, name)), note.file):
            yield f"报送包：文件 {note.file} 已损坏"
    for found in attachments.attachments(session):
        if f"attachments/{found.digest}" not in names:
            yield f"附件：缺少文件“{found.name}”"
    yield from (f"附件：文件 {name} 的内容与其编号不符" for name in shelf.damaged(session))


def verify_folder(folder: Path) -> tuple[str, ...]:
    """Check a workspace that need not open; see `verify`.

    WorkspaceError where it lies on a server: that can be checked only through its opening.
    """
    if is_on_server(folder):
        raise workspace_error(
            "工作区在服务器上，连上以后才能核对", "请确认能连上服务器，再核对一次"
        )
    found = list(vault.problems_of(folder))
    found += [f"数据库：{line}" for line in _told(lambda: problems_in(folder / DATABASE))]
    found += [f"报送包：{line}" for line in _told(lambda: _packets(folder))]
    found += [f"附件：{line}" for line in _told(lambda: _attachments(folder))]
    for copy in copies.copies_of(folder):
        lines = _told(lambda file=copy.file: copies.problems_of(file))
        found += [f"自动备份 {copy.file.name}：{line}" for line in lines]
    return tuple(found)


def _told(look: Callable[[], Iterable[str]]) -> list[str]:
    """Do a check; what hinders it is one more thing that is wrong."""
    try:
        return list(look())
    except FsdeskError as problem:
        return [finding.message for finding in problem.findings]
    except OSError as fault:
        return [finding_of(fault, "读取").message]


def _packets(folder: Path) -> Iterator[str]:
    for name, digest in registered(folder / DATABASE, "packet", "file", "digest").items():
        file = folder / "packets" / name
        if file.stem != digest[:_NAMED_BY]:
            yield f"文件 {name} 与登记的编号不符"
        elif not file.is_file():
            yield f"缺少文件 {name}"
        elif not _is_readable(file):
            yield f"文件 {name} 已损坏"


def _is_readable(file: Path) -> bool:
    """Tell whether a packet's file holds what was written to it; old forms keep no checksums."""
    try:
        if vault.around(file) is not None:
            kept.read_to_end(file)
            return True
    except (*_UNREADABLE, kept.DamagedError):
        return False
    return _is_sound(file, file.name)


def _is_sound(file: Path | IO[bytes], name: str) -> bool:
    if name.endswith(".xls"):
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None
    except (*_UNREADABLE, NotImplementedError, ValueError):
        return False


def _attachments(folder: Path) -> Iterator[str]:
    place = folder / "attachments"
    for digest, name in registered(folder / DATABASE, "attachment", "digest", "name").items():
        if not (place / digest).is_file():
            yield f"缺少文件“{name}”"
    for item in sorted(place.rglob("*")):
        if item.is_file() and item.suffix != files.PART and not kept.is_named(item):
            yield f"文件 {item.name} 的内容与其编号不符"
