"""诊断包: what a technician needs when something fails, and nothing of what people typed.

It is one text, which is looked at before it is saved. It works without an open workspace, since
that one doesn't open is what has to be found out.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from fsdesk import __version__, files
from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.text import size_text
from fsdesk.places import portable_data
from fsdesk.services.care import maintenance
from fsdesk.services.care.traces import stripped
from fsdesk.store import migrate, vault
from fsdesk.store.care import extent, raw
from fsdesk.store.care.integrity import LABELS, label
from fsdesk.store.packet import keys
from fsdesk.store.server.address import is_on_server
from fsdesk.workspace import DATABASE, is_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fsdesk.domain.settings import Rules
    from fsdesk.workspace import Workspace

_LIBRARIES = ("PySide6_Essentials", "SQLAlchemy", "alembic", "openpyxl", "matplotlib", "numpy")
_PARTS = ("attachments", "packets", "backups", "logs", "keys", "templates")
# What `maintenance.verify` says stands before the colon; which record it is stays here.
_CHECKED = ("数据库", "变更记录", "报送包", "附件", "自动备份", "密码")
_LINES, _REPORTS = 400, 5
_KEY_DIGITS = 12
_BEGINNING = (
    "本文件用于查找程序的问题，可以交给技术人员。只有版本、设置、数量、检查结果和程序内部位置，",
    "没有单位名称、填报内容、文件名和文件夹。请看过后再发出。",
)


def report(
    folder: Path, workspace: Workspace | None = None, beside: Mapping[str, str] | None = None
) -> str:
    """Return the report on a workspace's folder, in Chinese.

    `workspace`: the open one; None where it does not open.
    `beside`: what only the window knows, such as the screen, by its name.
    """
    now = datetime.now(UTC).astimezone()
    sections = (
        ("程序", [f"生成时间：{now.isoformat(timespec='seconds')}", *_program()]),
        ("界面", [f"{name}：{value}" for name, value in (beside or {}).items()]),
        ("工作区", list(_workspace(folder, workspace))),
        ("大小", list(_sizes(folder, workspace))),
        ("设置", list(_settings(workspace.rules)) if workspace else []),
        ("检查结果", list(_checked(folder, workspace))),
        ("运行记录", _log(folder)),
        *_crashes(folder),
    )
    parts = ["食药安工作台诊断包", *_BEGINNING]
    for title, lines in sections:
        parts += ["", f"【{title}】", *(lines or ["（没有）"])]
    return "\n".join(parts) + "\n"


def save(file: Path, text: str) -> None:
    """Write a report that was looked at; InputRejectedError when that can't be done."""
    files.save_text(file, text)


def file_name(now: datetime) -> str:
    """Return what the file is called when nobody says otherwise."""
    return f"诊断包-{now:%Y%m%d-%H%M}.txt"


def _program() -> Iterator[str]:
    packaged = hasattr(sys, "_MEIPASS")
    kind = "便携版" if portable_data() else "已安装" if packaged else "从源代码运行"
    yield f"版本：{__version__}（{kind}）"
    yield f"系统：{platform.platform()}，{platform.machine()}"
    yield f"Python：{platform.python_version()}，SQLite：{sqlite3.sqlite_version}"
    for name in _LIBRARIES:
        try:
            yield f"{name}：{version(name)}"
        except PackageNotFoundError:  # a package need not carry what pip notes
            continue


def _workspace(folder: Path, workspace: Workspace | None) -> Iterator[str]:
    yield f"文件夹里有工作区：{_yes(is_workspace(folder))}，已打开：{_yes(workspace is not None)}"
    yield f"设有密码：{_yes(vault.is_protected(folder))}"
    if workspace is not None:
        whose = workspace.identity
        yield f"身份：{whose.role.value}，年度：{whose.year}"
        yield f"数据库在本机：{_yes(workspace.is_in_folder)}"
        own = keys.own_public(workspace.keys)
        # It tells the office's technician whose this is, and others nothing.
        yield f"密钥的前 {_KEY_DIGITS} 位：{own[:_KEY_DIGITS] or '没有'}"
        yield f"打开时的提示：{len(workspace.warnings)} 条"
    yield f"数据库版本：{_schema(folder, workspace)}"


def _schema(folder: Path, workspace: Workspace | None) -> str:
    try:
        if workspace is not None and workspace.is_on_server:
            return migrate.schema_version(workspace.engine)
        if is_on_server(folder):
            return "在服务器上，没有连接"
        return extent.schema_of(folder / DATABASE) or "读不出"
    except FsdeskError:
        return "读不出" if is_on_server(folder) else "没有密码，读不出"


def _sizes(folder: Path, workspace: Workspace | None) -> Iterator[str]:
    for name in (DATABASE, *raw.beside(DATABASE)):
        file = folder / name
        if file.is_file():
            yield f"{name}：{size_text(file.stat().st_size)}"
    for name in _PARTS:
        sizes = [f.stat().st_size for f in (folder / name).rglob("*") if f.is_file()]
        yield f"{name}：{len(sizes)} 个文件，{size_text(sum(sizes))}"
    try:
        yield f"磁盘剩余：{size_text(shutil.disk_usage(folder).free)}"
    except OSError:
        yield "磁盘剩余：读不出"
    try:
        if workspace is not None and workspace.is_on_server:
            rows = extent.rows_in(workspace.engine)
        else:
            rows = extent.rows_of(folder / DATABASE)
    except (*raw.faults(), FsdeskError):
        rows = {}
    if not rows:
        yield "各表行数：读不出"
    yield from (f"表{label(table)}：{count} 行" for table, count in rows.items() if count)


def _settings(rules: Rules) -> Iterator[str]:
    """Say the rules that are numbers, days and answers; of names only how many there are."""
    for name in rules.__struct_fields__:
        value = getattr(rules, name)
        if isinstance(value, (bool, int, float, date)) or value is None:
            yield f"{name}：{value}"
        else:
            yield f"{name}：{len(value)} 项"


def _checked(folder: Path, workspace: Workspace | None) -> Iterator[str]:
    """Count what is wrong by where it is; the lines themselves name records."""
    if workspace is None and is_on_server(folder):
        yield "数据库在服务器上，没有连接，没有核对"
        return
    lines = maintenance.verify(workspace) if workspace else maintenance.verify_folder(folder)
    counts: dict[str, int] = {}
    for line in lines:
        where = next((name for name in _CHECKED if line.startswith(name)), "其他")
        for table in LABELS:
            if f"表{label(table)}" in line:
                where = f"{where}，表{label(table)}"
                break
        counts[where] = counts.get(where, 0) + 1
    yield from (f"{where}：{count} 处" for where, count in counts.items())
    if not lines:
        yield "完好"


def _log(folder: Path) -> list[str]:
    return stripped(_read(folder / "logs" / "fsdesk.log")[-_LINES:])


def _crashes(folder: Path) -> list[tuple[str, list[str]]]:
    found = sorted((folder / "logs").glob("crash-*.txt"))[-_REPORTS:]
    return [(f"故障报告 {number}", stripped(_read(file))) for number, file in enumerate(found, 1)]


def _read(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _yes(is_so: bool) -> str:  # noqa: FBT001 - a word for it
    return "是" if is_so else "否"
