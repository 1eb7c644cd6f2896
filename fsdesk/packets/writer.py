"""Writing a packet as a workbook that a clerk can fill without fsdesk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation

from fsdesk.domain.periods import FIRST_YEAR, LAST_YEAR, Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.records.records import Record, RecordKind, Status
from fsdesk.domain.typed import YES, Entry
from fsdesk.files import written
from fsdesk.packets.layout import (
    CODE,
    HELP_SHEET,
    META_SHEET,
    PLAN_SHEET,
    SHEETS,
    STATUS_WORDS,
    Column,
    Sheet,
)
from fsdesk.packets.limits import escaped, holdable, typed_number
from fsdesk.packets.meta import handed_down_cells, meta_rows, note
from fsdesk.packets.sheets.ledgers import holdable_entry, sheet_names, write_ledger_sheet
from fsdesk.packets.sheets.parts import HEADER_HEIGHT, HEADER_ROW, protect, put, set_up_page
from fsdesk.packets.sheets.replies import COLUMNS, REPLY_SHEET, holdable_reply, write_reply_sheet
from fsdesk.packets.styles import fit_row, packet_styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from fsdesk.domain.packet.packet import Packet, Seal
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.packets.meta import Meta


def write_packet(
    path: Path,
    packet: Packet,
    plan: Plan,
    previous: Mapping[str, str] | None = None,
    sign: Callable[[str], Seal] | None = None,
) -> Packet:
    """Write a packet, beside its place first, then in place.

    Args:
        path: Where it goes.
        packet: What it says.
        plan: Names and targets for people; in a PLAN packet the plan itself goes along.
        previous: By item code, what was last reported, for people.
        sign: Sets a seal on the packet's digest; without it the packet is not signed.

    Returns:
        The packet as it was written, with its digest and seal.

    Raises:
        InputRejectedError: When the file can't be written, e.g. since it is open elsewhere.
    """
    packet = replace(
        packet,
        records=tuple(holdable(record) for record in packet.records),
        entries=tuple(holdable_entry(entry) for entry in packet.entries),
        replies=tuple(holdable_reply(reply) for reply in packet.replies),
    )
    meta = note(packet)
    noted = meta.noted
    packet = replace(packet, noted=noted, digest=noted, seal=sign(noted) if sign else None)
    book = _workbook(packet, meta, _Lines(plan, packet, previous or {}))
    with written(path) as part:
        book.save(part)
    return packet


def _workbook(packet: Packet, meta: Meta, lines: _Lines) -> Workbook:
    book = Workbook()
    for style in packet_styles():
        book.add_named_style(style)
    help_sheet = book.worksheets[0]
    help_sheet.title = HELP_SHEET
    _write_help(help_sheet, packet)
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet.title), sheet, lines)
    names = sheet_names(packet.ledgers)
    for ledger in packet.ledgers:
        entries = (entry for entry in packet.entries if entry.ledger == ledger.code)
        write_ledger_sheet(book, names[ledger.code], ledger, entries, packet.header.unit_name)
    if packet.letters:
        write_reply_sheet(book, packet.letters, packet.replies, packet.header.unit_name)
    _write_hidden(book, packet, meta)
    book.properties.creator = "食药安工作台"
    book.properties.created = book.properties.modified = packet.header.created_at.replace(
        tzinfo=None
    )
    return book


class _Lines:
    """What stands in the columns that only inform, and what may be typed in the others."""

    def __init__(self, plan: Plan, packet: Packet, previous: Mapping[str, str]) -> None:
        self.plan, self.packet, self.previous = plan, packet, previous

    @property
    def about(self) -> str:
        header = self.packet.header
        return (
            f"{header.unit_name}　{Period.parse(header.period).label}　"
            f"按时截止日：{header.due}　{header.kind.label}"
        )

    def records(self, kind: RecordKind) -> list[Record]:
        return [record for record in self.packet.records if record.key.kind is kind]

    def told(self, record: Record) -> dict[str, str]:
        """Return the text of the columns that only inform."""
        item = record.key.item
        before = self.previous.get(item, "")
        if record.key.kind is RecordKind.PROGRESS:
            task = self.plan.tasks_by_code[item]
            point = self.plan.point_of[item]
            role = self.plan.roles(item)[record.key.unit].label
            return {
                "要点": f"{point.number}.{point.title}",
                "任务": task.title,
                "责任分工": role,
                "上期进展": before,
            }
        if record.key.kind is RecordKind.MILESTONE:
            deliverable = self.plan.deliverables_by_code[item]
            task = self.plan.task_of[item]
            return {"任务": task.title, "事项": deliverable.title, "上期状态": before}
        indicator = self.plan.indicators_by_code[item]
        asked = "本期数"
        if indicator.kind is IndicatorKind.RATIO:
            above, below = indicator.numerator_name, indicator.denominator_name
            asked = f"分子：{above}；分母：{below}" if above and below else "分子和分母"
        elif indicator.kind is IndicatorKind.DERIVED:
            asked = f"本期数：{indicator.numerator_name or '数量'}"
        return {
            "指标": indicator.name,
            "目标": indicator.target_text,
            "计量单位": "" if indicator.derivation else indicator.measure_unit,
            "填写内容": asked,
            "年初至上期累计": before,
        }

    def closed(self, record: Record, column: Column) -> bool:
        """Tell whether a column doesn't apply to a row."""
        if record.key.kind is not RecordKind.VALUE or column.entry is not Entry.NUMBER:
            return False
        ratio = self.plan.indicators_by_code[record.key.item].kind is IndicatorKind.RATIO
        return ratio is (column.field == "value")


