"""A workspace changes its place, or whose it is; what was there before is kept beside."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from fsdesk import files
from fsdesk.domain.findings import FsdeskError, reject
from fsdesk.domain.steps import Progress
from fsdesk.holding import HOLDING, holding
from fsdesk.services.care import known
from fsdesk.store.disks import on_network_drive
from fsdesk.store.packet.keys import protect
from fsdesk.store.records.contents import holds_work
from fsdesk.workspace import DATABASE, default_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.domain.steps import Steps
    from fsdesk.workspace import Workspace

_MOVED, _OTHER_ROLE = "已移走", "原身份"
# Beside what is copied, for what SQLite and the copies need at once.
_RESERVE = 20_000_000
_MEGABYTE = 1_000_000


def place_for(folder: Path, year: int, parent: Path) -> Path:
    """Return where a workspace goes in another folder: a name that says what it is, still free."""
    usual = default_folder().name
    name = f"食药安工作台{year}年" if folder.name.startswith(usual) else folder.name
    return files.unused(parent / name)


def copy_workspace(folder: Path, target: Path) -> Steps[Path]:
    """Copy a closed workspace whole to a new folder, each file compared with its original.

    `target`: a folder that isn't there yet; the original stays as it is.

    Returns:
        The new folder.

    Raises:
        WorkspaceError: When the workspace is in use.
        InputRejectedError: When it can't be read or copied whole; nothing of it stays then.
    """
    _check_target(folder, target)
    with holding(folder):
        names = _names(folder)
        _check_room(sum((folder / name).stat().st_size for name in names), target)
        try:
            for done, name in enumerate(names):
                yield Progress(done, len(names), "正在复制工作区")
                _copy(folder / name, target / name)
            with suppress(FsdeskError):  # a stick knows no owners of files
                protect(target / "keys")
        except BaseException:
            files.discard(target)
            raise
    return target


def set_moved_aside(folder: Path) -> Path:
    """Rename a workspace that was moved, so that nobody goes on working in it; gives the folder.

    InputRejectedError when it can't be renamed; it is no longer known in any case.
    """
    known.forget(folder)
    return _set_aside(folder, _MOVED)


def is_unused(workspace: Workspace) -> bool:
    """Tell whether nothing was done in a workspace since it was set up."""
    with workspace.reading() as session:
        return not holds_work(session)


def begin_again(folder: Path, make: Callable[[], Workspace]) -> tuple[Path, Path]:
    """Make a workspace anew in its folder, for another unit or role; the old one is kept beside.

    `folder`: a closed workspace.
    `make`: makes the new one, there or elsewhere.

    Returns:
        The folder of the new one, and where the old one is now.

    Raises:
        FsdeskError: When it can't be made; the old one is in its place again then.
    """
    aside = _set_aside(folder, _OTHER_ROLE)
    try:
        with make() as made:
            return made.folder, aside
    except BaseException:
        files.discard(folder)  # nothing but what was being made
        try:
            files.set_aside(aside, folder.name)
        except FsdeskError as fault:
            words = f"没有建立新的工作区；原来的工作区完好，现在在“{aside}”"
            raise reject(words, "请用“打开其他…”打开它") from fault
        raise


def _check_target(folder: Path, target: Path) -> None:
    if folder == target or folder in target.parents:
        raise reject(f"“{target}”在工作区自己的文件夹里", "请另选一个位置")
    if target.exists():
        raise reject(f"文件夹“{target}”已存在", "请另选一个位置")
    if not target.parent.is_dir():
        raise reject(f"找不到文件夹“{target.parent}”", "请确认移动硬盘已接好，再试一次")
    if on_network_drive(target.parent):
        raise reject(
            f"文件夹“{target.parent}”在网络共享盘上，数据容易损坏",
            "请把工作区放在本机硬盘或移动硬盘",
        )


def _check_room(size: int, target: Path) -> None:
    with files.told("读取", target.parent, "文件夹"):
        free = shutil.disk_usage(target.parent).free
    if free < size + _RESERVE:
        needed, there = (size + _RESERVE) // _MEGABYTE, free // _MEGABYTE
        raise reject(
            f"“{target.parent}”所在的磁盘空间不足：需要约 {needed} MB，只剩 {there} MB",
            "请清理后再试，或另选一个磁盘",
        )


def _names(folder: Path) -> list[Path]:
    """Return all files of a workspace; the database comes last, since it makes the rest count."""
    with files.told("读取", folder, "文件夹"):
        found = [item.relative_to(folder) for item in folder.rglob("*") if item.is_file()]
    kept = [name for name in found if name.name not in HOLDING and name.suffix != files.PART]
    return sorted(kept, key=lambda name: (name.name == DATABASE, name))


def _copy(source: Path, copy: Path) -> None:
    with files.told("读取", source), source.open("rb") as stream:
        digest = files.save_stream(stream, copy)
    with files.told("读取", copy):
        if files.sha256_of(copy) != digest:
            raise reject(f"复制到“{copy}”的内容与原来的不一致", "这个磁盘可能有故障，请换一个磁盘")


def _set_aside(folder: Path, word: str) -> Path:
    aside = files.unused(folder.with_name(f"{folder.name}-{word}"))
    files.set_aside(folder, aside.name)
    return aside
