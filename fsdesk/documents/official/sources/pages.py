"""Pages whose characters have places and no order (PDF, OFD), put into lines and tables."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.sources.ruled import Rule, RuledTable, parts_of, ruled_tables
from fsdesk.documents.official.sources.source import DocumentSource, Row, SourceTable

if TYPE_CHECKING:
    from collections.abc import Sequence

# Parts of a character's height: how far two of one line stand apart, and what is a gap in it.
_APART, _GAP = 0.5, 0.45


class Glyph(Struct, frozen=True):
    """A character on a page; places count from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top


class LaidOutPage(Struct):
    """What stands on a page, in any order, and the lines that are drawn on it."""

    glyphs: list[Glyph] = field(default_factory=list[Glyph])
    rules: list[Rule] = field(default_factory=list[Rule])


def add_pages(source: DocumentSource, pages: Sequence[LaidOutPage]) -> None:
    """Put the lines and tables of pages at a document's end.

    The document then knows with which line each page begins, and where each line ends on paper.
    """
    tables = 0
    for number, page in enumerate(pages, start=1):
        source.pages.append(len(source.lines) + 1)
        rest = page.glyphs
        for table in ruled_tables(page.rules, page.glyphs):
            inside = [glyph for glyph in rest if table.field_of(glyph)]
            above = [glyph for glyph in rest if glyph.middle < table.ys[0]]
            taken = {id(glyph) for glyph in (*inside, *above)}
            rest = [glyph for glyph in rest if id(glyph) not in taken]
            _add_lines(source, above, number)
            tables += 1
            rows = _rows(source, table, inside, tables)
            source.blocks.append(SourceTable(tuple(rows)))
        _add_lines(source, rest, number)


def _add_lines(source: DocumentSource, glyphs: Sequence[Glyph], page: int) -> None:
    rows = [row for row in _rows_of(glyphs) if _text_of(row)]
    size = median(glyph.height for glyph in glyphs) if glyphs else 1.0
    for row in rows:
        count = len(source.lines) - source.pages[-1] + 2
        source.add_paragraph(_text_of(row), f"第 {page} 页第 {count} 行")
        source.ends[len(source.lines)] = _end(row) / size


def _rows(
    source: DocumentSource, table: RuledTable, glyphs: Sequence[Glyph], number: int
) -> list[Row]:
    """Return a table's rows; a cell that goes over several fields carries its text in each."""
    cells: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        place = table.field_of(glyph)
        if place is not None:
            cells[place].append(glyph)
    ends = {owner: column + 1 for (_, column), owner in sorted(table.owner.items())}
    found: list[Row] = []
    for row in range(len(table.ys) - 1):
        texts: list[list[str]] = []
        joined: set[int] = set()
        for column in range(len(table.xs) - 1):
            owner = table.owner[row, column]
            texts.append(
                _parts(cells[owner], table.xs[ends[owner]]) if owner == (row, column) else []
            )
            if owner[0] < row:
                joined.add(column)
        made = source.row(texts, f"表格 {number} 第 {row + 1} 行")
        above = found[-1].cells if found else made
        filled = (above[at] if at in joined else cell for at, cell in enumerate(made))
        found.append(Row(tuple(filled), frozenset(joined)))
    return found


def _parts(glyphs: Sequence[Glyph], right: float) -> list[str]:
    if not glyphs:
        return []
    size = median(glyph.height for glyph in glyphs)
    lines = [(text, _end(row)) for row in _rows_of(glyphs) if (text := _text_of(row))]
    return parts_of(lines, right, size)


def _end(row: Sequence[Glyph]) -> float:
    return max(glyph.right for glyph in row if not glyph.text.isspace())


def _rows_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Put characters into lines from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.middle, one.left)):
        if rows and abs(_level(rows[-1]) - glyph.middle) <= _APART * _height(rows[-1], glyph):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return rows


def _level(row: Sequence[Glyph]) -> float:
    return row[0].middle if len(row) == 1 else sum(g.middle for g in row[-8:]) / len(row[-8:])


def _height(row: Sequence[Glyph], glyph: Glyph) -> float:
    return max(row[-1].height, glyph.height)


def _text_of(row: Sequence[Glyph]) -> str:
    ordered = sorted(row, key=lambda glyph: glyph.left)
    size = median(glyph.height for glyph in ordered)
    text = ""
    end = ordered[0].left
    for glyph in ordered:
        if glyph.left - end > _GAP * size and text and not text.endswith(" "):
            text += " "
        text += glyph.text
        end = max(end, glyph.right)
    return text.rstrip() if text.strip() else ""