def _write_help(sheet: Worksheet, packet: Packet) -> None:
    header = packet.header
    sheet.column_dimensions["A"].width = 16
    sheet.column_dimensions["B"].width = 16
    sheet.column_dimensions["C"].width = 80
    put(sheet, 1, 1, f"{header.year}年食品药品安全工作{header.kind.label}", "fs_title")
    about = (
        ("责任单位", header.unit_name),
        ("报告期", Period.parse(header.period).label),
        ("按时截止日", header.due),
    )
    row = 3
    for name, value in about:
        put(sheet, row, 1, name, "fs_header")
        put(sheet, row, 2, value, "fs_text")
        row += 1
    row += 1
    for words in _ADVICE:
        put(sheet, row, 1, words, "fs_plain").alignment = Alignment(wrap_text=False)
        row += 1
    row += 1
    for column, words in enumerate(("工作表", "栏目", "填写要求"), start=1):
        put(sheet, row, column, words, "fs_header")
    for line in _requirements(packet):
        row += 1
        for column, words in enumerate(line, start=1):
            put(sheet, row, column, words, "fs_text")
    set_up_page(sheet, "C", sheet.max_row, header=False)
    protect(sheet)


_ADVICE = (
    "1. 只填浅黄色单元格，填好后保存为 .xlsx，交回区食药安办；也可以用本程序导入后填报。",
    "2. 请不要删除或改动“编码”和表头；可以调整列宽、筛选和打印。",
    "3. 没有填写的内容按“未报”处理，不会当作 0。",
)


def _requirements(packet: Packet) -> Iterable[tuple[str, str, str]]:
    """Yield sheet, column and what is asked there, from the table that the reader goes by."""
    for part in SHEETS:
        for entry in part.inputs:
            yield part.title, entry.title, entry.rule
    for ledger in packet.ledgers:
        yield ledger.title, "各列", _LEDGER_ADVICE
    if packet.letters:
        for column in COLUMNS:
            if column.field:
                yield REPLY_SHEET, column.title, column.rule


_LEDGER_ADVICE = "一条记录一行，新增的从下一空行填起，不填编码；已有的直接改"


