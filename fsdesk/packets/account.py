"""An account of a packet's cells: what is filled is taken, unchanged, form text, or told.

The readers of the sheets take what stands where the form asks for something, or refuse it. Here
everything else is looked at: what is typed over the form's own text, above, beside and below the
tables, on sheets that the form doesn't have, and in comments. It goes nowhere, and is told.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding, Place, notice, warning
from fsdesk.domain.packet.heading import Heading
from fsdesk.domain.text import fold
from fsdesk.domain.typed import read_text
from fsdesk.packets.copies import Compared
from fsdesk.packets.layout import (
    HEADER_WITHIN,
    HELP_SHEET,
    META_SHEET,
    OVERVIEW,
    PLAN_SHEET,
    PROGRAM,
    SEALED_SHEET,
)
from fsdesk.packets.meta import META_WIDTHS
from fsdesk.packets.printed import Printed, mark
from fsdesk.packets.shapes import (
    FoundTable,
    Rows,
    SheetShape,
    Where,
    alike,
    cell_at,
    count_filled,
    filled_cells,
    filled_texts,
    find_table,
    shapes_of,
    short,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fsdesk.domain.typed import Cell
    from fsdesk.packets.meta import Meta
    from fsdesk.packets.safe.scanned import CellNote, Scan

_SHOWN = 40
_MOST_TOLD = 50  # cells of a sheet, one by one; the others are counted
_OVERVIEW_COLUMNS = 5
_LINE_OF_CHECK = re.compile("【(错误|警告|提示)】.*")
_CELL = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_HIDDEN_WIDTHS = {PLAN_SHEET: 1, SEALED_SHEET: 2}
_REMEDY = "如需报送请填到“备注”或“进展情况”等列"
_LETTERS = 26
_UNIT, _PERIOD = "责任单位", "报告期"


class Account:
    """Goes through the sheets of one packet, one after another."""

    def __init__(self, scanned: Scan, meta: Meta, file: str) -> None:
        self._scanned, self._meta, self._file = scanned, meta, file
        self._shapes = {shape.title: shape for shape in shapes_of(meta)}
        self._read: dict[str, tuple[str, Rows]] = {}  # the first sheet that is read, by shape
        self.headings: list[Heading] = []

    @property
    def form(self) -> frozenset[str]:
        """Titles of the form's own sheets."""
        return frozenset({HELP_SHEET, *self._shapes})

    def of_form(self, title: str, rows: Rows, of: str = "") -> Iterator[Finding]:
        """Tell what is not read on a sheet of the form, or on one that is read as such a sheet.

        `of`: title of the form's sheet as which it is read.
        """
        telling = _Telling(self._file, title)
        self._read.setdefault(of or title, (title, rows))
        shape = self._shapes.get(of or title)
        table = find_table(shape, rows) if shape else None
        if shape is not None and table is not None:
            self._go_through(telling, shape, table, rows)
        elif title == HELP_SHEET:
            self._tell_new_words(telling, rows)
        yield from telling.end()
        yield from self._notes(title)

    def of_other(self, title: str, rows: Rows, *, hidden: bool) -> Iterator[Finding]:
        """Tell what stands on a sheet that the form doesn't have; after the form's own sheets."""
        telling = _Telling(self._file, title)
        called = f"{'隐藏的' if hidden else ''}工作表“{title}”"
        count = count_filled(rows)
        likely = alike(self._shapes.values(), rows)
        if title == OVERVIEW:
            _tell_beside_check(telling, rows)
        elif likely is not None:
            yield self._copied(telling, likely, rows, called)
        elif title.startswith(HELP_SHEET):
            self._tell_new_words(telling, rows)
        elif count:
            place = Place(self._file, title)
            yield notice(
                f"{called}不是表中原有的，其中有 {count} 行内容，没有读取",
                "需要报送的请填到原有的工作表中",
                place,
            )
            for where, text in filled_cells(rows):
                telling.cell(where, f"“{short(text)}”写在另加的工作表中，没有读取")
        self._tell_bad(telling)
        yield from telling.end()
        yield from self._notes(title)

    def of_hidden(self, title: str, rows: Rows) -> Iterator[Finding]:
        """Tell what was typed into a sheet that is the program's alone."""
        telling = _Telling(self._file, title)
        for number, row in enumerate(rows):
            if title == META_SHEET:
                width = META_WIDTHS.get(str(row[0]), 0) if row else 0
            else:
                width = _HIDDEN_WIDTHS[title]
            beyond = row[width:]
            if beyond.count("") == len(beyond):  # nearly always
                continue
            for place, text in filled_texts(beyond):
                where = (number, width + place)
                telling.cell(where, f"隐藏的登记信息中另有“{short(text)}”，没有读取")
        yield from telling.end()
        yield from self._notes(title)

    # Sheets of the form

    def _go_through(
        self, telling: _Telling, shape: SheetShape, table: FoundTable, rows: Rows
    ) -> None:
        self._tell_above(telling, shape, rows[: table.header])
        taken = {table.columns[title] for title in shape.taken if title in table.columns}
        known = set(table.columns.values())
        if shape.has_notes:
            taken |= table.titles.keys()
            known |= taken
        for place, title in table.titles.items():
            if place not in known:
                telling.column((table.header, place), title)
        self._go_through_rows(telling, shape, table, (rows, taken))
        self._tell_bad(telling, (taken, table.header))

    def _go_through_rows(
        self,
        telling: _Telling,
        shape: SheetShape,
        table: FoundTable,
        read: tuple[Rows, set[int]],
    ) -> None:
        """Tell of the cells below the headers that are not read; `read`: rows, and columns."""
        rows, taken = read
        beside = [p for p in range(len(rows[table.header])) if p not in taken]
        printed = {table.columns[t]: n for n, t in enumerate(shape.printed) if t in table.columns}
        if not beside and shape.rows_without_key:
            return
        key_at = table.columns[shape.key]
        as_printed = tuple(printed) if printed.keys() == set(beside) else ()
        for row in range(table.header + 1, len(rows)):
            cells = rows[row]
            code = read_text(cell_at(cells, key_at))
            noted = self._noted(shape.title, code)
            if code and as_printed and _stands_as(noted, cells, as_printed):  # nearly always
                continue
            has_key = bool(code) or shape.rows_without_key
            for place in beside if has_key else range(len(cells)):
                cell = cell_at(cells, place)
                text = "" if cell == "" else read_text(cell)  # most are empty
                if not text:
                    continue
                if not has_key:
                    telling.cell((row, place), f"“{short(text)}”写在没有{shape.key}的行，没有读取")
                elif place in printed:
                    # Files of earlier programs don't say what stood there.
                    if printed[place] < len(noted) and mark(text) != noted[printed[place]]:
                        telling.replaced((row, place), table.titles[place], text)
                elif mark(text) not in noted:  # else a column of the form with another header
                    telling.beside((row, place), table.titles.get(place, ""), text)

    def _noted(self, title: str, code: str) -> tuple[str, ...]:
        """Return the marks of what is printed in a row of the form."""
        found = self._meta.printed.get((title, code))
        return self._folded.get((title, fold(code)), ()) if found is None else found

    @cached_property
    def _folded(self) -> Printed:
        return {(title, fold(code)): m for (title, code), m in self._meta.printed.items()}

    def _tell_above(self, telling: _Telling, shape: SheetShape, rows: Rows) -> None:
        for where, text in filled_cells(rows):
            if mark(text) != mark(shape.title):
                self._add_heading(telling.title, where, text)
            if not self._is_heading(shape.title, text):
                telling.cell(where, f"“{short(text)}”写在表头上方，没有读取")

    def _add_heading(
        self, title: str, where: Where, text: str, *, names_unit: bool = False
    ) -> None:
        place = Place(self._file, title, cell_name(*where))
        self.headings.append(Heading(text, place, names_unit))

    def _is_heading(self, title: str, text: str) -> bool:
        noted = self._meta.printed.get((title, ""))
        if noted is not None:
            return mark(text) in noted
        return fold(text) == fold(title) or fold(self._meta.header.unit_name) in fold(text)

    def _tell_new_words(self, telling: _Telling, rows: Rows) -> None:
        """Tell what was written on the sheet of advice; earlier programs had other words there."""
        noted = self._meta.printed.get((HELP_SHEET, ""))
        if telling.title == HELP_SHEET:
            self._take_headings(rows)
        for where, text in filled_cells(rows):
            if noted is not None and mark(text) not in noted:
                telling.cell(where, f"“{short(text)}”写在填报说明中，没有读取")
        self._tell_bad(telling)

    def _take_headings(self, rows: Rows) -> None:
        """Take the sheet's title and what it says of unit and period, wherever rows were moved."""
        for row, cells in enumerate(rows[:HEADER_WITHIN]):
            texts = list(filled_texts(cells))
            if texts and row == 0:
                self._add_heading(HELP_SHEET, (row, texts[0][0]), texts[0][1])
            elif len(texts) > 1 and fold(texts[0][1]) in {_UNIT, _PERIOD}:
                place, text = texts[1]
                is_unit = fold(texts[0][1]) == _UNIT
                self._add_heading(HELP_SHEET, (row, place), text, names_unit=is_unit)

    def _tell_bad(self, telling: _Telling, form: tuple[set[int], int] | None = None) -> None:
        """Tell of formulas and error values where nothing is read."""
        for name, why in self._scanned.bad_cells.get(telling.title, {}).items():
            match = _CELL.fullmatch(name)
            if match is None:
                continue
            column, row = _column(match[1]), int(match[2]) - 1
            if form is None or row <= form[1] or column not in form[0]:
                telling.cell((row, column), f"{why}，没有读取")

    def _notes(self, title: str) -> Iterator[Finding]:
        """Tell what is written at cells and not in them; a check's own comments are none."""
        for cell, found in self._scanned.notes.get(title, {}).items():
            for each in found:
                text = _words_of(each)
                if text:
                    yield notice(
                        f"批注或文本框“{text[:_SHOWN]}”没有读取",
                        _REMEDY,
                        Place(self._file, title, cell),
                    )

    # Other sheets

    def _copied(self, telling: _Telling, shape: SheetShape, rows: Rows, called: str) -> Finding:
        """Say of what a sheet is a copy, and tell each cell in which it differs."""
        copy = find_table(shape, rows)
        name, original = self._read.get(shape.title, (shape.title, []))
        table = find_table(shape, original)
        count = count_filled(rows[copy.header + 1 :]) if copy else 0
        others = 0
        if copy is not None and table is not None:
            compared = Compared(shape, (copy, rows), (table, original), name)
            for where, text in filled_cells(rows):
                said = compared.told(where, text)
                if said and not (where[0] < copy.header and self._is_heading(shape.title, text)):
                    telling.cell(where, f"{said}，没有读取")
            others = len({row for row, _ in telling.places if row > copy.header})
        differs = f"其中 {others} 行与“{name}”表不同" if others else "与原表没有不同"
        tell = warning if others else notice
        is_own = telling.title == shape.title
        what = f"有 {count} 行，按选择" if is_own else f"像是“{name}”表的副本，有 {count} 行，"
        return tell(
            f"{called}{what}没有读取；{differs}",
            f"只读了“{name}”表：这张表里要报送的，请填到“{name}”表的对应行",
            Place(self._file, telling.title),
        )


