"""Writing a packet as a workbook that a clerk can fill without fsdesk."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fsdesk.domain.cells import cell_name
from fsdesk.domain.packet.packet import PacketKind, answers_digest
from fsdesk.domain.packet.sealed import FILES, PART_ROWS
from fsdesk.domain.periods import FIRST_YEAR, LAST_YEAR, Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.plan.naming import office_of, subject_of
from fsdesk.domain.records.records import Record, RecordKind, Status
from fsdesk.domain.typed import YES, Entry
from fsdesk.packets.book import Book
from fsdesk.packets.layout import (
    CODE,
    HELP_SHEET,
    META_SHEET,
    PARTS_DATA,
    PARTS_SHEET,
    PLAN_SHEET,
    SEALED_SHEET,
    SHEETS,
    STATUS_WORDS,
    SheetColumn,
)
from fsdesk.packets.layout import PacketSheet as Layout
from fsdesk.packets.limits import holdable, typed_number
from fsdesk.packets.looks import ONE_LINE, packet_looks
from fsdesk.packets.meta import directive_cells, meta_rows, note, part_cells, sealed_rows
from fsdesk.packets.printed import marks
from fsdesk.packets.sheet_xml import InputCheck, XmlSheet, list_check, row_xml
from fsdesk.packets.sheets.ledgers import (
    NEW_ROWS,
    NOT_SHOWN,
    holdable_entry,
    ledger_sheet,
    sheet_names,
)
from fsdesk.packets.sheets.parts import HEADER_ROW, head
from fsdesk.packets.sheets.replies import (
    COLUMNS,
    REPLY_SHEET,
    about_replies,
    holdable_reply,
    reply_sheet,
    told_of,
)
from fsdesk.packets.sheets.unit_parts import parts_name, unit_parts_sheet
from fsdesk.packets.styles import fitting_height

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.packet.packet import Packet, Seal
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.packets.looks import Looks
    from fsdesk.packets.meta import Meta
    from fsdesk.packets.printed import Printed
    from fsdesk.packets.sheet_xml import Value


def write_packet(
    path: Path,
    packet: Packet,
    plan: Plan,
    previous: Mapping[str, str] | None = None,
    sign: Callable[[str], Seal] | None = None,
) -> Packet:
    """Write a packet, beside its place first, then in place.

    `plan`: names and targets for people; in a PLAN packet the plan itself goes along.
    `previous`: by item code, what was last reported, for people.
    `sign`: sets a seal on the packet's digest; without it the packet is not signed.

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
    if sign and packet.answers:
        mark = sign(answers_digest(noted, packet.answers)).signature
        packet, meta = replace(packet, answers_mark=mark), replace(meta, answers_mark=mark)
    _workbook(packet, meta, _InfoColumns(plan, packet, previous or {})).save(path)
    return packet


def _workbook(packet: Packet, meta: Meta, lines: _InfoColumns) -> Book:
    looks = packet_looks()
    unit = packet.header.unit_name
    advice = _help_rows(looks, packet, lines.plan)
    meta = replace(meta, printed=_printed(packet, lines, advice.texts))
    sheets = [_help_sheet(advice)]
    sheets += [_sheet(looks, sheet, lines) for sheet in SHEETS]
    names = sheet_names(packet.ledgers)
    for ledger in packet.ledgers:
        entries = [entry for entry in packet.entries if entry.ledger == ledger.code]
        words = _about_ledger(packet, ledger)
        sheets.append(ledger_sheet(looks, names[ledger.code], ledger, entries, words))
    if packet.letters:
        sheets.append(
            reply_sheet(looks, packet.letters, packet.replies, (unit, office_of(lines.plan)))
        )
    if packet.part_sheet is not None:
        name = parts_name(packet.ledgers)
        sheets.append(unit_parts_sheet(looks, name, packet.part_sheet, lines.plan, unit))
    sheets.append(_hidden(looks, META_SHEET, meta_rows(meta, packet.seal)))
    if packet.directives is not None:
        cells = ([text] for text in directive_cells(packet.directives))
        sheets.append(_hidden(looks, PLAN_SHEET, cells))
    if packet.part_sheet is not None:
        cells = ([text] for text in part_cells(packet.part_sheet))
        sheets.append(_hidden(looks, PARTS_DATA, cells))
    if packet.sealed:
        sheets.append(_hidden(looks, SEALED_SHEET, sealed_rows(packet.sealed)))
    return Book(looks, sheets, packet.header.created_at)


def _about_ledger(packet: Packet, ledger: Ledger) -> str:
    return f"{packet.header.unit_name}　{_ledger_words(packet, ledger)}"


