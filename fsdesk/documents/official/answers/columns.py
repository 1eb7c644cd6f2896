"""The header of a table of tasks: which column holds what."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.lines.marks import read_mark

if TYPE_CHECKING:
    from fsdesk.documents.official.sources.source import Row, SourceTable

_SEARCHED_ROWS = 12
_LONGEST_HEADER = 24
_LEAST_COLUMNS = 2


class TaskColumn(StrEnum):
    """What a column of a table of tasks can hold."""

    NUMBER = "number"
    CATEGORY = "category"
    TASK = "task"
    TARGET = "target"
    LEAD = "lead"
    SUPPORT = "support"
    RESPONSIBLE = "responsible"
    DUE = "due"
    OTHER = "other"


# The first that fits: 牵头责任单位 is about who leads, 目标任务 is a task and no figure.
_HEADERS = (
    (
        TaskColumn.OTHER,
        r"评分|扣分|领导|责任人|联系人|联系方式|电话|备注|完成情况|进展|落实情况|来源|依据|得分|分值|姓名|职务|科长",
    ),
    (TaskColumn.NUMBER, r"^(?:序号|编号|项次|号|序|No\.?)$"),
    (TaskColumn.LEAD, r"牵头|主办|主要责任|主责|第一责任"),
    (TaskColumn.SUPPORT, r"配合|协办|协同|参与|参加|协作|协助"),
    (TaskColumn.DUE, r"时限|时间|期限|节点|进度|日期"),
    (
        TaskColumn.RESPONSIBLE,
        r"责任(?!事项|内容|清单|任务|目标|要求)|承办|(?:落实|实施|承担|负责)(?:单位|部门)|^(?:单位|部门|科室)$|分工",
    ),
    (TaskColumn.CATEGORY, r"[一二三]级指标"),
    (TaskColumn.OTHER, r"考核|考评"),
    (TaskColumn.TASK, r"目标任务|目标与任务|任务目标|任务指标"),
    (TaskColumn.TARGET, r"目标|指标|量化|成效|成果|标准|数量|批次"),
    (TaskColumn.CATEGORY, r"类别|分类|板块|领域|^项目$|模块|方向|一级|类型|章节|部分"),
    (TaskColumn.TASK, r"任务|工作|举措|措施|事项|内容|要求|安排|要点|项目名称"),
)
_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in _HEADERS)
_ANSWERING = {TaskColumn.LEAD, TaskColumn.SUPPORT, TaskColumn.RESPONSIBLE}
_ASKING = {TaskColumn.TASK, TaskColumn.CATEGORY, TaskColumn.TARGET}


class TaskTableHeader(Struct):
    """A table's header.

    Attributes:
        start: Its first row.
        end: The first row behind it.
        columns: What each column holds, by its place.
        texts: The header's words, to know it again where it is repeated.
    """

    start: int
    end: int
    columns: dict[int, TaskColumn] = field(default_factory=dict[int, TaskColumn])
    texts: tuple[str, ...] = ()

    def of(self, *kinds: TaskColumn) -> list[int]:
        """Return the columns that hold something of these kinds, from left to right."""
        return [at for at, kind in sorted(self.columns.items()) if kind in kinds]


_NAME = re.compile(r"(?:项目|任务|事项|工作|实事|内容)名称")


def _named_apart(columns: dict[int, TaskColumn], row: Row) -> dict[int, TaskColumn]:
    """Take 目标任务 for targets beside a column of names, which are the tasks then."""
    texts = texts_of(row)
    named = [
        at for at, kind in columns.items() if kind is TaskColumn.TASK and _NAME.search(texts[at])
    ]
    others = [at for at, kind in columns.items() if kind is TaskColumn.TASK and at not in named]
    if named and others and all("目标" in texts[at] for at in others):
        return columns | dict.fromkeys(others, TaskColumn.TARGET)
    return columns


def find_header(table: SourceTable) -> TaskTableHeader | None:
    """Find the header among a table's first rows; None when it is no table of tasks."""
    for at, row in enumerate(table.rows[:_SEARCHED_ROWS]):
        columns = _named_apart(_columns(row), row)
        kinds = set(columns.values())
        if len(kinds) < _LEAST_COLUMNS or not kinds & _ASKING:
            continue
        if not kinds & (_ANSWERING | {TaskColumn.NUMBER, TaskColumn.DUE}):
            continue
        end = at + 1
        while end < len(table.rows) and _goes_on(table.rows[end]):
            columns.update(_columns(table.rows[end]))
            end += 1
        return TaskTableHeader(at, end, columns, texts_of(row))
    return None


def texts_of(row: Row) -> tuple[str, ...]:
    """Return the texts of a row without white space."""
    return tuple(re.sub(r"\s", "", cell.plain) for cell in row.cells)


def _columns(row: Row) -> dict[int, TaskColumn]:
    found: dict[int, TaskColumn] = {}
    for at, text in enumerate(texts_of(row)):
        kind = _kind(text)
        if kind is not None:
            found[at] = kind
    return found


def _kind(text: str) -> TaskColumn | None:
    if not 0 < len(text) <= _LONGEST_HEADER or re.search(r"[。;,]", text):
        return None
    return next((column for column, pattern in _PATTERNS if pattern.search(text)), None)


def _goes_on(row: Row) -> bool:
    """Tell whether a row is a second line of the header: short words for columns, nothing else."""
    texts = [text for at, text in enumerate(texts_of(row)) if text and at not in row.repeated]
    known = [_kind(text) for text in texts]
    short = all(len(text) <= 8 and not read_mark(text) for text in texts)  # noqa: PLR2004
    return len(texts) >= _LEAST_COLUMNS and short and all(known) and bool(set(known) & _ANSWERING)
