"""Worksheets as a source: the cells of each sheet in use, merged ones with their text in each."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from fsdesk.documents.official.sources.source import DocumentSource, Row, SourceTable
from fsdesk.domain.findings import Place, reject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.documents.official.sources.passage import Passage

# Top, left, bottom, right; counted from 0.
Area = tuple[int, int, int, int]
MOST_ROWS = 5000
MOST_COLUMNS = 60
# The hidden sheet by which packets are known.
PACKET_SHEET = "_fsdesk"
_REMEDY = "请确认它是任务分解表，并另存为 .xlsx 文件再试"


def sheets_of(data: bytes, name: str) -> dict[str, list[list[str]]]:
    """Return the texts of every visible worksheet, by its name.

    The data must have been looked at before: the reader makes a dense table up to the last cell.
    InputRejectedError when the file can't be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    place = Place(file=name)
    found: dict[str, list[list[str]]] = {}
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        if PACKET_SHEET in book.sheet_names:
            raise reject("这是下发包或报送包，不是工作要点", "请在“交换”页导入", place)
        for sheet in book.sheets_metadata:
            if sheet.visible is not SheetVisibleEnum.Visible:
                continue
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            if len(rows) > MOST_ROWS:
                raise reject(
                    f"工作表超过 {MOST_ROWS} 行，不像任务分解表",
                    _REMEDY,
                    Place(name, sheet.name),
                )
            found[sheet.name] = [[shown(value) for value in row[:MOST_COLUMNS]] for row in rows]
    except (CalamineError, OSError, ValueError) as problem:
        raise reject("表格文件读不出来", _REMEDY, place) from problem
    return found


def read_sheets(
    sheets: Mapping[str, Sequence[Sequence[str]]], name: str, merged: Mapping[str, Sequence[Area]]
) -> DocumentSource:
    """Take the tables of a workbook.

    `sheets`: texts of its sheets, see `sheets_of`.
    """
    source = DocumentSource(name)
    for title, texts in sheets.items():
        cells = _Spread(merged.get(title, ()))
        rows: list[Row] = []
        above: tuple[Passage, ...] = ()
        for number, row in enumerate(texts):
            own = [text.replace("\n", " ").replace("\t", " ") for text in row]
            passages = source.row(own, f"工作表“{title}”第 {number + 1} 行")
            filled, repeated = cells.fill(number, passages, above)
            rows.append(Row(filled, repeated))
            above = filled
        source.blocks.append(SourceTable(tuple(rows), title))
    return source


def shown(value: object) -> str:
    """Return a cell's value as people read it."""
    if isinstance(value, datetime | date):
        return f"{value.year}-{value.month:02}-{value.day:02}"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()


class _Spread:
    """Puts the text of merged cells into each of them."""

    def __init__(self, merged: Sequence[Area]) -> None:
        self._merged = merged

    def fill(
        self, number: int, cells: tuple[Passage, ...], above: tuple[Passage, ...]
    ) -> tuple[tuple[Passage, ...], frozenset[int]]:
        filled = list(cells)
        repeated: set[int] = set()
        for top, left, bottom, right in self._merged:
            if not top <= number <= bottom:
                continue
            for column in range(left, min(right + 1, len(filled))):
                if number > top and column < len(above):
                    filled[column] = above[column]
                    repeated.add(column)
                elif column > left:
                    filled[column] = filled[left]
                    repeated.add(column)
        return tuple(filled), frozenset(repeated)