def _ledger_words(packet: Packet, ledger: Ledger) -> str:
    """Say how a ledger's sheet is filled, and how many rows travel sealed instead of in it."""
    advice = NEW_ROWS
    part = next((part.note for part in packet.sealed if part.note.ledger == ledger.code), None)
    if part is None:
        return advice
    sealed = f"{part.count} 条记录已密封，只有{part.receiver_name}能打开，{NOT_SHOWN}"
    return sealed if packet.header.kind is PacketKind.REPORT else f"{sealed}；{advice}"


class _InfoColumns:
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
            asked = f"{deliverable.title}（{deliverable.schedule_text}）"
            return {"任务": task.title, "事项": asked, "上期状态": before}
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

    def closed(self, record: Record, column: SheetColumn) -> bool:
        """Tell whether a column doesn't apply to a row."""
        if record.key.kind is not RecordKind.VALUE or column.entry is not Entry.NUMBER:
            return False
        ratio = self.plan.indicators_by_code[record.key.item].kind is IndicatorKind.RATIO
        return ratio is (column.field == "value")


def _printed(packet: Packet, lines: _InfoColumns, words: Sequence[str]) -> Printed:
    """Note what is printed for people; `words`: on the sheet of advice."""
    found = {(HELP_SHEET, ""): tuple(sorted({*marks(words)}))}
    for sheet in SHEETS:
        found[sheet.title, ""] = marks((sheet.title, lines.about))
        for record in lines.records(sheet.kind):
            told = lines.told(record)
            texts = (told.get(column.title, "") for column in sheet.printed)
            found[sheet.title, record.key.item] = marks(texts)
    names, unit = sheet_names(packet.ledgers), packet.header.unit_name
    for ledger in packet.ledgers:
        found[names[ledger.code], ""] = marks((ledger.title, _about_ledger(packet, ledger)))
    if packet.letters:
        found[REPLY_SHEET, ""] = marks((REPLY_SHEET, about_replies(unit, office_of(lines.plan))))
    for letter in packet.letters:
        found[REPLY_SHEET, letter.document_number] = marks(told_of(letter)[1:])
    return found


def _help_rows(looks: Looks, packet: Packet, plan: Plan) -> _TextRows:
    header = packet.header
    rows = _TextRows(looks)
    rows.add(f"{header.year}年{subject_of(plan)}工作{header.kind.label}", style="fs_title")
    rows.skip()
    rows.add("责任单位", header.unit_name, style="fs_header", others="fs_text")
    rows.add("报告期", Period.parse(header.period).label, style="fs_header", others="fs_text")
    rows.add("按时截止日", header.due, style="fs_header", others="fs_text")
    if plan.draft_note:
        rows.add("计划", plan.draft_note, style="fs_header", others="fs_text")
    rows.skip()
    for words in _ADVICE:
        rows.add(words.format(office=office_of(plan)), style=ONE_LINE)
    rows.skip()
    rows.add("工作表", "栏目", "填写要求", style="fs_header")
    for line in _requirements(packet):
        rows.add(*line, style="fs_text")
    return rows


def _help_sheet(rows: _TextRows) -> XmlSheet:
    last = cell_name(rows.count - 1, len(_HELP_WIDTHS) - 1)
    return XmlSheet(HELP_SHEET, rows.xml, last, _HELP_WIDTHS, print_area=last, protected=True)


class _TextRows:
    """Rows of words, one below the other."""

    def __init__(self, looks: Looks) -> None:
        self.xml: list[str] = []
        self.texts: list[str] = []
        self.count = 0
        self._looks = looks

    def add(self, first: str, *words: str, style: str, others: str = "") -> None:
        """Add a row; its first cell may have another style than the others."""
        self.count += 1
        self.texts += (first, *words)
        look = self._looks[others or style]
        cells = [(first, self._looks[style]), *((each, look) for each in words)]
        self.xml.append(row_xml(self._looks, self.count, cells))

    def skip(self) -> None:
        self.count += 1


_HELP_WIDTHS = (16, 16, 80)
_ADVICE = (
    "1. 只填浅黄色单元格，填好后保存为 .xlsx，交回{office}；也可以用本程序导入后填报。",
    "2. 请不要删除或改动“编码”和表头；可以调整列宽、筛选和打印。",
    "3. 没有填写的内容按“未报”处理，不会当作 0。",
)


