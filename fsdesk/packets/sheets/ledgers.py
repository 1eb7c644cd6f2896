"""Ledgers in a packet: one sheet each, with the rows that are there and room for new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding, InputRejectedError, Place, error, reject, warning
from fsdesk.domain.ledger.codec import values_to_dict
from fsdesk.domain.ledger.ledger import (
    NO,
    YES,
    ColumnType,
    LedgerColumn,
    LedgerEntry,
    natural_key,
)
from fsdesk.domain.names import sheet_name
from fsdesk.domain.packet.packet import plain_digest
from fsdesk.domain.packet.sheet_choice import SheetTaken
from fsdesk.domain.records.merge import NO_EDITS, Revision, hand_edit
from fsdesk.domain.text import fold, tidy
from fsdesk.domain.typed import read_text
from fsdesk.packets.layout import (
    CODE,
    HEADER_WITHIN,
    HELP_SHEET,
    META_SHEET,
    PLAN_SHEET,
    SEALED_SHEET,
    SHEETS,
)
from fsdesk.packets.lists.headers import HeaderNames
from fsdesk.packets.lists.reading import TableRules
from fsdesk.packets.lists.rows import read_rows
from fsdesk.packets.sheet_xml import InputCheck, XmlSheet, list_check, row_xml
from fsdesk.packets.sheets.merging import merge_values
from fsdesk.packets.sheets.parts import HEADER_ROW, head
from fsdesk.packets.sheets.replies import REPLY_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.ledger.ledger import Ledger, LedgerValue
    from fsdesk.packets.lists.headers import ListHeader
    from fsdesk.packets.lists.opening import ListSheet
    from fsdesk.packets.lists.reading import ListReading, ListRow, Rejected
    from fsdesk.packets.looks import Looks

_ROOM = 2000  # rows below the last one in which drop-downs work
_WIDTHS = {ColumnType.NUMBER: 10, ColumnType.DATE: 12, ColumnType.FLAG: 8, ColumnType.CHOICE: 12}
_TEXT_WIDTH, _CODE_WIDTH = 22, 8
_STYLES = {ColumnType.NUMBER: "fs_number", ColumnType.DATE: "fs_date"}
_LONGEST_LIST = 250
# What the line below the title ends in.
NEW_ROWS, NOT_SHOWN = "新增记录从下一空行填起，不填编码", "不在表中显示"
_CODE_COLUMN = LedgerColumn(CODE)
_LINES_ON_PAPER = 20  # that are printed even where nothing is typed yet
_DIGITS = 15  # that spreadsheet programs keep of a number


def holdable_entry(entry: LedgerEntry) -> LedgerEntry:
    """Return a row as a workbook can hold it, so that it comes back the same."""
    values = {
        title: _holdable(value) for title, value in entry.values.items() if value not in (None, "")
    }
    # Many rows need no second copy.
    return entry if values == entry.values else replace(entry, values=values)


def _holdable(value: LedgerValue) -> LedgerValue:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    return value


def entry_digest(entry: LedgerEntry) -> str:
    """Return the SHA-256 of what stands in a row."""
    return plain_digest([entry.unit, values_to_dict(entry), entry.gone])


def sheet_names(ledgers: Iterable[Ledger]) -> dict[str, str]:
    """Return the names of the sheets of a packet's ledgers, by their codes.

    A ledger may be called what another sheet of the packet is called.
    """
    hidden = (META_SHEET, PLAN_SHEET, SEALED_SHEET)
    taken = [HELP_SHEET, *hidden, REPLY_SHEET, *(sheet.title for sheet in SHEETS)]
    names: dict[str, str] = {}
    for ledger in ledgers:
        names[ledger.code] = sheet_name(ledger.title, (*taken, *names.values()))
    return names


def ledger_sheet(
    looks: Looks, name: str, ledger: Ledger, entries: Sequence[LedgerEntry], words: str
) -> XmlSheet:
    """Return the sheet of a ledger.

    `name`: of the sheet, as of `sheet_names`.
    `entries`: its rows; removed ones are left out.
    `words`: whose it is and how it is filled, for people.
    """
    columns = ledger.columns
    titles = (CODE, *(column.title for column in columns))
    styles = [looks[_STYLES.get(column.type, "fs_entry")] for column in columns]
    shown = [entry for entry in entries if not entry.gone]
    last = HEADER_ROW + len(shown)
    printed = max(last, HEADER_ROW + _LINES_ON_PAPER)
    code = looks["fs_code"]

    def rows() -> Iterator[str]:
        """Yield them while they are written: there may be very many."""
        yield from head(looks, ledger.title, words, titles, beside=len(columns))
        for number, entry in enumerate(shown, start=HEADER_ROW + 1):
            typed = (_typed(entry.values.get(column.title)) for column in columns)
            yield row_xml(looks, number, ((entry.id, code), *zip(typed, styles, strict=True)))

    return XmlSheet(
        name,
        rows(),
        cell_name(last - 1, len(columns)),
        [_CODE_WIDTH, *(_WIDTHS.get(column.type, _TEXT_WIDTH) for column in columns)],
        # The cells that are not there yet can be typed into as well.
        column_looks=dict(enumerate(styles, start=1)),
        frozen=(HEADER_ROW, 2),
        checks=list(_lists(ledger, last + _ROOM)),
        print_area=cell_name(printed - 1, len(columns)),
        header_row=HEADER_ROW,
        protected=True,
        rows_wanted=True,
    )


def _typed(value: LedgerValue) -> str | float | date | None:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _lists(ledger: Ledger, last: int) -> Iterable[tuple[InputCheck, str]]:
    for place, column in enumerate(ledger.columns, start=1):
        words = (YES, NO) if column.type is ColumnType.FLAG else column.choices
        listed = ",".join(words)
        if not words or len(listed) > _LONGEST_LIST or any("," in word for word in words):
            continue
        area = f"{cell_name(HEADER_ROW, place)}:{cell_name(last - 1, place)}"
        yield list_check(words, f"请选择：{'、'.join(words)}"), area


Line = tuple[str, str, str, str]


class ReadLedger(Struct):
    """What the sheet of a ledger says.

    Attributes:
        entries: Rows with what stands in them and the revision that they have now.
        lines: For each of them code of the ledger, id, revision and digest.
        findings: What is wrong, and what to tell.
        taken: The sheets that were read.
        changed: The cells of the rows that were changed since the packet was written.
    """

    entries: list[LedgerEntry] = field(default_factory=list[LedgerEntry])
    lines: list[Line] = field(default_factory=list[Line])
    findings: list[Finding] = field(default_factory=list[Finding])
    taken: list[SheetTaken] = field(default_factory=list[SheetTaken])
    changed: list[Place] = field(default_factory=list[Place])

    def keep(self, entry: LedgerEntry, digest: str) -> None:
        """Add a row with its digest."""
        self.entries.append(entry)
        self.lines.append((entry.ledger, entry.id, str(entry.revision), digest))


class LedgerSource(Struct, frozen=True):
    """The sheet of a ledger as it was found in a file.

    Attributes:
        ledger: Its declaration, from the packet itself.
        table: Its cells, and what was found of them.
        copies: Other sheets that are read as this one, with what they add.
        notes: For each row that was written, by its id, the row as it was based: revision and
            digest.
        removed: The rows that were removed and have no line.
        year: Of the plan; dates without a year lie in it.
        name: Title of the packet's own sheet.
    """

    table: ListSheet
    copies: Sequence[ListSheet]
    ledger: Ledger
    notes: Mapping[str, tuple[str, str]]
    removed: Sequence[LedgerEntry]
    unit: str
    packet: str
    year: int
    name: str


def read_ledger_sheet(source: LedgerSource) -> ReadLedger:
    """Read the sheet of a ledger; rows without a code are new ones."""
    result = ReadLedger()
    rows = _Rows(source.ledger, several=bool(source.copies))
    seen: set[str] = set()
    for table in (source.table, *source.copies):
        try:
            reading = read_rows(table, source.ledger, _rules(source), _header(source, table))
        except InputRejectedError as refused:
            result.findings += refused.findings
            continue
        result.findings += reading.findings
        result.findings += (_error(table, fault) for fault in reading.rejected)
        result.taken.append(SheetTaken(table.name, len(reading.rows)))
        result.findings += rows.add(table, reading)
        seen |= {
            read_text(cell) for fault in reading.rejected for cell in table.rows[fault.row - 1]
        }
    if result.findings and not result.taken:
        return result
    note_column = source.ledger.note_column
    for at, (table, row) in enumerate(rows.rows):
        code = row.beside
        if code and (code in seen or code not in source.notes):
            place = Place(table.file, table.name, row.cell(CODE))
            wrong = error(f"编码“{code}”不在本表中", "新增记录不填编码", place)
            if code in source.notes:
                wrong = error(f"编码“{code}”出现了两次", "新增记录请清空编码", place)
            result.findings.append(wrong)
        else:
            values = row.over({}, note_column) if row.noted else row.values
            entry, digest = _entry(source, code, values)
            result.keep(entry, digest)
            if digest != source.notes.get(code, ("", ""))[1]:
                result.changed += rows.cells_of(at)
        seen.add(code)
    removed = {entry.id for entry in source.removed}
    for entry in source.removed:
        result.keep(entry, entry_digest(entry))
    result.findings += (
        warning(
            f"缺少编码为“{id_}”的记录，按没有改动处理",
            "需要删除的记录请在本程序中删除",
            Place(source.table.file, source.table.name),
        )
        for id_ in source.notes
        if id_ not in seen and id_ not in removed
    )
    return result


class _Rows:
    """The rows of several sheets of one ledger; what is one thing is put together."""

    def __init__(self, ledger: Ledger, *, several: bool) -> None:
        self.rows: list[tuple[ListSheet, ListRow]] = []
        self._merged: dict[int, list[tuple[ListSheet, ListRow]]] = {}  # what they were made of
        self._ledger, self._several = ledger, several
        self._numbers: dict[str, int] = {}  # of the rows, by code and by natural key

    def add(self, table: ListSheet, reading: ListReading) -> Iterator[Finding]:
        """Add a sheet's rows; of the first one, each stays as it stands there."""
        first = not self.rows
        if not self._several:
            self.rows += ((table, row) for row in reading.rows)
            return
        for row in reading.rows:
            key = f"={natural_key(self._ledger, row.values)}"
            at = None if first else self._numbers.get(row.beside or key)
            if at is None:
                at = len(self.rows)
                self.rows.append((table, row))
            else:
                yield from self._merge(at, table, row)
            for name in filter(None, (row.beside, key)):
                self._numbers.setdefault(name, at)

    def cells_of(self, at: int) -> Iterator[Place]:
        """Yield the cells from which a row was read, on every sheet."""
        for table, row in self._merged.get(at, [self.rows[at]]):
            names = [row.cell(title) for title in row.values]
            if row.noted:
                own, stands = row.places.values(), enumerate(table.rows[row.number - 1])
                spare = (place for place, cell in stands if place not in own and read_text(cell))
                names += (cell_name(row.number - 1, place) for place in spare)
            for name in names or [row.cell(CODE)]:
                yield Place(table.file, table.name, name)

    def _merge(self, at: int, table: ListSheet, row: ListRow) -> Iterator[Finding]:
        other, before = self.rows[at]
        self._merged.setdefault(at, [(other, before)]).append((table, row))
        known = _placed(other, before)
        yield from merge_values(known, _placed(table, row), {})
        values = {title: value for title, (value, _) in known.items()}
        merged = replace(
            before,
            beside=before.beside or row.beside,
            values=values,
            noted=tuple(dict.fromkeys((*before.noted, *row.noted))),
        )
        self.rows[at] = other, merged


