"""Sheets of a workbook as XML, row by row: no object a cell, so that long lists are quick.

What is written is what openpyxl would write; `fsdesk.packets.book` puts it into a file.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct, field
from openpyxl.utils import get_column_letter

from fsdesk.packets.limits import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fsdesk.packets.looks import Looks

Value = str | float | date | None
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LETTERS = tuple(get_column_letter(number) for number in range(1, 1025))
_LONGEST_CELL = 32_767
_DANGEROUS = ("=", "+", "-", "@")
# Characters that XML has no place for; a text from elsewhere may still hold one.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CARRIAGE_RETURN = {"\r": "&#13;"}
# Days are numbers that count from here; the format takes 1900 for a leap year.
_DAY_0 = date(1899, 12, 30).toordinal()
_LEAP_DAY = 60


class InputCheck(Struct, frozen=True):
    """What may be typed into a part of a column.

    Attributes:
        kind: ``list``, ``decimal`` or ``date``.
        formulas: A list's words, or the bounds.
        error: What is said when something else is typed.
        prompt: Title and text that are shown beside the cell; none when empty.
        warns: Whether something else may be typed all the same.
    """

    kind: str
    formulas: tuple[str, ...]
    error: str
    prompt: tuple[str, str] = ("", "")
    warns: bool = False

    def xml(self, area: str) -> str:
        """Return the check for an area of cells."""
        title, prompt = self.prompt
        words = f" errorTitle={quoteattr('填写有误')} error={quoteattr(self.error)}"
        if prompt:
            words += f" promptTitle={quoteattr(title)} prompt={quoteattr(prompt)}"
        shown = ' showInputMessage="1"' if prompt else ""
        style = ' errorStyle="warning"' if self.warns else ""
        operator = ' operator="greaterThanOrEqual"' if self.kind == "decimal" else ""
        bounds = "".join(
            f"<formula{number}>{escape(each)}</formula{number}>"
            for number, each in enumerate(self.formulas, start=1)
        )
        return (
            f'<dataValidation type="{self.kind}"{style}{operator} allowBlank="1"{shown}'
            f' showErrorMessage="1"{words} sqref="{area}">{bounds}</dataValidation>'
        )


def list_check(words: Sequence[str], error: str, prompt: tuple[str, str] = ("", "")) -> InputCheck:
    """Return the check of a column with a drop-down list."""
    return InputCheck("list", (f'"{",".join(words)}"',), error, prompt)


class XmlSheet(Struct):
    """A sheet.

    Attributes:
        rows: Its rows from `row_xml`, written one after another. Whatever depends on their number
            and stands below them may be set until the last of them is given.
        last_cell: Name of the lower right corner of what is written; empty while it is not known.
        widths: Widths of the columns, in characters.
        column_looks: Numbers of looks for the cells that are not there yet, by column from 0.
        frozen: How many rows and columns stay in place.
        checks: What may be typed, each with an area.
        print_area: Lower right corner of what is printed, in A4 landscape as wide as a page;
            without it nothing is set up.
        header_row: Row that comes back on every page; 0 for none.
        protected: Whether only entries can be typed into.
        rows_wanted: Whether rows may be inserted all the same.
        filter_area: Area whose header gets arrows for filtering; empty for none.
        hidden: Whether programs don't even offer to show it.
    """

    title: str
    rows: Iterable[str] = ()
    last_cell: str = ""
    widths: Sequence[float] = ()
    column_looks: dict[int, int] = field(default_factory=dict[int, int])
    frozen: tuple[int, int] = (0, 0)
    checks: list[tuple[InputCheck, str]] = field(default_factory=list[tuple[InputCheck, str]])
    print_area: str = ""
    header_row: int = 0
    protected: bool = False
    rows_wanted: bool = False
    filter_area: str = ""
    hidden: bool = False

    def xml(self) -> Iterator[str]:
        """Yield the sheet piece by piece."""
        fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if self.print_area else ""
        size = f'<dimension ref="A1:{self.last_cell}"/>' if self.last_cell else ""
        yield (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<worksheet xmlns="{_NAMESPACE}">{fit}{size}{self._views()}'
            f'<sheetFormatPr baseColWidth="8" defaultRowHeight="15"/>{self._columns()}<sheetData>'
        )
        yield from self.rows
        yield f"</sheetData>{self._protection()}{self._filter()}{self._checks()}{self._page()}"
        yield "</worksheet>"

    def _views(self) -> str:
        rows, columns = self.frozen
        if not rows:
            return '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        beside = f' xSplit="{columns}"' if columns else ""
        active = "bottomRight" if columns else "bottomLeft"
        others = '<selection pane="topRight"/><selection pane="bottomLeft"/>' if columns else ""
        return (
            f'<sheetViews><sheetView workbookViewId="0"><pane{beside} ySplit="{rows}"'
            f' topLeftCell="{name(rows + 1, columns + 1)}" activePane="{active}" state="frozen"/>'
            f'{others}<selection pane="{active}" activeCell="A1" sqref="A1"/>'
            "</sheetView></sheetViews>"
        )

    def _columns(self) -> str:
        columns = "".join(
            f'<col min="{place}" max="{place}" width="{width}" customWidth="1"{self._look(place)}/>'
            for place, width in enumerate(self.widths, start=1)
        )
        return f"<cols>{columns}</cols>" if columns else ""

    def _look(self, place: int) -> str:
        look = self.column_looks.get(place - 1)
        return f' style="{look}"' if look else ""

    def _protection(self) -> str:
        """Only entries can be typed into; there is no password, and looking is free."""
        if not self.protected:
            return ""
        rows = ' insertRows="0"' if self.rows_wanted else ""
        free = "".join(f' {each}="0"' for each in ("formatColumns", "formatRows"))
        return f'<sheetProtection sheet="1"{free}{rows} sort="0" autoFilter="0"/>'

    def _filter(self) -> str:
        return f'<autoFilter ref="{self.filter_area}"/>' if self.filter_area else ""

    def _checks(self) -> str:
        if not self.checks:
            return ""
        checks = "".join(check.xml(area) for check, area in self.checks)
        return f'<dataValidations count="{len(self.checks)}">{checks}</dataValidations>'

    def _page(self) -> str:
        """A4 landscape, as wide as the page, with page numbers; margins in inches."""
        if not self.print_area:
            return ""
        return (
            '<printOptions horizontalCentered="1"/>'
            '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0" orientation="landscape"/>'
            "<headerFooter><oddFooter>&amp;C第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter>"
        )

    def defined_names(self, place: int) -> str:
        """Return the names that belong to the sheet, which is the one at this place from 0."""
        quoted = escape("'{}'!".format(self.title.replace("'", "''")))
        names = ""
        if self.header_row:
            rows = f"${self.header_row}:${self.header_row}"
            names += _defined("Print_Titles", place, f"{quoted}{rows}")
        if self.print_area:
            names += _defined("Print_Area", place, f"{quoted}$A$1:{_fixed(self.print_area)}")
        if self.filter_area:
            area = ":".join(_fixed(corner) for corner in self.filter_area.split(":"))
            names += _defined("_FilterDatabase", place, f"{quoted}{area}", ' hidden="1"')
        return names


def _defined(what: str, place: int, text: str, more: str = "") -> str:
    return f'<definedName name="_xlnm.{what}" localSheetId="{place}"{more}>{text}</definedName>'


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def name(row: int, column: int) -> str:
    """Return the name of a cell; rows and columns count from 1."""
    return f"{_LETTERS[column - 1]}{row}"


def row_xml(
    looks: Looks,
    row: int,
    cells: Iterable[tuple[Value, int]],
    height: float = 0,
    *,
    kept: bool = False,
) -> str:
    """Return a row.

    `row`: its number, from 1.
    `cells`: values and looks of its cells, from the first column on.
    `height`: in points; 0 leaves it to the program.
    `kept`: whether the height counts as set by a person. Programs keep any height when they open
    the file, and fit the row again when somebody types in it unless a person set it.
    """
    high = f' ht="{height:g}"' if height else ""
    if kept:
        high += ' customHeight="1"'
    content = "".join([
        _cell(looks, f"{letters}{row}", value, look)
        for letters, (value, look) in zip(_LETTERS, cells, strict=False)
    ])  # fmt: skip
    return f'<row r="{row}"{high}>{content}</row>'


def _cell(looks: Looks, where: str, value: Value, look: int) -> str:
    """Return a cell; a text that begins like a formula stays text for every program."""
    if isinstance(value, str) and value:
        if value.startswith(_DANGEROUS):
            look = looks.quoted(look)
        return f'<c r="{where}" s="{look}" t="inlineStr"><is>{_text(value)}</is></c>'
    if value is None or isinstance(value, str):
        return f'<c r="{where}" s="{look}"/>'
    if isinstance(value, date):
        return f'<c r="{where}" s="{look}"><v>{_day(value)}</v></c>'
    return f'<c r="{where}" s="{look}"><v>{value:.16g}</v></c>'


def _text(text: str) -> str:
    plain = _FORBIDDEN.sub("", escaped(text))[:_LONGEST_CELL]
    space = ' xml:space="preserve"' if plain != plain.strip() else ""
    return f"<t{space}>{escape(plain, _CARRIAGE_RETURN)}</t>"


def _day(day: date) -> int:
    number = day.toordinal() - _DAY_0
    return number - 1 if number <= _LEAP_DAY else number
