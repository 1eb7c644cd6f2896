"""Opening a list that came from elsewhere: a workbook of any form, or text with separators."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from io import BytesIO
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.delimited import split_table
from fsdesk.domain.findings import Place, reject
from fsdesk.domain.typed import counted_since_1904
from fsdesk.files import read_bytes
from fsdesk.packets.layout import MOST_COLUMNS, MOST_ROWS
from fsdesk.packets.safe.guard import MOST_BYTES, scan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet

    from fsdesk.domain.typed import Cell
    from fsdesk.packets.safe.scanned import Area, CellNote

_TEXT_FORMS = (".csv", ".txt", ".tsv")
# What Windows and other systems write in China. The last takes nearly any bytes.
_ENCODINGS = ("utf-8-sig", "gb18030")
_SEPARATORS = ",\t;"
_LOOKED_AT = 20  # lines of a text, to see what stands between its cells


class ListSheet(Struct, frozen=True):
    """A sheet of a list.

    Attributes:
        name: Name of the sheet; empty for text.
        rows: The values of its cells; rows count from 0 here.
        bad_cells: Why the value of a cell can't be known, by its name.
        hidden: Whether people don't see the sheet.
        hidden_rows: Rows that people don't see, filtered out ones too; from 0.
        hidden_columns: Columns that people don't see; from 0.
        comments: What is written at cells and not in them, by their names.
    """

    file: str
    name: str
    rows: Sequence[Sequence[Cell]]
    bad_cells: Mapping[str, str] = field(default_factory=dict[str, str])
    merged: Sequence[Area] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    comments: Mapping[str, Sequence[CellNote]] = field(
        default_factory=dict[str, "Sequence[CellNote]"]
    )


def open_list(path: Path) -> tuple[ListSheet, ...]:
    """Open a list and return its sheets in which something stands; refused when nothing does."""
    sheets = _text_sheets(path) if path.suffix.lower() in _TEXT_FORMS else _workbook(path)
    found = tuple(sheet for sheet in sheets if any(any(_filled(c) for c in r) for r in sheet.rows))
    if not found:
        raise reject("文件里没有内容", "请确认选对了文件", Place(path.name))
    return found


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != ""


def _workbook(path: Path) -> list[ListSheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    from fsdesk.packets.lists.margins import Margins, read_margins  # packets need none of it

    scanned = scan(path)
    damaged = reject("文件读不出来，可能已损坏", "请重新导出一份", Place(path.name))
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(scanned.readable))
        found = read_margins(scanned.data, path.name)
        margins = {meta.name: found.get(meta.name, Margins()) for meta in book.sheets_metadata}
        return [
            ListSheet(
                path.name,
                meta.name,
                _cells(book.get_sheet_by_name(meta.name), since_1904=scanned.since_1904),
                scanned.bad_cells.get(meta.name, {}),
                scanned.merged.get(meta.name, ()),
                meta.visible is not SheetVisibleEnum.Visible,
                frozenset(margins[meta.name].hidden_rows),
                frozenset(margins[meta.name].hidden_columns),
                scanned.notes.get(meta.name, {}),
            )
            for meta in book.sheets_metadata
        ]
    except (CalamineError, OSError, ValueError, OverflowError) as problem:
        raise damaged from problem
    except BaseException as problem:
        # The reader is not written in Python: what breaks in it is no Exception.
        if type(problem).__name__ != "PanicException":
            raise
        raise damaged from problem


# Says for which ledger a file was made.
STAMP_SHEET = "_fsdesk_ledger"
# Says how to fill it in.
HELP_SHEET = "说明"


def _cells(sheet: CalamineSheet, *, since_1904: bool) -> Sequence[Sequence[Cell]]:
    rows = sheet.to_python(skip_empty_area=False)
    return counted_since_1904(rows) if since_1904 else rows


def _text_sheets(path: Path) -> list[ListSheet]:
    place = Place(path.name)
    data = read_bytes(path, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise reject(f"文件超过 {MOST_BYTES >> 20} MB", "请分成几个文件导入", place)
    text = _decoded(data, place)
    rows = split_table(text, _separator(text))
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise reject("行或列太多", "请分成几个文件导入", place)
    return [ListSheet(path.name, "", rows)]


def _separator(text: str) -> str:
    """Return what stands between cells: that which most of the first lines have, titles apart."""
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    return max(
        _SEPARATORS, key=lambda sign: (sum(sign in line for line in lines), text.count(sign))
    )


def _decoded(data: bytes, place: Place) -> str:
    wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise reject("文本的编码无法识别", "请用 WPS 或 Excel 另存为 .xlsx 再导入", place)
