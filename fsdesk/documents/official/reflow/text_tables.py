"""Tables that stand in a text: cells between tabs, as Word, WPS and Excel paste them, or pipes.

A line belongs to a table when one above it is the header of a table of tasks. A cell with several
lines goes on in the next line (Word, WPS), or stands in quotation marks (Excel).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.documents.official.answers.columns import TaskColumn, find_header
from fsdesk.documents.official.lines.marks import read_mark
from fsdesk.documents.official.sources.passage import Passage
from fsdesk.documents.official.sources.source import Paragraph, Row, SourceTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan_document import TextSpan

Block = Paragraph | SourceTable
Remark = tuple["TextSpan", str, str]
_PIPE = re.compile(r"[|｜│┃]")
_RULE = re.compile(r"[\s|｜│┃:\-—─━┄┈+┼├┤┬┴┌┐└┘=]+")
_LONGEST_HEADING = 50
_LEAST_CELLS = 2
_MOST_LINES_OF_A_ROW = 40
_FILLED = {TaskColumn.LEAD, TaskColumn.RESPONSIBLE, TaskColumn.DUE}
_ASKING = (TaskColumn.TASK, TaskColumn.CATEGORY, TaskColumn.TARGET)


def with_tables(blocks: Sequence[Block]) -> tuple[list[Block], list[Remark]]:
    """Return blocks with the tables of the text as tables, and what was unsure about them."""
    found: list[Block] = []
    remarks: list[Remark] = []
    at = 0
    while at < len(blocks):
        table, end = _table_at(blocks, at)
        if table is None:
            found.append(blocks[at])
            at += 1
            continue
        above = _above(found, blocks[at])
        table, told = _with_merged(SourceTable((*above, *table.rows), table.title))
        del found[len(found) - len(above) :]
        found.append(table)
        remarks += told
        at = end
    return found, remarks


def _table_at(blocks: Sequence[Block], at: int) -> tuple[SourceTable | None, int]:
    """Return the table that begins at a block, and the place behind it."""
    block = blocks[at]
    if not isinstance(block, Paragraph):
        return None, at
    for cells_of in (_tabbed, _piped):
        header = cells_of(block.passage)
        if len(header) > 1 and find_header(SourceTable((Row(tuple(header)),))):
            return _TextTable(blocks, at, len(header), piped=cells_of is _piped).read()
    return None, at


def _above(found: Sequence[Block], header: Block) -> list[Row]:
    """Return the lines of cells right before a header, such as a title over all columns."""
    rows: list[Row] = []
    for block in reversed(found):
        if not isinstance(block, Paragraph) or not isinstance(header, Paragraph):
            break
        cells = (_piped if _PIPE.search(header.passage.text) else _tabbed)(block.passage)
        if len(cells) < _LEAST_CELLS or _line(block) != _line(header) - len(rows) - 1:
            break
        rows.insert(0, Row(tuple(cells)))
    return rows


def _line(paragraph: Paragraph) -> int:
    return paragraph.passage.pieces[0].line


def _tabbed(passage: Passage) -> list[Passage]:
    return _split(passage, re.compile("\t"))


def _piped(passage: Passage) -> list[Passage]:
    if not _PIPE.search(passage.text):
        return []
    text = passage.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    start += bool(_PIPE.match(text, start))
    end -= end > start and bool(_PIPE.match(text, end - 1))
    return [cell.stripped() for cell in _split(passage.slice(start, end), _PIPE)]


def _split(passage: Passage, mark: re.Pattern[str]) -> list[Passage]:
    bounds = [(0, 0), *(found.span() for found in mark.finditer(passage.text))]
    ends = [start for start, _ in bounds[1:]] + [len(passage)]
    return [passage.slice(start, end) for (_, start), end in zip(bounds, ends, strict=True)]


class _TextTable:
    """Reads the rows of a table from the lines of a text."""

    def __init__(self, blocks: Sequence[Block], at: int, width: int, *, piped: bool) -> None:
        self._blocks = blocks
        self._at = at
        self._width = width
        self._piped = piped

    def read(self) -> tuple[SourceTable, int]:
        rows: list[Row] = []
        while (line := self._line(self._at)) is not None:
            if self._piped and _RULE.fullmatch(line.text):
                self._at += 1
                continue
            row = self._row(line)
            if row is None:
                break
            rows.append(row)
        return SourceTable(tuple(rows)), self._at

    def _line(self, at: int) -> Passage | None:
        block = self._blocks[at] if at < len(self._blocks) else None
        return block.passage if isinstance(block, Paragraph) else None

    def _cells(self, line: Passage) -> list[Passage]:
        return (_piped(line) or [line]) if self._piped else _tabbed(line)

    def _row(self, line: Passage) -> Row | None:
        """Read the row that begins with a line; None when the table ends before it."""
        cells = self._cells(line)
        if len(cells) == 1:
            return self._heading_row(line)
        self._at += 1
        lines = 1
        while (following := self._line(self._at)) is not None and lines < _MOST_LINES_OF_A_ROW:
            more = self._cells(following)
            quoted = _is_open(cells[-1])
            short = len(cells) + len(more) - 1 <= self._width and len(more) < self._width
            fills = short and len(cells) < self._width and not self._piped
            if not (quoted or fills or self._goes_on(following, more)):
                break
            cells = [*cells[:-1], cells[-1] + more[0], *more[1:]]
            self._at += 1
            lines += 1
        cells = [_unquoted(cell) for cell in cells[: self._width]]
        return Row((*cells, *[Passage()] * (self._width - len(cells))))

    def _goes_on(self, line: Passage, cells: Sequence[Passage]) -> bool:
        """Tell whether a line without cells belongs to the last cell of the row above it."""
        behind = self._line(self._at + 1)
        if self._piped or len(cells) > 1 or behind is None:
            return False
        return len(self._cells(behind)) > 1 and not self._is_heading(line)

    def _is_heading(self, line: Passage) -> bool:
        text = line.plain.strip()
        return bool(read_mark(text)) and len(text) <= _LONGEST_HEADING and "。" not in text

    def _heading_row(self, line: Passage) -> Row | None:
        """Take a line between rows that is a heading over those that follow."""
        behind = self._line(self._at + 1)
        if behind is None or len(self._cells(behind)) <= 1 or not self._is_heading(line):
            return None
        self._at += 1
        empty = [Passage()] * (self._width - 1)
        return Row((line, *empty))


def _is_open(cell: Passage) -> bool:
    text = cell.text
    return text.startswith('"') and (text.count('"') % 2 == 1)


def _unquoted(cell: Passage) -> Passage:
    text = cell.text
    if len(text) > 1 and text.startswith('"') and text.endswith('"') and text.count('"') % 2 == 0:
        return cell.slice(1, len(text) - 1)
    return cell


def _with_merged(table: SourceTable) -> tuple[SourceTable, list[Remark]]:
    """Take an empty cell for merged with the one above, as pasted text has them, and tell it."""
    header = find_header(table)
    if header is None:
        return table, []
    rows = list(table.rows[: header.end])
    remarks: list[Remark] = []
    above: Row | None = None
    asking, leading = header.of(*_ASKING), header.of(TaskColumn.LEAD)
    for row in table.rows[header.end :]:
        asked = [at for at in asking if row.cells[at].plain.strip()]
        answering = header.of(TaskColumn.LEAD, TaskColumn.RESPONSIBLE, TaskColumn.SUPPORT)
        if above is None or not asked or len([c for c in row.cells if c.plain.strip()]) == 1:
            rows.append(row)
            above = row if asked and any(row.cells[at].plain.strip() for at in answering) else above
            continue
        cells, repeated = list(row.cells), set[int]()
        for at, kind in header.columns.items():
            led = any(row.cells[n].plain.strip() for n in leading)
            if kind not in _FILLED or (kind is TaskColumn.RESPONSIBLE and led):
                continue
            if not cells[at].plain.strip() and above.cells[at].plain.strip():
                cells[at] = above.cells[at]
                repeated.add(at)
                span = row.cells[asked[0]].span()
                message = f"“{header.texts[at]}”一格是空的，按与上一行合并读取"
                remarks.append((span, message, "请核对这一行"))
        above = Row(tuple(cells), frozenset(repeated))
        rows.append(above)
    return SourceTable(tuple(rows), table.title), remarks