def _stands_as(noted: tuple[str, ...], cells: Sequence[Cell], places: Sequence[int]) -> bool:
    """Tell whether the texts with these marks stand at these places, in this order."""
    if len(noted) != len(places) or max(places) >= len(cells):
        return False
    for was, place in zip(noted, places, strict=True):
        cell = cells[place]
        if mark(cell if isinstance(cell, str) else read_text(cell)) != was:
            return False
    return True


class _Telling:
    """What is told of one sheet, cell by cell; very many are counted."""

    def __init__(self, file: str, title: str) -> None:
        self.title = title
        self.places: dict[Where, None] = {}
        self._file = file
        self._findings: dict[Where, Finding] = {}

    def cell(self, where: Where, message: str) -> None:
        """Tell of a cell, once."""
        self._add(where, notice(message, _REMEDY))

    def column(self, where: Where, title: str) -> None:
        """Tell of a column that somebody added."""
        self._add(where, warning(f"“{short(title)}”不是本表的列，其中的内容没有读取", _REMEDY))

    def replaced(self, where: Where, title: str, text: str) -> None:
        """Tell of a text that was typed over the form's own in the column with this title."""
        self.cell(where, f"“{title}”是表中原有的内容，这里改成了“{short(text)}”，没有读取")

    def beside(self, where: Where, title: str, text: str) -> None:
        """Tell of a cell beside the form's columns; its own has this title, or none."""
        if title:
            self.cell(where, f"“{short(text)}”写在“{short(title)}”列，没有读取")
        else:
            self._add(where, warning(f"“{short(text)}”写在没有表头的列，没有读取", _REMEDY))

    def end(self) -> Iterator[Finding]:
        """Yield what was told, in the order of the cells."""
        for where in sorted(self._findings):
            yield self._findings[where]
        rest = sorted(self.places.keys() - self._findings.keys())
        if rest:
            names = f"{cell_name(*rest[0])} 到 {cell_name(*rest[-1])}"
            yield notice(
                f"另有 {len(rest)} 个单元格（{names}）的内容没有读取",
                "请逐一核对，需要报送的填到原有的表格中",
                Place(self._file, self.title, cell_name(*rest[0])),
            )

    def _add(self, where: Where, finding: Finding) -> None:
        if where not in self.places and len(self._findings) < _MOST_TOLD:
            place = Place(self._file, self.title, cell_name(*where))
            self._findings[where] = finding.at(place)
        self.places[where] = None


def _tell_beside_check(telling: _Telling, rows: Rows) -> None:
    """Tell what was written beside the list that a check wrote."""
    for where, text in filled_cells(rows):
        if where[1] >= _OVERVIEW_COLUMNS:
            telling.cell(where, f"“{short(text)}”写在“{OVERVIEW}”表中，没有读取")


def _words_of(note: CellNote) -> str:
    # Programs that write another form may drop who wrote a comment.
    if note.author.strip() not in {PROGRAM, ""}:
        return note.text
    lines = note.text.splitlines()
    return "\n".join(line for line in lines if not _LINE_OF_CHECK.fullmatch(line.strip()))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1