def _placed(table: ListSheet, row: ListRow) -> dict[str, tuple[LedgerValue, Place]]:
    where = table.file, table.name
    return {title: (value, Place(*where, row.cell(title))) for title, value in row.values.items()}


def _header(source: LedgerSource, table: ListSheet) -> ListHeader | None:
    """Find the headers; refused unless each column is there once.

    None for another sheet that is no copy of the form, and read as any list is.
    """
    wanted = (CODE, *(column.title for column in source.ledger.columns))
    for number, row in enumerate(table.rows[:HEADER_WITHIN]):
        texts = [(place, read_text(cell)) for place, cell in enumerate(row)]
        if all(fold(text) != fold(CODE) for _, text in texts):
            continue
        named = [each for each in texts if each[1]]
        header = HeaderNames(source.ledger, {}, _CODE_COLUMN).header(number, named)
        missing = [title for title in wanted if title not in header.titles]
        if missing:
            place = Place(table.file, table.name, cell_name(number, 0))
            words = f"缺少或重复的列：{'、'.join(missing)}"
            raise reject(words, "请恢复表头文字，每列一个", place)
        return header
    if table.name != source.name:
        return None
    place = Place(table.file, table.name, cell_name(0, 0))
    raise reject(f"前 {HEADER_WITHIN} 行内找不到表头“{CODE}”", "请恢复表头", place)


