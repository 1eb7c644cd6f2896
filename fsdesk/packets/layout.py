"""The columns of a packet's sheets: the one source for writing, reading and the instructions."""

from __future__ import annotations

from msgspec import Struct

from fsdesk.domain.records.records import RecordKind, Status
from fsdesk.domain.typed import YES, Entry

CODE = "编码"
HELP_SHEET = "填报说明"
META_SHEET = "_fsdesk"
PLAN_SHEET = "_plan"
SEALED_SHEET = "_sealed"
PARTS_DATA = "_parts"
PARTS_SHEET = "分单位"
# The sheet that a check adds in front, and by whom comments are that a check writes.
OVERVIEW = "检查结果"
PROGRAM = "食药安工作台"
# Content stands within this many rows, columns and cells; further out it is a slip or an attack.
MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000
HEADER_WITHIN = 20


class SheetColumn(Struct, frozen=True):
    """A column of a sheet.

    Attributes:
        title: Header by which it is found, wherever it was moved to.
        width: In characters; a sheet of 145 fits A4 landscape at full size.
        field: Field of the record that it fills; empty for columns that only inform.
        rule: What people are told about it; the reader's messages say the same.
    """

    title: str
    width: float
    entry: Entry = Entry.NOTHING
    field: str = ""
    rule: str = ""


class PacketSheet(Struct, frozen=True):
    """A sheet of a packet."""

    title: str
    kind: RecordKind
    columns: tuple[SheetColumn, ...]

    @property
    def inputs(self) -> tuple[SheetColumn, ...]:
        """The columns that people fill."""
        return tuple(column for column in self.columns if column.field)

    @property
    def printed(self) -> tuple[SheetColumn, ...]:
        """The columns that only inform."""
        return tuple(c for c in self.columns if not c.field and c.title != CODE)


STATUS_WORDS = tuple(status.label for status in Status)
_STATUS_RULE = f"从下拉列表选择：{'、'.join(STATUS_WORDS)}"
_NUMBER_RULE = "填写本报告期内的数，不是累计数；没有发生填 0，还没有统计请留空"

PROGRESS = PacketSheet(
    "进展",
    RecordKind.PROGRESS,
    (
        SheetColumn(CODE, 7),
        SheetColumn("要点", 15),
        SheetColumn("任务", 18),
        SheetColumn("责任分工", 9),
        SheetColumn("上期进展", 20),
        SheetColumn("状态", 8, Entry.STATUS, "status", _STATUS_RULE),
        SheetColumn("进展情况", 34, Entry.TEXT, "text", "写明本期做了什么、取得什么结果"),
        SheetColumn("存在问题", 18, Entry.TEXT, "problems", "没有可以不填"),
        SheetColumn("下步打算", 18, Entry.TEXT, "next_steps", "没有可以不填"),
    ),
)
VALUES = PacketSheet(
    "指标",
    RecordKind.VALUE,
    (
        SheetColumn(CODE, 7),
        SheetColumn("指标", 20),
        SheetColumn("目标", 12),
        SheetColumn("计量单位", 9),
        SheetColumn("填写内容", 26),
        SheetColumn("年初至上期累计", 11),
        SheetColumn("本期数", 10, Entry.NUMBER, "value", _NUMBER_RULE),
        SheetColumn("分子", 9, Entry.NUMBER, "numerator", "比率指标填分子，不大于分母"),
        SheetColumn("分母", 9, Entry.NUMBER, "denominator", "比率指标填分母"),
        SheetColumn("无此项", 8, Entry.FLAG, "not_applicable", f"本单位没有这类对象时选“{YES}”"),
        SheetColumn("备注", 22, Entry.TEXT, "note", "可以不填"),
    ),
)
MILESTONES = PacketSheet(
    "事项",
    RecordKind.MILESTONE,
    (
        SheetColumn(CODE, 9),
        SheetColumn("任务", 24),
        SheetColumn("事项", 34),
        SheetColumn("上期状态", 9),
        SheetColumn(
            "状态",
            9,
            Entry.STATUS,
            "status",
            f"{_STATUS_RULE}；每月、每季度、每年几次的事项，“已完成”指本期完成一次",
        ),
        SheetColumn("完成日期", 12, Entry.DATE, "done_on", "如 2026-03-05 或 2026年3月5日"),
        SheetColumn("佐证材料说明", 36, Entry.TEXT, "evidence", "文件名称、文号、照片等"),
    ),
)
SHEETS = (PROGRESS, VALUES, MILESTONES)
