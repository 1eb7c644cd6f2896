"""What clerks do to forms and lists, each with what has to become of it.

A habit edits the workbook of any form; where the forms of figures and the lists of cases fare
differently, the table says so. 数字, 文字, 日期, 编码 and 是否 are the first cells of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.protection import WorkbookProtection

from tests.habits.forms import (
    CASE_ROWS,
    CASES,
    DATE,
    FIGURES,
    FLAG,
    HEADERS,
    KEY,
    LIST,
    NUMBER,
    PLAN,
    TEXT,
    Form,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class Desk:
    """A form's workbook, open before the clerk."""

    form: Form
    book: Workbook

    @property
    def sheet(self) -> Worksheet:
        return self.book[self.form.sheet]

    def cell(self, name: str) -> Cell:
        sheet, cell = self.form.place(name)
        return self.book[sheet][cell]


Edit = Callable[[Desk], object]


@dataclass(frozen=True)
class Outcome:
    """What becomes of a form.

    Attributes:
        data: What is read otherwise than before, by the name of a cell, or by row and column;
            None where nothing is read any more.
        told: Place and words of all that is told; the form is taken.
        refused: Place and words of why the form, or the row of a list, is not taken.
        whole: Whether a foreign list, too, is refused whole, before any of its rows is looked at.
    """

    data: Mapping[str | tuple[str, str], object] = field(default_factory=dict)
    told: tuple[tuple[str, str], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    whole: bool = False

    def __and__(self, other: Outcome) -> Outcome:
        return Outcome(
            {**self.data, **other.data},
            self.told + other.told,
            self.refused + other.refused,
            self.whole or other.whole,
        )


UNCHANGED = Outcome()


def taken(name: str | tuple[str, str], value: object) -> Outcome:
    return Outcome({name: value})


def told(place: str, words: str) -> Outcome:
    return Outcome(told=((place, words),))


def refused(place: str, words: str) -> Outcome:
    return Outcome(refused=((place, words),))


def refused_whole(place: str, words: str) -> Outcome:
    return replace(refused(place, words), whole=True)


@dataclass(frozen=True)
class Habit:
    """A habit and its outcomes.

    Attributes:
        outcome: Of every form, unless one of the others holds.
        by_hand: Of a form that was filled in by hand, where nothing typed is known yet.
        cases: Of the ledger's sheet in a packet and of a foreign list.
        foreign: Of a foreign list.
        again: Of all of them after LibreOffice saved the file, which computes formulas.
        number_in_ods: Of a form of figures that LibreOffice saved as .ods, where a logical value is
            a number.
        as_text: Of a list as text, where numbers and days are what their cells showed.
        text: Whether a list as text can hold it: no comments, merged cells, sheets.
        named: What the file is renamed to.
    """

    edit: Edit
    outcome: Outcome
    by_hand: Outcome | None = None
    cases: Outcome | None = None
    foreign: Outcome | None = None
    again: Outcome | None = None
    number_in_ods: Outcome | None = None
    as_text: Outcome | None = None
    text: bool = True
    named: str = ""

    def of(self, form: str, again: str = "") -> Outcome:
        """Give what has to become of a form, saved again in a form of file or not."""
        if again == "ods" and self.number_in_ods and form in FIGURES:
            return self.number_in_ods
        if again and self.again:
            return self.again
        if form == LIST and self.foreign:
            return self.foreign
        if form == PLAN and self.by_hand:
            return self.by_hand
        return (self.cases if form in CASES else None) or self.outcome


# Edits


def put(cell: Cell, value: object) -> None:
    """Type a value; a text stays one, whatever it begins with."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def types(name: str, value: object, shown_as: str = "") -> Edit:
    def edit(desk: Desk) -> None:
        put(desk.cell(name), value)
        if shown_as:
            desk.cell(name).number_format = shown_as

    return edit


def formula(name: str, text: str) -> Edit:
    return lambda desk: setattr(desk.cell(name), "value", text)


def both(*edits: Edit) -> Edit:
    def edit(desk: Desk) -> None:
        for each in edits:
            each(desk)

    return edit


def rows_typed(*rows: list[object], at: int) -> Edit:
    """Type rows, from column A on; None leaves a cell as it is."""

    def edit(desk: Desk) -> None:
        for number, row in enumerate(rows, start=at):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    put(desk.sheet.cell(number, column), value)

    return edit


def reverse_columns(desk: Desk) -> None:
    """Turn the order of the columns from the headers down."""
    for row in desk.sheet.iter_rows(min_row=3):
        looks = [(cell.value, cell.number_format) for cell in row]
        for cell, (value, look) in zip(row, reversed(looks), strict=True):
            put(cell, value)
            cell.number_format = look


def sort_backwards(desk: Desk) -> None:
    rows = [[cell.value for cell in row] for row in desk.sheet.iter_rows(min_row=4)]
    for number, row in enumerate(reversed(rows), start=4):
        for column, value in enumerate(row, start=1):
            put(desk.sheet.cell(number, column), value)


def copy_row(number: int, to: int) -> Edit:
    def edit(desk: Desk) -> None:
        for cell in desk.sheet[number]:
            put(desk.sheet.cell(to, cell.column), cell.value)

    return edit


def copy_sheet(title: str, state: str = "visible") -> Edit:
    def edit(desk: Desk) -> None:
        copy = desk.book.copy_worksheet(desk.sheet)
        copy.title, copy.sheet_state = title, state
        copy[desk.form.cells[NUMBER][1]] = 1950

    return edit


def adds_sheet(desk: Desk) -> None:
    desk.book.create_sheet("补充")["B2"] = "另有 3 件未列入"


def comments(desk: Desk) -> None:
    desk.cell(NUMBER).comment = Comment("实际 1950", "张三")


def hides(desk: Desk) -> None:
    desk.sheet.auto_filter.ref = "A3:H6"
    desk.sheet.row_dimensions[5].hidden = True


def hides_column(desk: Desk) -> None:
    desk.sheet.column_dimensions["F"].hidden = True


def merges(name: str) -> Edit:
    """Merge a cell with the one below, and let it say what both are to say."""

    def edit(desk: Desk) -> None:
        cell = desk.cell(name)
        below = cell.offset(1)
        below.value = None
        cell.parent.merge_cells(f"{cell.coordinate}:{below.coordinate}")

    return edit


def unprotects_and_decorates(desk: Desk) -> None:
    for sheet in desk.book:
        sheet.protection.sheet = False
    desk.book.security = WorkbookProtection()
    sheet = desk.sheet
    sheet["C5"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["C5"].alignment = Alignment(wrap_text=True, textRotation=45)
    sheet.conditional_formatting.add("F4:G6", CellIsRule("lessThan", ["0"]))
    sheet.column_dimensions["B"].width = 60
    sheet.freeze_panes = "C4"
    desk.book.move_sheet(sheet, offset=-1)


def counts_from_1904(desk: Desk) -> None:
    desk.book.epoch = CALENDAR_MAC_1904
    desk.cell(DATE).value, desk.cell(DATE).number_format = 44624, "General"


def renames_sheet(desk: Desk) -> None:
    desk.sheet.title = "3月"


def in_row(number: int, change: str) -> Edit:
    return lambda desk: getattr(desk.sheet, change)(number)


def blank_rows(desk: Desk) -> None:
    desk.sheet.insert_rows(5, 2)
    desk.sheet["B5"], desk.sheet["C6"] = "  ", "　"


def full_width_key(desk: Desk) -> None:
    cell = desk.cell(KEY)
    wide = cell.value.translate({sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)})
    put(cell, f" {wide} ")


def breaks_headers(desk: Desk) -> None:
    for cell in desk.sheet[3]:
        put(cell, f" {cell.value[:1]}\n{cell.value[1:]}　")


def sheets_of_months(desk: Desk) -> None:
    desk.book.copy_worksheet(desk.sheet).title = "4月"
    desk.sheet.title = "3月"


def gone(case: str) -> Outcome:
    return Outcome({(case, title): None for title in HEADERS[1:]})


def keyed_anew(key: str) -> Outcome:
    """The first case is another one by its key, and the same otherwise."""
    values = {**CASE_ROWS[0], "案号": key}
    return gone(CASE) & Outcome({(key, title): value for title, value in values.items()})


# The table

CASE = "330108260301"
NEW_CASE = ["330108260304", "亮剑", "无证经营", "2026-03-09", 400]
NEW_CASE_READ = Outcome(
    {
        (NEW_CASE[0], "案号"): NEW_CASE[0],
        (NEW_CASE[0], "专项行动"): "亮剑",
        (NEW_CASE[0], "案由"): "无证经营",
        (NEW_CASE[0], "立案日期"): date(2026, 3, 9),
        (NEW_CASE[0], "罚没金额"): 400.0,
    }
)
MARCH_5 = taken(DATE, date(2026, 3, 5))
TOTALS = (
    [None, "小计", None, None, None, 650],
    [None, "本页合计", None, None, None, 650],
    [None, "总计", "共3家"],
    [5, "上年结转", "2件"],
)
TOTALS_TOLD = (
    told("B12:F12", "合计、结转")
    & told("B13:F13", "合计、结转")
    & told("B14:C14", "合计、结转")
    & told("A15:C15", "合计、结转")
)

HABITS = {
    # Numbers
    "a thousands comma": Habit(types(NUMBER, "1,900"), taken(NUMBER, 1900.0)),
    "full-width digits": Habit(types(NUMBER, "１，９００"), taken(NUMBER, 1900.0)),
    "a number as text": Habit(types(NUMBER, "1900", "@"), taken(NUMBER, 1900.0)),
    "a space and an unseen sign behind": Habit(types(NUMBER, "1900\u200b "), taken(NUMBER, 1900.0)),
    "ten thousands": Habit(types(NUMBER, "1.2万"), taken(NUMBER, 12_000.0)),
    "the unit behind": Habit(
        types(NUMBER, "1900批次"), taken(NUMBER, 1900.0), cases=refused(NUMBER, "后面不要写文字")
    ),
    "about": Habit(types(NUMBER, "约1900"), refused(NUMBER, "应为数字")),
    "a range": Habit(types(NUMBER, "3-5"), refused(NUMBER, "应为数字")),
    "a word for none": Habit(types(NUMBER, "无"), refused(NUMBER, "应为数字")),
    "a stroke for none": Habit(
        types(NUMBER, "/"),
        refused(NUMBER, "应为数字"),
        cases=taken(NUMBER, None) & told(NUMBER, "按没有填写处理"),
        foreign=told(NUMBER, "按没有填写处理"),  # what a list does not say stays
    ),
    "nought": Habit(types(NUMBER, 0), taken(NUMBER, 0.0)),
    "per cent as text": Habit(types(NUMBER, "30%"), refused(NUMBER, "应为数字")),
    "per cent as the cell shows it": Habit(
        types(NUMBER, 0.3, "0%"),
        taken(NUMBER, 0.3) & refused(NUMBER, "应为整数"),
        cases=taken(NUMBER, 0.3),
        as_text=refused(NUMBER, "应为数字"),
    ),
    "30 digits": Habit(types(NUMBER, "9" * 30), refused(NUMBER, "超过 15 位")),
    "1e308": Habit(
        types(NUMBER, 1e308), refused(NUMBER, "超过 15 位"), as_text=refused(NUMBER, "应为数字")
    ),
    "a formula": Habit(
        formula(NUMBER, "=1+2"),
        refused(NUMBER, "公式没有保存"),
        again=taken(NUMBER, 3.0),
        text=False,
    ),
    "an error value": Habit(
        formula(NUMBER, "=1/0"),
        refused(NUMBER, "公式没有保存"),
        again=refused(NUMBER, "错误值"),
        text=False,
    ),
    # Dates
    "a date with points": Habit(types(DATE, "2026.3.5", "@"), MARCH_5),
    "a date in Chinese": Habit(types(DATE, "2026年3月5日", "@"), MARCH_5),
    "a date in eight digits": Habit(types(DATE, "20260305", "@"), MARCH_5),
    "a date in full width": Habit(types(DATE, "２０２６／３／５", "@"), MARCH_5),
    "a moment as text": Habit(types(DATE, "2026-03-05 14:20:00", "@"), MARCH_5),
    "a moment": Habit(types(DATE, datetime(2026, 3, 5, 14, 20), "yyyy-mm-dd hh:mm"), MARCH_5),  # noqa: DTZ001
    "a serial number": Habit(
        types(DATE, 46086, "General"), MARCH_5, as_text=refused(DATE, "应为日期")
    ),
    "days counted from 1904": Habit(counts_from_1904, MARCH_5, text=False),
    "a date without a year": Habit(
        types(DATE, "3月5日", "@"), MARCH_5, foreign=refused(DATE, "缺少年份")
    ),
    "a year of two digits": Habit(types(DATE, "26.3.5", "@"), refused(DATE, "四位数")),
    "a day that is not": Habit(types(DATE, "2026-02-30", "@"), refused(DATE, "日期不存在")),
    # Words
    "a tick": Habit(types(FLAG, "√"), taken(FLAG, True)),
    "a logical yes": Habit(
        types(FLAG, True), taken(FLAG, True), number_in_ods=refused(FLAG, "应为“是”")
    ),
    "a doubtful yes": Habit(types(FLAG, "可能"), refused(FLAG, "应为“是”")),
    "a number in a text": Habit(types(TEXT, 5), taken(TEXT, "5")),
    "a text like a formula": Habit(types(TEXT, "+86 转 3"), taken(TEXT, "+86 转 3")),
    "two lines in a cell": Habit(types(TEXT, "已部署\n正在抽检"), taken(TEXT, "已部署\n正在抽检")),
    "a quotation": Habit(types(TEXT, '"铁拳"行动'), taken(TEXT, '"铁拳"行动')),
    # Keys
    "a key as a number": Habit(
        types(KEY, int(CASE)),
        refused(KEY, "不在本单位"),
        cases=UNCHANGED,
        as_text=refused(KEY, "科学记数法"),
    ),
    "a key of 18 digits as a number": Habit(
        types(KEY, 440301202600123456),
        refused(KEY, "不在本单位"),
        cases=refused(KEY, "超过 15 位"),
        as_text=refused(KEY, "科学记数法"),
    ),
    "a key in scientific form": Habit(
        types(KEY, "4.40301E+17"), refused(KEY, "不在本单位"), cases=refused(KEY, "科学记数法")
    ),
    "an apostrophe before a key": Habit(
        types(KEY, f"'{CASE}"), refused(KEY, "不在本单位"), cases=UNCHANGED
    ),
    "a key in full width, with spaces": Habit(
        full_width_key,
        UNCHANGED,
        cases=keyed_anew("３３０１０８２６０３０１"),
        foreign=told(KEY, "写法不同"),
    ),
    # Rows
    "a note below the table": Habit(
        rows_typed([None, "注：其中 3 件见附件"], at=12),
        told("B12", "没有编码的行"),
        cases=told("B12", "备注、落款"),
    ),
    "totals of many kinds": Habit(
        rows_typed(*TOTALS, at=12), refused("A15", "编码“5”不在"), cases=TOTALS_TOLD
    ),
    "a total in the column of figures": Habit(
        rows_typed([None, "合计", None, None, None, None, 217], at=12),
        refused("G12", "没有编码"),
        cases=told("B12:G12", "合计、结转"),
    ),
    "a sum without a word": Habit(
        rows_typed([None, None, "全区", None, None, 650], at=12),
        told("C12", "没有编码的行") & told("F12", "没有编码的行"),
        cases=told("C12:F12", "等于以上各行之和"),
    ),
    "blank rows and rows of spaces": Habit(blank_rows, UNCHANGED),
    "rows sorted": Habit(sort_backwards, UNCHANGED),
    "a row deleted": Habit(
        in_row(5, "delete_rows"),
        taken(("I01-2", "本期数"), None),
        cases=gone("330108260302") & told("!执法案件", "按没有改动处理"),
        foreign=gone("330108260302"),
    ),
    "a row copied": Habit(
        copy_row(4, 12),
        refused("A12", "出现了两次"),
        cases=refused("A12", "出现了两次"),
        foreign=UNCHANGED,
    ),
    "a row added": Habit(
        rows_typed([None, *NEW_CASE], at=7),
        told("B7", "这里改成了")
        & told("C7", "这里改成了")
        & told("D7", "这里改成了")
        & told("E7", "这里改成了")
        & told("F7", "这里改成了"),
        cases=NEW_CASE_READ,
    ),
    "rows filtered out": Habit(
        hides,
        UNCHANGED,
        by_hand=told("G5", "第 5 行是隐藏的"),
        foreign=refused_whole("!案件", "筛选或隐藏"),
        text=False,
    ),
    "merged cells of text": Habit(
        merges(TEXT),
        taken(("T01-2", "进展情况"), "已部署") & told(TEXT, "按每一行都填写处理"),
        cases=taken(("330108260302", "案由"), "过期食品") & told(TEXT, "按每一行都填写处理"),
        text=False,
    ),
    "merged cells of numbers": Habit(
        merges(NUMBER),
        refused(NUMBER, "看不出属于哪一行"),
        cases=refused("F5", "看不出属于哪一行"),
        text=False,
    ),
    # Headers and columns
    "the headers again, as on every page": Habit(
        copy_row(3, 12), refused("A12", "编码“编码”"), cases=UNCHANGED
    ),
    "headers with line breaks and spaces": Habit(breaks_headers, UNCHANGED),
    "headers in another order below": Habit(
        rows_typed(["序号", "案由", "案号"], [None, "标签不符", "330108260309"], at=8),
        refused("A8", "编码“序号”不在"),
        cases=taken(("330108260309", "案号"), "330108260309")
        & taken(("330108260309", "案由"), "标签不符")
        & told("A8:C8", "表头与前面不同"),
    ),
    "a header typed anew": Habit(
        types("G3", "完成情况"),
        refused("A3", "缺少或重复的列：本期数"),
        cases=refused("A3", "缺少或重复的列：移送公安"),
        foreign=told("G3", "不是台账的列"),
    ),
    "columns moved": Habit(reverse_columns, UNCHANGED),
    "a column added": Habit(
        both(types("M3", "移送情况"), types("M4", "已移送公安")),
        told("M3", "不是本表的列") & told("M4", "已移送公安"),
        cases=told("M3", "已移送公安"),
    ),
    "a column without header": Habit(types("N5", "已移送公安"), told("N5", "没有表头的列")),
    "a column deleted": Habit(
        in_row(7, "delete_cols"), refused("A3", "缺少或重复的列"), foreign=UNCHANGED
    ),
    "the first column deleted": Habit(
        in_row(1, "delete_cols"), refused("A1", "找不到表头“编码”"), foreign=UNCHANGED
    ),
    "the column of keys deleted": Habit(
        in_row(2, "delete_cols"),
        UNCHANGED,
        cases=refused("A3", "缺少或重复的列"),
        foreign=refused_whole("!案件", "找不到“案号”这一列"),
    ),
    "a column hidden": Habit(
        hides_column, UNCHANGED, foreign=told("F3", "隐藏的列，照常读取"), text=False
    ),
    "text over the form's own": Habit(
        types("F4", "累计 1,950 批次"),
        told("F4", "“年初至上期累计”是表中原有的内容"),
        cases=refused("F4", "应为数字"),
    ),
    # Beside the table
    "a comment": Habit(comments, told(NUMBER, "实际 1950"), text=False),
    "a line above the table": Habit(
        types("D1", "请尽快审核"), told("D1", "请尽快审核"), foreign=told("A1:D1", "请尽快审核")
    ),
    "protection off, colours, other order": Habit(unprotects_and_decorates, UNCHANGED, text=False),
    # Sheets and the file
    "a copied sheet": Habit(
        copy_sheet("表 (2)"),
        refused("!表 (2)", "像是“指标”表，有 1 行与“指标”表不同，程序不替您选"),
        cases=refused("!表 (2)", "像是“执法案件”表，有 1 行与“执法案件”表不同，程序不替您选"),
        foreign=refused_whole("", "“案件”（3 行）、“表 (2)”（3 行），程序不替您选"),
        text=False,
    ),
    "a hidden copy": Habit(
        copy_sheet("旧", "hidden"),
        refused("!旧", "“旧”（隐藏，"),
        foreign=refused_whole("", "“旧”（隐藏，3 行）"),
        text=False,
    ),
    "sheets one a month": Habit(
        sheets_of_months,
        refused("", "缺少工作表：指标"),
        cases=refused("", "缺少工作表：执法案件"),
        foreign=refused_whole("", "“3月”（3 行）、“4月”（3 行）"),
        text=False,
    ),
    "an added sheet": Habit(
        adds_sheet,
        told("!补充", "1 行") & told("补充!B2", "未列入"),
        foreign=told("!补充", "1 行"),
        text=False,
    ),
    "a sheet renamed": Habit(
        renames_sheet, refused("", "缺少工作表"), foreign=UNCHANGED, text=False
    ),
    "a file renamed": Habit(lambda _: None, UNCHANGED, named="三月（改）"),
    "a file renamed to another month": Habit(
        lambda _: None,
        refused("", "文件名“4月报表”写的是2026年4月"),
        foreign=UNCHANGED,
        named="4月报表",
    ),
    "last month's form, retitled": Habit(
        types("A2", "2026年4月"), refused("A2", "写的是2026年4月"), foreign=told("A2", "2026年4月")
    ),
}
