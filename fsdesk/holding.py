"""A workspace's folder and who holds it: one process at a time, and the others are told who."""

from __future__ import annotations

import getpass
import json
import os
import platform
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from fsdesk import files
from fsdesk.domain.faults import finding_of
from fsdesk.domain.findings import (
    FindingCode,
    FsdeskError,
    WorkspaceError,
    error,
    workspace_error,
)
from fsdesk.store.care import replacing
from fsdesk.store.care.raw import DATABASE, SHARED
from fsdesk.store.disks import on_network_drive
from fsdesk.store.vault import LOCK

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from filelock import FileLock

KEYS = "keys"
SUBFOLDERS = ("attachments", "packets", "backups", "logs", KEYS)
# What belongs to the program that has it open, and not to the workspace.
HOLDER = "fsdesk.holder.json"
HOLDING = frozenset({LOCK, HOLDER, f"{DATABASE}{SHARED}"})


@contextmanager
def holding(folder: Path) -> Generator[None]:
    """Keep everybody else out of a closed workspace, or of what is left of one.

    WorkspaceError when it is open somewhere, or the folder can't be used.
    """
    check_folder(folder)
    lock = acquire(folder)
    try:
        replacing.finish(folder, DATABASE)
        files.sweep(folder)
        yield
    finally:
        lock.release()


def lock_of(folder: Path) -> FileLock:
    """Return the lock of a workspace, not held yet."""
    from filelock import FileLock  # who only reads needs none

    # Taken in one thread, let go in another: the window opens its workspace in a worker.
    return FileLock(folder / LOCK, timeout=0, thread_local=False)


def acquire(folder: Path) -> FileLock:
    """Keep other processes out of a workspace until the lock is released.

    WorkspaceError, naming who holds it (`FindingCode.WORKSPACE_IN_USE`), or when the disk fails.
    """
    from filelock import Timeout

    lock = lock_of(folder)
    holder = folder / HOLDER
    try:
        lock.acquire()
    except Timeout as problem:
        raise workspace_error(
            f"工作区正被{_holder_text(holder)}使用",
            "请先关闭那个窗口再试",
            FindingCode.WORKSPACE_IN_USE,
        ) from problem
    except OSError as fault:
        raise WorkspaceError(finding_of(fault, "写入", folder, "文件夹")) from fault
    about = {"pid": os.getpid(), "host": platform.node(), "user": person()}
    try:
        files.save_text(holder, json.dumps(about, ensure_ascii=False))
    except FsdeskError:  # a courtesy to others; a full disk must not bar the door
        files.discard(holder)
    return lock


def check_folder(folder: Path) -> None:
    """Make the folders of a workspace; WorkspaceError where none can lie."""
    try:
        for name in SUBFOLDERS:
            files.make_folder(folder / name)
    except FsdeskError as problem:
        why = problem.findings[0]
        words = f"不能使用文件夹“{folder}”：{why.message}"
        raise WorkspaceError(error(words, why.remedy)) from problem
    if on_network_drive(folder):
        raise workspace_error(
            f"文件夹“{folder}”在网络共享盘上，数据容易损坏",
            "请把工作区放在本机硬盘，用报送包交换数据",
        )


def _holder_text(holder: Path) -> str:
    try:
        about = json.loads(holder.read_text(encoding="utf-8"))
        return f"电脑 {about['host']} 上的用户 {about['user']}（进程 {about['pid']}）"
    except (OSError, ValueError, KeyError):
        return "另一个程序"


@cache
def person() -> str:
    """Return who works at this PC, for the change log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "未知用户"