def _requirements(packet: Packet) -> Iterable[tuple[str, str, str]]:
    """Yield sheet, column and what is asked there, from the table that the reader goes by."""
    for part in SHEETS:
        for entry in part.inputs:
            yield part.title, entry.title, entry.rule
    for ledger in packet.ledgers:
        sealed = any(part.note.ledger == ledger.code for part in packet.sealed)
        words = _ledger_words(packet, ledger) if sealed else _LEDGER_ADVICE
        yield ledger.title, "各列", words
    yield from _beside(packet)
    if packet.letters:
        for column in COLUMNS:
            if column.field:
                yield REPLY_SHEET, column.title, column.rule


def _beside(packet: Packet) -> Iterable[tuple[str, str, str]]:
    """Yield what is said of what nobody fills in."""
    if packet.part_sheet is not None:
        yield PARTS_SHEET, "", "各下级单位的数，由程序从汇总中取得，不用填写，改动不采用"
    for part in packet.sealed:
        if part.note.about == PART_ROWS:
            words = f"{part.note.count} 条下级台账记录已密封，只有{part.note.receiver_name}能打开"
            yield PARTS_SHEET, "", words
        if part.note.about == FILES:
            words = f"{part.note.count} 个文件已密封，只有{part.note.receiver_name}能打开"
            yield "佐证材料", "", words


_LEDGER_ADVICE = "一条记录一行，新增的从下一空行填起，不填编码；已有的直接改"


def _sheet(looks: Looks, sheet: Layout, lines: _InfoColumns) -> XmlSheet:
    records = lines.records(sheet.kind)
    rows = head(looks, sheet.title, lines.about, [column.title for column in sheet.columns])
    widths = [column.width for column in sheet.columns]
    for row, record in enumerate(records, start=HEADER_ROW + 1):
        cells = list(_cells(looks, sheet, lines, record))
        height = fitting_height((value for value, _ in cells), widths)
        rows.append(row_xml(looks, row, cells, height))
    last = cell_name(len(rows) - 1, len(sheet.columns) - 1)
    return XmlSheet(
        sheet.title,
        rows,
        last,
        widths,
        frozen=(HEADER_ROW, 3),
        checks=list(_checks(sheet, len(rows))) if records else [],
        print_area=last,
        header_row=HEADER_ROW,
        protected=True,
    )


def _cells(
    looks: Looks, sheet: Layout, lines: _InfoColumns, record: Record
) -> Iterable[tuple[Value, int]]:
    told = lines.told(record)
    for column in sheet.columns:
        if column.title == CODE:
            yield record.key.item, looks["fs_code"]
        elif not column.field:
            yield told.get(column.title, ""), looks["fs_text"]
        elif lines.closed(record, column):
            yield None, looks["fs_closed"]
        else:
            unit = told.get("计量单位", "") if column.field == "value" else ""
            style = _ENTRY_STYLES.get(column.entry, "fs_entry")
            yield _entry(getattr(record.content, column.field), unit), looks[style]


_ENTRY_STYLES = {Entry.NUMBER: "fs_number", Entry.DATE: "fs_date"}


def _entry(value: Any, measure_unit: str) -> Value:  # noqa: ANN401 - a field of a record
    if isinstance(value, Status):
        return value.label
    if isinstance(value, bool):
        return YES if value else None
    return typed_number(value, measure_unit) if isinstance(value, float) else value


def _checks(sheet: Layout, last: int) -> Iterable[tuple[InputCheck, str]]:
    for place, column in enumerate(sheet.columns):
        check = _check(column)
        if check is not None:
            yield check, f"{cell_name(HEADER_ROW, place)}:{cell_name(last - 1, place)}"


@cache
def _check(column: SheetColumn) -> InputCheck | None:
    prompt = (column.title, column.rule)
    if column.entry is Entry.STATUS:
        return list_check(STATUS_WORDS, column.rule, prompt)
    if column.entry is Entry.FLAG:
        return list_check([YES], column.rule, prompt)
    if column.entry is Entry.NUMBER:
        return InputCheck("decimal", ("0",), column.rule, prompt)
    if column.entry is Entry.DATE:
        # Only a warning: 2026年3月5日 as text is read as well.
        bounds = (f"DATE({FIRST_YEAR},1,1)", f"DATE({LAST_YEAR},12,31)")
        return InputCheck("date", bounds, column.rule, prompt, warns=True)
    return None


def _hidden(looks: Looks, title: str, lines: Iterable[Sequence[str]]) -> XmlSheet:
    """Return a sheet for the program alone, without any look."""
    rows = (
        row_xml(looks, number, ((text, 0) for text in line))
        for number, line in enumerate(lines, start=1)
    )
    return XmlSheet(title, rows, hidden=True)
