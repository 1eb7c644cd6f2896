"""Worksheets as a source: the cells of each sheet in use, merged ones with their text in each.

What a sheet holds and isn't read is told at its row: hidden sheets, cells whose value can't be
known, comments, columns far to the right. Hidden rows and columns are read, which is told, too.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.sources.source import DocumentSource, Row, SourceTable
from fsdesk.domain.cells import column_letters
from fsdesk.domain.findings import Place, reject
from fsdesk.domain.plan_document import TextSpan

if TYPE_CHECKING:
    from collections.abc import Container, Generator, Iterator, Mapping, Sequence

    from fsdesk.documents.official.sources.passage import Passage

# Top, left, bottom, right; counted from 0.
Area = tuple[int, int, int, int]
MOST_ROWS = 5000
MOST_COLUMNS = 60
# The hidden sheet by which packets are known.
PACKET_SHEET = "_fsdesk"
_REMEDY = "请确认它是任务分解表，并另存为 .xlsx 文件再试"
_WRITE_IT_IN = "要采用的，请写进单元格，保存后重新读取"
_LOOK = "请核对；不该列入计划的，请删去"


class SheetNotes(Struct, frozen=True):
    """What is known of a worksheet beside the texts of its cells; rows and columns from 0.

    Attributes:
        bad: Why the value of a cell can't be known.
        comments: What is written at cells and not in them.
        hidden_rows: Rows that nobody sees, filtered out ones too.
    """

    merged: Sequence[Area] = ()
    bad: Mapping[tuple[int, int], str] = field(default_factory=dict["tuple[int, int]", str])
    comments: Sequence[tuple[tuple[int, int], str]] = ()
    hidden_rows: Container[int] = ()
    hidden_columns: Container[int] = ()


class SheetTexts(Struct, frozen=True):
    """The texts of a worksheet's cells, by rows, and whether nobody sees it."""

    rows: Sequence[Sequence[str]]
    hidden: bool = False


def sheets_of(data: bytes, name: str) -> dict[str, SheetTexts]:
    """Return the texts of every worksheet, by its name.

    The data must have been looked at before: the reader makes a dense table up to the last cell.
    InputRejectedError when the file can't be read.
    """
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    place = Place(file=name)
    found: dict[str, SheetTexts] = {}
    with _told(place):
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        if PACKET_SHEET in book.sheet_names:
            raise reject("这是下发包或报送包，不是工作要点", "请在“交换”页导入", place)
        for sheet in book.sheets_metadata:
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            if len(rows) > MOST_ROWS:
                message = f"工作表超过 {MOST_ROWS} 行，不像任务分解表"
                raise reject(message, _REMEDY, Place(name, sheet.name))
            hidden = sheet.visible is not SheetVisibleEnum.Visible
            texts = [[shown(value) for value in row] for row in rows]
            found[sheet.name] = SheetTexts(texts, hidden)
    return found


@contextmanager
def _told(place: Place) -> Generator[None]:
    """Say in Chinese when the reader fails."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, OSError, ValueError) as problem:
        raise reject("表格文件读不出来", _REMEDY, place) from problem
    except BaseException as problem:
        # The reader is not written in Python: what breaks in it is no Exception.
        if type(problem).__name__ != "PanicException":
            raise
        raise reject("表格文件读不出来", _REMEDY, place) from problem


def read_sheets(
    sheets: Mapping[str, SheetTexts], name: str, notes: Mapping[str, SheetNotes]
) -> DocumentSource:
    """Take the tables of a workbook.

    `sheets`: texts of its sheets, see `sheets_of`.
    """
    source = DocumentSource(name)
    for title, sheet in sheets.items():
        place = f"工作表“{title}”"
        about = notes.get(title, SheetNotes())
        if sheet.hidden:
            if any(map(any, sheet.rows)):
                source.add_paragraph("", place)
                span = TextSpan(len(source.lines), 0, 0)
                told = f"{place}是隐藏的，没有读取"
                source.remarks.append((span, told, "其中有任务的，请取消隐藏后重新读取"))
            continue
        cells = _Spread(about.merged)
        rows: list[Row] = []
        above: tuple[Passage, ...] = ()
        before = len(source.lines)
        for number, row in enumerate(sheet.rows):
            own = [
                "" if (number, at) in about.bad else text.replace("\n", " ").replace("\t", " ")
                for at, text in enumerate(row[:MOST_COLUMNS])
            ]
            passages = source.row(own, f"{place}第 {number + 1} 行")
            filled, repeated = cells.fill(number, passages, above)
            rows.append(Row(filled, repeated))
            above = filled
        source.blocks.append(SourceTable(tuple(rows), title))
        for number, message, remedy in sorted(_left_out(sheet.rows, about)):
            line = source.lines[before + min(number, len(rows) - 1)] if rows else None
            if line is not None:
                source.remarks.append((TextSpan(line.number, 0, len(line.text)), message, remedy))
    return source


def _left_out(rows: Sequence[Sequence[str]], about: SheetNotes) -> Iterator[tuple[int, str, str]]:
    """Yield, by row, what isn't read of a sheet, and what is read though nobody sees it."""
    for (row, column), why in about.bad.items():
        yield row, f"第 {column_letters(column)} 列{why}，没有读取", _WRITE_IT_IN
    for (row, column), text in about.comments:
        words = " ".join(text.split())
        told = f"第 {column_letters(column)} 列的批注或文本框“{words}”没有读取"
        yield row, told, _WRITE_IT_IN
    filled = [number for number, row in enumerate(rows) if any(row)]
    for number in filled:
        if any(rows[number][MOST_COLUMNS:]):
            yield number, f"第 {MOST_COLUMNS} 列以后的内容没有读取", "请移到前面的列中"
    if unseen := [number for number in filled if number in about.hidden_rows]:
        yield unseen[0], f"有 {len(unseen)} 行是隐藏的，或被筛选掉，照常读取", _LOOK
    for column in range(max(map(len, rows), default=0)):
        texts = [number for number in filled if any(rows[number][column : column + 1])]
        if texts and column in about.hidden_columns:
            yield texts[0], f"第 {column_letters(column)} 列是隐藏的，照常读取", _LOOK


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
