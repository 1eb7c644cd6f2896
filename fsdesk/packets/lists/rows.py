"""Reading the rows of a table as entries of a ledger: typed, each fault with its row and column.

Every table is read here: lists of other systems, and the ledger sheets of packets. Each cell in
which something stands is taken, is a heading, or is told at its place.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Place, reject
from fsdesk.domain.ledger.keys import REMEDY, damaged_keys
from fsdesk.domain.ledger.ledger import ColumnType, LedgerColumn, LedgerValue
from fsdesk.domain.text import fold
from fsdesk.domain.typed import Cell, CellError, read_text
from fsdesk.packets.lists.asides import hints_at_aside, looks_like_headings, why_aside
from fsdesk.packets.lists.headers import HeaderCell, HeaderNames, ListHeader, find_header
from fsdesk.packets.lists.reading import ListReading, ListRow, Rejected, TableRules
from fsdesk.packets.lists.told import Told, shown
from fsdesk.packets.lists.values import BLANKS, read_value, unforced
from fsdesk.packets.safe.sheet_scan import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.packets.lists.opening import ListSheet

_NUMBERING = frozenset({"序号", "序", "no", "no.", "行号", "不合格原因"})
_KNOWN_HEADERS = 2  # headings of the ledger from which a row is one of headers
_SUMMED = 2  # rows from which a sum is one
_WIDE = 3  # columns that a title is merged over
# What forces text stands at its beginning; a long number is shown as 4.4E+17. A row's texts are
# looked through at once, this sign before each.
_BEGIN = "\0"
_MAY_BE_DAMAGED = re.compile(r"\0\s*(?:['‘’＇=]|[0-9０-９][.．0-9０-９]*[eEｅＥ])")
_REMEMBERED = 1000  # values of a column that come back, with what was read of them


def read_rows(
    sheet: ListSheet,
    ledger: Ledger,
    rules: TableRules | None = None,
    header: ListHeader | None = None,
) -> ListReading:
    """Read a table's rows.

    `header`: its headers, where they are known.
    InputRejectedError when a column that identifies entries is missing, or two headers name the
    same column.
    """
    rules = rules or TableRules()
    header = header or find_header(sheet, ledger, rules.choices.columns, rules.beside)
    return _TableReader(sheet, ledger, rules, header).read()


def _check_header(sheet: ListSheet, ledger: Ledger, header: ListHeader) -> None:
    for title, texts in header.doubtful.items():
        place = max(cell.place for cell in header.cells if cell.text in texts)
        name = cell_name(header.row, place)
        raise reject(
            f"表头“{'”和“'.join(texts)}”都像是“{title}”这一列",
            "请在导入窗口中选定其中一列，或改掉另一列的表头",
            Place(sheet.file, sheet.name, name),
        )
    missing = [title for title in ledger.key if title not in header.titles]
    if missing:
        raise reject(
            f"找不到“{'”“'.join(missing)}”这一列，程序靠它识别同一条记录",
            "请在导入窗口中选定对应的列，或在表头中补上",
            Place(sheet.file, sheet.name),
        )


class _Sums:
    """Sums of the columns of numbers since the last total, to know a total by what it is."""

    def __init__(self) -> None:
        self._rows = 0
        self._sums: dict[str, float] = {}

    def add(self, numbers: Mapping[str, float]) -> None:
        self._rows += 1
        for title, number in numbers.items():
            self._sums[title] = self._sums.get(title, 0.0) + number

    def is_total(self, numbers: Mapping[str, float]) -> bool:
        return (
            self._rows >= _SUMMED
            and any(numbers.values())
            and all(abs(self._sums.get(t, 0.0) - n) < 1e-6 for t, n in numbers.items())  # noqa: PLR2004
        )


class _TableReader:
    def __init__(
        self, sheet: ListSheet, ledger: Ledger, rules: TableRules, header: ListHeader
    ) -> None:
        self.result = ListReading(sheet.name, [header])
        self._sheet, self._ledger, self._rules = sheet, ledger, rules
        self._names = HeaderNames(ledger, rules.choices.columns, rules.beside)
        self._told = Told(sheet.file, sheet.name)
        self._sums = _Sums()
        self._usual = 0  # columns that the fullest entry fills
        self._gap = False  # whether a blank row is above
        self._other: list[int] = []  # rows of a table of other headings, when in one
        self._hidden = 0
        self._refused: set[str] = set()  # cells whose errors are told already
        self._use(header)

    def read(self) -> ListReading:
        self._tell_above()
        for number in range(self.result.header.row + 1, len(self._sheet.rows)):
            self._read_row(number)
        self._close_table()
        self._tell_hidden()
        self._tell_bad()
        self._tell_comments()
        self._tell_hidden_columns()
        self._judge_keys()
        self.result.findings = self._told.close()
        return self.result

    # Headers

    def _use(self, header: ListHeader) -> None:
        """Read what follows by these headers."""
        _check_header(self._sheet, self._ledger, header)
        ledger, beside = self._ledger, self._rules.beside
        self._header = header
        self._columns = [
            (cell.place, cell.text, ledger.column(cell.title) or beside)
            for cell in header.cells
            if cell.title
        ]
        self._numbers = [c.title for _, _, c in self._columns if c.type is ColumnType.NUMBER]
        self._places = {place for place, _, _ in self._columns}
        self._title_places = {column.title: place for place, _, column in self._columns}
        self._keys = [each for each in self._columns if each[2].title in ledger.key]
        self._key_places = {place for place, _, _ in self._keys}
        self._beside = next((p for p, _, c in self._columns if c.title == beside.title), -1)
        self._beside_is_own = ledger.column(beside.title) is not None
        self._texts = {cell.place: fold(cell.text) for cell in header.cells}
        self._spare: dict[int, list[int]] = {}
        wide = max((len(row) for row in self._sheet.rows), default=0)
        wanted = {fold(text) for text in self._rules.choices.notes}
        self._noted = {
            cell.place: cell.text
            for cell in header.cells
            if not cell.title
            and self._ledger.note_column
            and fold(cell.text) not in _NUMBERING
            and (self._rules.all_to_note or fold(cell.text) in wanted)
        }
        read = self._places | self._noted.keys()
        self._unread = [place for place in range(wide) if place not in read]
        self._times_noted: Counter[int] = Counter()
        self._merged = self._merged_cells(header.row)
        self._known: Mapping[bool, dict[int, dict[Cell | tuple[type, Cell], LedgerValue]]]
        self._known = {typed: {place: {} for place in self._places} for typed in (False, True)}

    def _tell_above(self) -> None:
        for number in range(self._header.row):
            self._tell_row("标题", number, "表头以上的内容按标题处理，没有读取", "")

    def _change(self, number: int, texts: Mapping[int, str]) -> bool:
        """Take headers that stand in the middle; tell whether the row is one of headers."""
        if all(self._texts.get(place) == text for place, text in texts.items()):
            self._close_other()
            return len(texts) > 1
        row = self._sheet.rows[number]
        if any(not isinstance(row[place], str) for place in texts):
            return False
        known = sum(map(self._names.knows, texts.values())) >= _KNOWN_HEADERS
        if not known and not looks_like_headings(texts.values()):
            return False
        plain = [(place, " ".join(read_text(row[place]).split())) for place in texts]
        header = self._names.header(number, plain)
        known = len(header.titles) + len(header.doubtful)
        ours = known >= _KNOWN_HEADERS and known * 2 >= len(texts)
        if not ours and not looks_like_headings(texts.values()):
            return False
        self._close_table()
        if ours and header.titles.issuperset(self._ledger.key):
            self._use(header)
            self.result.headers.append(header)
            self._tell_row("表头", number, "这一行起表头与前面不同，以下按新的表头读取", "请核对")
        else:
            self._other = [number]
        return True

    def _close_table(self) -> None:
        """Tell which columns of the table that ends here were not read."""
        self._close_other()
        for cell in self._header.cells:
            if cell.title or fold(cell.text) in _NUMBERING:
                continue
            if cell.place in self._noted:
                self._tell_noted(cell)
                continue
            words = f"“{shown(cell.text)}”不是台账的列，下面没有内容"
            rows = self._spare.get(cell.place)
            if rows:
                self.result.extra.append(cell.text)
                first = shown(read_text(self._sheet.rows[rows[0]][cell.place]))
                words = f"“{shown(cell.text)}”这一列不是台账的列，有 {len(rows)} 格内容没有读取"
                words += f"（如“{first}”）"
            where = self._header.row, cell.place
            self._told.tell("多出的列", where, words, self._rules.spare_remedy if rows else "")
        self._spare = {}

    def _tell_noted(self, cell: HeaderCell) -> None:
        words = f"“{shown(cell.text)}”这一列的 {self._times_noted[cell.place]} 格内容"
        words += f"并入“{self._ledger.note_column}”"
        self._told.tell("并入备注的列", (self._header.row, cell.place), words)

    def _close_other(self) -> None:
        if not self._other:
            return
        first, count = self._other[0], len(self._other) - 1
        self.result.passed_over += [number + 1 for number in self._other]
        words = f"这一行起是另一张表，连同以下 {count} 行没有读取"
        self._tell_row("另一张表", first, words, "需要导入的，请放到单独的工作表，表头用台账的列名")
        self._other = []

    # Rows

    def _read_row(self, number: int) -> None:
        row = self._sheet.rows[number]
        filled = _filled(row)
        if not filled and not self._bad_in(number):
            self._gap = True
            return
        if number in self._sheet.hidden_rows and not self._rules.hidden_rows:
            self._hidden += 1
            self.result.passed_over.append(number + 1)
            return
        known = self._rules.known and self._beside_text(number, filled) in self._rules.known
        if known or not self._is_aside(number, filled):
            self._tell_beside(number)
            if known or not self._places.isdisjoint(filled):
                self._read_entry(number, filled, known=bool(known))
            else:
                for place in self._noted:
                    if place in filled:
                        words = f"“{shown(filled[place])}”写在没有记录的行，没有读取"
                        self._told.tell("没有记录的行", (number, place), words)
        self._gap = False

    def _beside_text(self, number: int, filled: Mapping[int, str]) -> str:
        if self._merged:
            return read_text(self._at(number, self._beside))
        return filled.get(self._beside, "")

    def _bad_in(self, number: int) -> bool:
        bad = self._sheet.bad_cells
        return bool(bad) and any(cell_name(number, place) in bad for place in self._places)

    def _is_aside(self, number: int, filled: Mapping[int, str]) -> bool:
        """Tell whether a row holds no entry; it is told of then."""
        if self._is_usual(number, filled):
            why = self._why_sum(number, filled)
        else:
            texts = {at: fold(text) for at, text in filled.items()}
            if len(texts) > 1 and self._change(number, texts):
                return True
            if self._other:
                self._other.append(number)
                return True
            usual = self._usual or len(self._columns)
            why = why_aside(texts, self._key_places, self._places, usual) if texts else ""
            why = why or self._why_alone(number, texts) or self._why_sum(number, texts)
        if why:
            self.result.passed_over.append(number + 1)
            words = f"这一行像是{why}，没有作为记录读取"
            self._tell_row(why, number, words, "确是记录的，请补全这一行再导入")
        return bool(why)

    def _is_usual(self, number: int, filled: Mapping[int, str]) -> bool:
        """Tell by a quick look that a row can be nothing but an entry, or sums; most are."""
        if self._other or len(filled) == 1 or not self._key_places <= filled.keys():
            return False
        row, first = self._sheet.rows[number], min(filled)
        if all(isinstance(row[at], str) for at in filled):
            return False  # may be headings, which are texts
        begin = fold(filled[first])
        return begin != self._texts.get(first) and not hints_at_aside(begin, filled.values())

    def _why_alone(self, number: int, texts: Mapping[int, str]) -> str:
        """Tell why a row with one cell is no entry: behind a gap, or merged over the table."""
        if len(texts) != 1 or self._usual < _WIDE:
            return ""
        place = min(texts)
        wide = any(
            top == number == bottom and left == place and right - left + 1 >= _WIDE
            for top, left, bottom, right in self._sheet.merged
        )
        return "标题、说明" if wide or self._gap else ""

    def _why_sum(self, number: int, texts: Mapping[int, str]) -> str:
        """Tell whether all that a row says, apart from its name, are sums of the rows above."""
        if not self._numbers:
            return ""
        numbers: dict[str, float] = {}
        filled = [each for each in self._columns if each[0] in texts]
        for place, text, column in filled:
            if column.type is ColumnType.NUMBER:
                try:
                    value = read_value(column, self._at(number, place), text)
                except CellError:
                    return ""
                numbers[column.title] = float(value) if isinstance(value, int | float) else 0.0
        rest = sum(column.type is not ColumnType.NUMBER for _, _, column in filled)
        has_key = self._key_places <= texts.keys()
        if numbers and self._sums.is_total(numbers) and (rest <= 1 or not has_key):
            self._sums = _Sums()
            return "合计（等于以上各行之和）"
        self._sums.add(numbers)
        return ""

    def _read_entry(self, number: int, filled: Mapping[int, str], *, known: bool) -> None:
        values, faults = self._values(number, filled, typed=not known)
        title = self._rules.beside.title
        beside = "" if self._beside_is_own else str(values.pop(title, ""))
        if known and _looks_damaged(filled) and not self._rules.is_held(beside, values):
            values, faults = self._values(number, filled, typed=True)
            values.pop(title, None)
        if faults:
            self.result.rejected += faults
            return
        if known and self._numbers:
            found = ((title, values.get(title)) for title in self._numbers)
            self._sums.add({title: value for title, value in found if isinstance(value, float)})
        self._usual = max(self._usual, len(values))
        noted = self._notes_of(number) if self._noted else ()
        self.result.rows.append(ListRow(number + 1, beside, values, noted, self._title_places))

    def _values(
        self, number: int, filled: Mapping[int, str], *, typed: bool
    ) -> tuple[dict[str, LedgerValue], list[Rejected]]:
        """Return what a row holds, and why it can't be taken."""
        values: dict[str, LedgerValue] = {}
        faults: list[Rejected] = []
        as_it_stands = not self._merged and not self._sheet.bad_cells
        row, all_known = self._sheet.rows[number], self._known[typed]
        for place, text, column in self._columns:
            if as_it_stands and place not in filled:
                continue
            known: dict[Cell | tuple[type, Cell], LedgerValue] | None = None
            same: Cell | tuple[type, Cell] = None
            if as_it_stands:
                known, cell = all_known[place], row[place]
                # 1, 1.0 and 是 are equal, and not the same.
                same = cell if type(cell) is str else (type(cell), cell)
                value = known.get(same)
                if value is not None:
                    values[column.title] = value
                    continue
            try:
                value = self._cell((number, place), text, column, typed=typed)
            except CellError as problem:
                value = read_text(self._at(number, place))
                faults.append(self._fault((number, place), text, str(problem), value[:40]))
                continue
            if value is not None and value != "":
                values[column.title] = value
                if known is not None and len(known) < _REMEMBERED:
                    known[same] = value
        for place, text, column in self._keys:
            if column.title not in values and all(fault.column != text for fault in faults):
                words = "不能为空，程序靠它识别同一条记录"
                faults.append(self._fault((number, place), text, words))
        return values, faults

    def _notes_of(self, number: int) -> tuple[str, ...]:
        """Return what a row's other columns add to its note."""
        row, found = self._sheet.rows[number], list[str]()
        for place, header in self._noted.items():
            bad = self._sheet.bad_cells.get(cell_name(number, place))
            if bad:
                self._refused.add(cell_name(number, place))
                self._told.tell("读不出的内容", (number, place), f"{bad}，没有并入备注")
            elif place < len(row) and not _blank(row[place]):
                self._times_noted[place] += 1
                found.append(f"{header}：{read_text(row[place])}")
        return tuple(found)

    def _fault(
        self, where: tuple[int, int], column: str, message: str, value: str = ""
    ) -> Rejected:
        number, name = where[0] + 1, cell_name(*where)
        return Rejected(number, column, message, value, self._sheet.name, name)

    def _cell(
        self, where: tuple[int, int], header: str, column: LedgerColumn, *, typed: bool
    ) -> LedgerValue:
        at = self._merged.get(where, where) if self._merged else where
        bad = self._sheet.bad_cells and self._sheet.bad_cells.get(cell_name(*at))
        if bad:
            self._refused.add(cell_name(*at))
            raise CellError(f"{bad}，请改成数值或文字")
        value = self._at(*where)
        if _blank(value):
            return None
        if at != where and column.type is ColumnType.NUMBER:
            raise CellError("合并单元格里的数看不出属于哪一行，请取消合并，逐行填写")
        words = self._rules.choices.words.get(column.title)
        if typed:
            value = unforced(column, value, is_key=where[1] in self._key_places)
        try:
            read = read_value(
                column, value, header, year=self._rules.year, typed=typed, words=words
            )
        except CellError:
            if column.type is ColumnType.CHOICE:
                self.result.unknown_words.setdefault(column.title, set()).add(read_text(value))
            raise
        if read is None and at == where:
            text = read_text(value)
            if text in BLANKS:
                self._told.tell("没有内容的符号", where, f"“{text}”按没有填写处理", "")
        return read

    def _at(self, number: int, place: int) -> Cell:
        if self._merged:
            number, place = self._merged.get((number, place), (number, place))
        row = self._sheet.rows[number]
        return row[place] if 0 <= place < len(row) else None

    # What is not taken

    def _tell_beside(self, number: int) -> None:
        """Note what stands in columns that are not read."""
        row = self._sheet.rows[number]
        for place in self._unread:
            cell = row[place] if place < len(row) else None
            if _blank(cell):
                continue
            if place not in self._texts:
                words = f"“{shown(read_text(cell))}”写在没有表头的列，没有读取"
                self._told.tell("没有表头的列", (number, place), words, "请给这一列加上表头再导入")
            elif self._texts[place] in _NUMBERING and not _is_number(cell):
                words = f"“{shown(read_text(cell))}”写在“序号”列，没有读取"
                self._told.tell("序号列", (number, place), words, "需要导入的，请写到台账的列中")
            else:
                self._spare.setdefault(place, []).append(number)

    def _tell_row(self, kind: str, number: int, words: str, remedy: str) -> None:
        """Tell of all that stands in a row."""
        row = self._sheet.rows[number]
        form = self._rules.form_texts if number < self.result.header.row else ()
        filled = [
            place
            for place, cell in enumerate(row)
            if not _blank(cell) and not (form and read_text(cell).endswith(form))
        ]
        if filled:
            texts = "、".join(shown(" ".join(read_text(row[place]).split())) for place in filled)
            self._told.tell(kind, (number, filled[0]), f"{words}：“{texts}”", remedy, filled[-1])

    def _tell_hidden(self) -> None:
        if self._hidden:
            words = f"筛选或隐藏的 {self._hidden} 行按要求没有读取"
            self._told.tell("隐藏的行", (min(self._sheet.hidden_rows), 0), words)

    def _tell_bad(self) -> None:
        """Tell of errors and of formulas without a result where nothing is read."""
        for cell, why in self._sheet.bad_cells.items():
            if cell not in self._refused:
                self._told.tell("读不出的内容", place_of(cell), f"{why}，没有读取")

    def _tell_comments(self) -> None:
        for cell, notes in self._sheet.comments.items():
            for note in notes:
                words = f"批注或文本框“{shown(' '.join(note.text.split()))}”没有读取"
                where = place_of(cell) if cell else (0, 0)
                self._told.tell("批注", where, words, "需要登记的，请写进单元格")

    def _tell_hidden_columns(self) -> None:
        for place, text, _ in self._columns:
            if place in self._sheet.hidden_columns:
                words = f"“{shown(text)}”是隐藏的列，照常读取"
                self._told.tell("隐藏的列", (self._header.row, place), words, "请核对其中的内容")

    def _merged_cells(self, header: int) -> dict[tuple[int, int], tuple[int, int]]:
        """Return, for cells below others that they are merged with, where their content stands."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        numbers = {place for place, _, c in self._columns if c.type is ColumnType.NUMBER}
        for top, left, bottom, right in self._sheet.merged:
            last = min(bottom, len(self._sheet.rows) - 1)
            if top <= header or left not in self._places or last <= top:
                continue
            row = self._sheet.rows[top]
            # A number is refused in the rows below, where one can't know what is meant.
            if left < len(row) and not _blank(row[left]) and left not in numbers:
                area = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
                words = f"合并单元格 {area} 的内容按每一行都填写处理"
                self._told.tell(
                    "合并单元格", (top, left), words, "不是这个意思的，请取消合并后逐行填写"
                )
            own = (row for row in range(top + 1, last + 1) if self._is_empty(row, left))
            found |= {(row, left): (top, left) for row in own}
        return found

    def _is_empty(self, number: int, place: int) -> bool:
        row = self._sheet.rows[number]
        return place >= len(row) or _blank(row[place])

    # Keys

    def _judge_keys(self) -> None:
        """Refuse rows whose keys a spreadsheet has damaged, as the others of the column show."""
        for title in self._ledger.key:
            keys = [row.values[title] for row in self.result.rows]
            damaged = damaged_keys(key for key in keys if isinstance(key, str))
            if not damaged:
                continue
            kept: list[ListRow] = []
            for row in self.result.rows:
                key = row.values[title]
                if isinstance(key, str) and key in damaged and not self._is_held(row):
                    words = f"{damaged[key]}，{REMEDY}"
                    where = self._sheet.name, row.cell(title)
                    fault = Rejected(row.number, title, words, key, *where)
                    self.result.rejected.append(fault)
                else:
                    kept.append(row)
            self.result.rows = kept

    def _is_held(self, row: ListRow) -> bool:
        return row.beside in self._rules.known and self._rules.is_held(row.beside, row.values)


def _filled(row: Sequence[Cell]) -> dict[int, str]:
    """Return the texts of the cells of a row in which anything stands, by their places."""
    found: dict[int, str] = {}
    for at, cell in enumerate(row):
        if type(cell) is str:
            if cell and not cell.isspace():
                found[at] = cell.strip() if cell.isprintable() else read_text(cell)
        elif cell is not None:
            found[at] = _text_of_other(cell)
    return found


# Days and numbers come back in many rows.
_text_of_other = lru_cache(maxsize=8192, typed=True)(read_text)


def _looks_damaged(filled: Mapping[int, str]) -> bool:
    """Tell quickly whether texts of a row may have been forced to be text, or be damaged."""
    return bool(_MAY_BE_DAMAGED.search(_BEGIN + _BEGIN.join(filled.values())))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) or read_text(cell).isdecimal()


def _blank(cell: Cell) -> bool:
    return cell is None or cell == "" or (isinstance(cell, str) and cell.isspace())