def _rules(source: LedgerSource) -> TableRules:
    def is_held(code: str, values: Mapping[str, LedgerValue]) -> bool:
        entry = LedgerEntry(code, source.ledger.code, source.unit, values)
        return entry_digest(entry) == source.notes[code][1]

    return TableRules(
        beside=_CODE_COLUMN,
        known=source.notes.keys(),
        is_held=is_held,
        year=source.year,
        form_texts=(source.ledger.title, NEW_ROWS, NOT_SHOWN),
        all_to_note=True,
        spare_remedy="需要报送的，请写进台账的列，或请汇总端在台账中增加这一列",
    )


def _entry(
    source: LedgerSource, code: str, values: Mapping[str, LedgerValue]
) -> tuple[LedgerEntry, str]:
    """Return a row with the revision that it has now, and its digest."""
    noted, before = source.notes.get(code, ("", ""))
    revision = Revision.parse(noted) if noted else NO_EDITS
    entry = LedgerEntry(code, source.ledger.code, source.unit, values, revision)
    digest = entry_digest(entry)
    if digest != before:
        revision = hand_edit(revision, source.packet, f"{source.ledger.code}/{code}", digest)
        entry = replace(entry, revision=revision)
    return entry, digest


def _error(table: ListSheet, fault: Rejected) -> Finding:
    stands = f"填的是“{fault.value}”，" if fault.value else ""
    place = Place(table.file, table.name, fault.cell)
    remedy = f"请按“{fault.column}”列的要求填写"
    return error(f"“{fault.column}”{stands}{fault.message}", remedy, place)
