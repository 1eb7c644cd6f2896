"""The password of a workspace is set, changed or given up: all that lies there is written anew.

The workspace is closed meanwhile. What is encrypted takes the place of what was, or nothing does
(`fsdesk.store.care.replacing`).
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk import files
from fsdesk.domain.findings import WorkspaceError, reject
from fsdesk.domain.steps import Progress
from fsdesk.holding import HOLDER, holding
from fsdesk.store import kept, vault
from fsdesk.store.care import copies, outside, raw, replacing
from fsdesk.store.care.raw import DATABASE
from fsdesk.store.server.address import is_on_server

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.steps import Steps

# Of a workspace's folder, what is kept sealed file by file; the databases in it are encrypted.
_SEALED = ("attachments", "packets", "keys", copies.FOLDER)
_LOGS = "logs"
_THE_SAME = outside.Apart((), ())
_RESERVE = 20_000_000
_MEGABYTE = 1_000_000


class NewPassword(Struct, frozen=True):
    """A password that can be set.

    Attributes:
        vault: What it opens.
        content: Of the file that keeps that.
    """

    vault: vault.Vault
    content: bytes

    @property
    def mark(self) -> str:
        """By which people tell it from the next one."""
        return self.vault.mark

    @property
    def code(self) -> str:
        """The recovery code, to be kept before the password is set."""
        return self.vault.code


def is_protected(folder: Path) -> bool:
    """Tell whether a workspace has a password; WorkspaceError when its file is damaged."""
    return vault.is_protected(folder)


def is_locked(folder: Path) -> bool:
    """Tell whether a workspace's password must still be given; see `is_protected`."""
    return vault.is_locked(folder)


def mark_of(folder: Path) -> str:
    """Return by which people tell a workspace's password from others; empty without one."""
    return vault.mark_of(folder)


def unlock(folder: Path, password: str) -> None:
    """Open a workspace's files by its password until the program ends; nothing without one.

    InputRejectedError, with FindingCode.PASSWORD, when it is wrong.
    """
    vault.unlock(folder, password)


def unlock_by_code(folder: Path, code: str) -> None:
    """Open a workspace's files by its recovery code; see `unlock`."""
    vault.unlock_by_code(folder, code)


def new_password(folder: Path, password: str) -> NewPassword:
    """Make ready a password for a workspace; nothing is changed.

    Raises:
        InputRejectedError: When it is too short, or the workspace lies on a server.
        WorkspaceError: When the one that it has was not given.
    """
    check_can_have(folder)
    made, content = vault.new_vault(password, vault.of(folder))
    return NewPassword(made, content)


def check_can_have(folder: Path) -> None:
    """Refuse a password for what lies on a server: it would protect nothing there."""
    if is_on_server(folder):
        raise reject(
            "这个工作区的数据在数据库服务器上，程序不能给它设密码",
            "谁能读写由服务器的账号决定；需要加密保存时，请管理员在服务器上设磁盘加密",
        )


def set_password(folder: Path, wanted: NewPassword) -> Steps[Path]:
    """Protect a closed workspace by a password, in place of the one that it may have.

    Whatever fails or ends this leaves the state before or the one after.

    Returns:
        The folder.

    Raises:
        InputRejectedError: When there is no room, or the disk fails.
        WorkspaceError: When the workspace is open somewhere, damaged, or locked.
    """
    vault.hold(wanted.vault)
    yield from _written_anew(folder, wanted.vault, wanted.content)
    return folder


def give_up_password(folder: Path) -> Steps[Path]:
    """Leave a closed workspace without a password; see `set_password`."""
    yield from _written_anew(folder, None, vault.OPEN)
    for name in vault.FILES:
        files.discard(folder / name)
    return folder


def left_readable(folder: Path) -> tuple[str, ...]:
    """Return what a password leaves readable in a workspace's folder: backups and templates."""
    names = (name for name in _names(folder) if not is_covered(name))
    return tuple(name.as_posix() for name in names)


def _written_anew(folder: Path, protection: vault.Vault | None, content: bytes) -> Steps[None]:
    """Write all that is covered as a password, or none, wants it; then put it in place."""
    vault.of(folder)
    check_can_have(folder)
    with holding(folder):
        problems = copies.problems_of(folder / DATABASE, finished=False)
        if problems:
            raise WorkspaceError(copies.of_damage(folder, problems))
        names = [name for name in _names(folder) if is_covered(name)]
        _check_room(folder, sum((folder / name).stat().st_size for name in names))
        with replacing.replacing(folder, DATABASE) as new:
            for name in vault.FILES:
                files.save_bytes(new / name, content)
            key = protection.key if protection else None
            for done, name in enumerate(names):
                yield Progress(done, len(names), "正在加密" if key else "正在解密")
                _write(folder / name, new / name, key)
            yield Progress(len(names), len(names), "正在替换")


def _write(source: Path, target: Path, key: bytes | None) -> None:
    files.make_folder(target.parent)
    if source.parent.name == _LOGS:  # they tell of what was typed, and of nothing that lasts
        files.save_bytes(target, b"")
    elif source.suffix != ".db":
        kept.copy(source, target, private=source.parent.name == "keys")
    elif source.name != DATABASE and copies.problems_of(source):
        _write_damaged(source, target)
    else:
        outside.copy_whole(source, target, key)
        if source.name == DATABASE and outside.compare_logs(source, target) != _THE_SAME:
            raise reject(f"“{source.name}”没有完整地写成", "磁盘可能有故障，请换一个磁盘再试")


def _write_damaged(source: Path, target: Path) -> None:
    """Keep a copy that is damaged as it is, so that nothing of it can be read either."""
    try:
        kept.copy(source, target)
    except kept.DamagedError:  # it was encrypted before it was damaged
        kept.copy_in(source, target)


def is_covered(name: Path) -> bool:
    """Tell whether a password covers a file of a workspace's folder."""
    if len(name.parts) == 1:
        return name.name == DATABASE
    is_backup_file = name.parts[0] == copies.FOLDER and name.suffix == ".zip"
    return name.parts[0] in (_LOGS, *_SEALED) and not is_backup_file


def _names(folder: Path) -> list[Path]:
    """Return the files of a workspace, without those of whoever has it open."""
    with files.told("读取", folder, "文件夹"):
        found = sorted(item.relative_to(folder) for item in folder.rglob("*") if item.is_file())
    passing = {vault.LOCK, HOLDER, *vault.FILES, *raw.beside(DATABASE)}
    return [name for name in found if name.name not in passing and name.suffix != files.PART]


def _check_room(folder: Path, size: int) -> None:
    with files.told("读取", folder, "文件夹"):
        free = shutil.disk_usage(folder).free
    needed = 2 * size + _RESERVE  # what is written, and what it takes the place of
    if free < needed:
        raise reject(
            f"“{folder}”所在的磁盘空间不足：需要约 {needed // _MEGABYTE} MB，"
            f"只剩 {free // _MEGABYTE} MB",
            "请清理后再试",
        )