def _write_sheet(target: Worksheet, sheet: Sheet, lines: _Lines) -> None:
    put(target, 1, 1, sheet.title, "fs_title")
    put(target, 2, 1, lines.about, "fs_plain").alignment = Alignment(wrap_text=False)
    for number, column in enumerate(sheet.columns, start=1):
        put(target, HEADER_ROW, number, column.title, "fs_header")
        target.column_dimensions[get_column_letter(number)].width = column.width
    target.row_dimensions[HEADER_ROW].height = HEADER_HEIGHT
    records = lines.records(sheet.kind)
    for row, record in enumerate(records, start=HEADER_ROW + 1):
        _write_row(target, row, sheet, (lines, record))
    last = HEADER_ROW + len(records)
    if records:
        _add_checks(target, sheet, last)
    frozen = target.cell(HEADER_ROW + 1, 4).coordinate
    target.freeze_panes = frozen
    set_up_page(target, get_column_letter(len(sheet.columns)), last, header=True)
    protect(target)


def _write_row(target: Worksheet, row: int, sheet: Sheet, source: tuple[_Lines, Record]) -> None:
    lines, record = source
    told = lines.told(record)
    for number, column in enumerate(sheet.columns, start=1):
        if column.title == CODE:
            put(target, row, number, record.key.item, "fs_code")
        elif not column.field:
            put(target, row, number, told.get(column.title, ""), "fs_text")
        elif lines.closed(record, column):
            put(target, row, number, None, "fs_closed")
        else:
            unit = told.get("计量单位", "") if column.field == "value" else ""
            _put_entry(target, (row, number), column, record, unit)
    fit_row(target, row, [column.width for column in sheet.columns])


_ENTRY_STYLES = {Entry.NUMBER: "fs_number", Entry.DATE: "fs_date"}


def _put_entry(
    target: Worksheet, where: tuple[int, int], column: Column, record: Record, measure_unit: str
) -> None:
    value = getattr(record.content, column.field)
    if isinstance(value, Status):
        value = value.label
    elif isinstance(value, bool):
        value = YES if value else None
    elif isinstance(value, float):
        value = typed_number(value, measure_unit)
    put(
        target,
        *where,
        value or (value if value == 0 else None),
        _ENTRY_STYLES.get(column.entry, "fs_entry"),
    )


def _add_checks(target: Worksheet, sheet: Sheet, last: int) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        check = _check(column)
        if check is None:
            continue
        letter = get_column_letter(number)
        check.promptTitle, check.prompt = column.title, column.rule
        check.errorTitle, check.error = "填写有误", column.rule
        check.showInputMessage = check.showErrorMessage = True
        check.sqref = MultiCellRange(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
        target.add_data_validation(check)


def _check(column: Column) -> DataValidation | None:
    if column.entry is Entry.STATUS:
        words = ",".join(STATUS_WORDS)
        return DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    if column.entry is Entry.FLAG:
        return DataValidation(type="list", formula1=f'"{YES}"', allow_blank=True)
    if column.entry is Entry.NUMBER:
        return DataValidation(
            type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True
        )
    if column.entry is Entry.DATE:
        # Only a warning: 2026年3月5日 as text is read as well.
        first, last = f"DATE({FIRST_YEAR},1,1)", f"DATE({LAST_YEAR},12,31)"
        return DataValidation(
            type="date", formula1=first, formula2=last, allow_blank=True, errorStyle="warning"
        )
    return None


def _write_hidden(book: Workbook, packet: Packet, noted: Meta) -> None:
    meta = book.create_sheet(META_SHEET)
    for row, cells in enumerate(meta_rows(noted, packet.seal), start=1):
        for column, text in enumerate(cells, start=1):
            cell: Any = meta.cell(row, column, escaped(text))
            cell.data_type = "s"
    meta.sheet_state = "veryHidden"
    if packet.handed_down is not None:
        sheet = book.create_sheet(PLAN_SHEET)
        for row, text in enumerate(handed_down_cells(packet.handed_down), start=1):
            sheet.cell(row, 1, escaped(text)).data_type = "s"
        sheet.sheet_state = "veryHidden"
