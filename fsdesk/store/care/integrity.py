"""What SQLite itself finds broken in a database, in plain words and table by table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fsdesk.store.care import raw
from fsdesk.store.faults import DAMAGING, code_of, in_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

# How people call what lies in each table.
LABELS: Mapping[str, str] = {
    "workspace": "工作区身份",
    "setting": "设置",
    "field_draft": "未保存的文字",
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
    "issued_paper": "印发原件",
    "kept_part": "服务器上的文件",
    "kept_key": "服务器上的签名密钥",
    "quality_dismissal": "不再提示的疑点",
    "part_sheet": "分单位的数",
    "ladder_match": "上下级对应关系",
    "ladder_drawn": "取数依据",
    "ladder_task": "分解下达的任务",
    "alembic_version": "数据库版本",
    "sqlite_schema": "数据库目录",
}
WHOLE_FILE = "数据库文件已损坏，其中的内容读不出"
_SOMEWHERE = "数据库文件中有损坏的页"
_IDENTITY = "workspace"  # the table without which it is no workspace


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
    except raw.faults() as fault:
        return told(fault, file)


def is_damage(fault: Exception) -> bool:
    """Tell whether a fault says that the file is damaged, and nothing of disk or lock."""
    code = code_of(fault)
    return code is None or code in DAMAGING


def told(fault: Exception, file: Path) -> tuple[str, ...]:
    """Put what stopped a check into words, where it says that the file is damaged.

    WorkspaceError for faults of the disk, which say nothing of the file.
    """
    found = None if is_damage(fault) else in_words(fault, str(file))
    if found is not None:
        raise found from fault
    return (WHOLE_FILE,)


def broken(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return what is broken in a database: each table once, then rows that hang on nothing."""
    try:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = [str(name) for (name,) in rows]
        if _IDENTITY not in tables:
            return (WHOLE_FILE,)
        if not _says_ok(connection, "PRAGMA integrity_check(1)"):
            return (*_damaged(connection, tables),) or (_SOMEWHERE,)
        return _orphans(connection)
    except raw.faults() as fault:
        if not is_damage(fault):
            raise
        return (WHOLE_FILE,)


def _damaged(connection: sqlite3.Connection, tables: list[str]) -> list[str]:
    return [
        f"表{label(table)}有损坏的页"
        for table in tables
        if not _says_ok(connection, f'PRAGMA integrity_check("{table}")')
    ]


def _says_ok(connection: sqlite3.Connection, question: str) -> bool:
    try:
        return connection.execute(question).fetchone() == ("ok",)
    except raw.faults() as fault:
        if not is_damage(fault):
            raise
        return False


def _orphans(connection: sqlite3.Connection) -> tuple[str, ...]:
    orphans: dict[tuple[str, str], int] = defaultdict(int)
    for table, _row, parent, _key in connection.execute("PRAGMA foreign_key_check"):
        orphans[table, parent] += 1
    return tuple(
        f"表{label(table)}中有 {count} 条记录所属的{label(parent)}不存在"
        for (table, parent), count in orphans.items()
    )
