"""What SQLite itself finds broken in a database, in plain words and table by table."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from typing import TYPE_CHECKING

from fsdesk.store import raw
from fsdesk.store.faults import DAMAGING, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# How people call what lies in each table.
LABELS: Mapping[str, str] = {
    "workspace": "工作区身份",
    "setting": "设置",
    "plan": "计划",
    "published": "已公布数据",
    "plan_revision": "计划的历次修订",
    "unit": "单位",
    "unit_group": "单位组",
    "unit_group_member": "单位组成员",
    "plan_constant": "计划常数",
    "section": "计划一级标题",
    "point": "计划二级标题",
    "task": "任务",
    "assignment": "任务分工",
    "deliverable": "事项目录",
    "indicator": "指标",
    "target_share": "指标分解",
    "data_value": "指标数据",
    "progress_report": "进展填报",
    "milestone": "事项",
    "submission": "报送",
    "left_out": "不计入",
    "review_comment": "审核意见",
    "packet": "收发登记",
    "signer": "密钥登记",
    "import_batch": "导入批次",
    "import_change": "导入前后",
    "change": "变更记录",
    "attachment": "附件登记",
    "ledger": "台账表头",
    "ledger_batch": "台账批次",
    "ledger_facet": "台账分类",
    "ledger_double": "台账重复项",
    "ledger_entry": "台账",
    "letter": "督办文书",
    "letter_draft": "文书草稿",
    "supervision_case": "督办事项",
    "quality_dismissal": "不再提示的疑点",
    "alembic_version": "数据库版本",
    "sqlite_schema": "数据库目录",
}
WHOLE_FILE = "数据库文件已损坏，其中的内容读不出"
_ROOT = re.compile(r"Tree (\d+)")
_INDEX = re.compile(r"index (\w+)")
_COLUMN = re.compile(r" in (\w+)\.\w+$")


def label(table: str) -> str:
    """Return how people call a table, with its own name."""
    return f"“{LABELS[table]}”（{table}）" if table in LABELS else f"“{table}”"


def problems_of(file: Path, *, finished: bool = True) -> tuple[str, ...]:
    """Return what is broken in a SQLite file, in Chinese; empty when it is whole.

    `finished`: nobody writes to it, such as a copy.
    WorkspaceError when that can't be found out, as when the disk is gone.
    """
    try:
        with raw.opened(file, finished=finished) as connection:
            return broken(connection)
    except sqlite3.Error as fault:
        return told(fault, file)


def told(fault: sqlite3.Error, file: Path) -> tuple[str, ...]:
    """Put what stopped a check into words, where it says that the file is damaged.

    WorkspaceError for faults of the disk, which say nothing of the file.
    """
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    found = None if code in DAMAGING else in_words(fault, str(file))
    if found is not None:
        raise found from fault
    return (WHOLE_FILE,)


def broken(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return what is broken in a database: each table once, then rows that hang on nothing.

    sqlite3.Error when it can't even be begun.
    """
    tables, roots = _whose(connection)
    if "workspace" not in tables.values():
        return (WHOLE_FILE,)
    found: dict[str, None] = {}
    rows = connection.execute("PRAGMA integrity_check")
    try:
        for (line,) in rows:
            if line != "ok":
                table = _named(str(line), tables, roots)
                found[f"表{label(table)}有损坏的页" if table else "数据库文件中有损坏的页"] = None
        orphans: dict[tuple[str, str], int] = defaultdict(int)
        for table, _row, parent, _key in connection.execute("PRAGMA foreign_key_check"):
            orphans[table, parent] += 1
    except sqlite3.Error:
        return tuple(found) or (WHOLE_FILE,)
    lost = (
        f"表{label(table)}中有 {count} 条记录所属的{label(parent)}不存在"
        for (table, parent), count in orphans.items()
    )
    return (*found, *lost)


def _named(line: str, tables: Mapping[str, str], roots: Mapping[int, str]) -> str:
    """Return the table of which a line of SQLite's check speaks; empty where it names none."""
    root, index, column = _ROOT.search(line), _INDEX.search(line), _COLUMN.search(line)
    named = (
        roots.get(int(root[1])) if root else None,
        tables.get(index[1]) if index else None,
        column[1] if column else None,
    )
    return next((name for name in named if name), "")


def _whose(connection: sqlite3.Connection) -> tuple[dict[str, str], dict[int, str]]:
    """Return the tables of all indexes by name, and of all roots by page."""
    try:
        rows = connection.execute("SELECT name, tbl_name, rootpage FROM sqlite_master").fetchall()
    except sqlite3.Error:
        return {}, {}
    roots = {root: table for _, table, root in rows if root}
    return {name: table for name, table, _ in rows}, {1: "sqlite_schema"} | roots
