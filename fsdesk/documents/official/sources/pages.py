"""Pages whose characters have places and no order (PDF, OFD), put into lines and tables."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.sources.ruled import Rule, RuledTable, parts_of, ruled_tables
from fsdesk.documents.official.sources.source import DocumentSource, Row, SourceTable
from fsdesk.domain.plan_document import TextSpan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Left, top, right, bottom.
Box = tuple[float, float, float, float]
# Parts of a character's height: how far two of one line stand apart, and what is a gap in it.
_APART, _GAP = 0.5, 0.45
# Part of a page's area: seals are smaller.
_LEAST_PICTURE = 0.1
_FEW_GLYPHS = 10
SCAN = "请用文字识别（OCR）软件转成文字版，或向发文单位索取 .docx、.ofd 或文字版 PDF"


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
    """What stands on a page, in any order, and the lines that are drawn on it.

    Attributes:
        pictures: Left, top, right and bottom of each that is larger than a seal or a mark.
        notes: What readers of the file wrote on the page.
    """

    glyphs: list[Glyph] = field(default_factory=list[Glyph])
    rules: list[Rule] = field(default_factory=list[Rule])
    pictures: list[Box] = field(default_factory=list[Box])
    notes: list[str] = field(default_factory=list[str])

    def add_picture(self, box: Box, page: float) -> None:
        """Note a picture, unless it is small beside the page's area."""
        left, top, right, bottom = box
        if (right - left) * (bottom - top) >= _LEAST_PICTURE * page:
            self.pictures.append(box)


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
    for number, page in enumerate(pages, start=1):
        line = min(source.pages[number - 1], len(source.lines))
        remarks = _not_read(page, number)
        source.remarks += [(TextSpan(line, 0, 0), told, remedy) for told, remedy in remarks]


def _not_read(page: LaidOutPage, number: int) -> Iterator[tuple[str, str]]:
    """Tell what stands on a page and is not in the draft, and what to do."""
    if not page.glyphs:
        yield f"第 {number} 页没有文字，可能是扫描页，没有读入", SCAN
    elif any(_is_without_text(box, page.glyphs) for box in page.pictures):
        yield f"第 {number} 页有图片，图中的文字没有读取", "其中有任务的，请补成文字"
    for note in page.notes:
        words = " ".join(note.split())
        yield f"第 {number} 页的批注“{words}”没有读取", "要采用的，请写进正文后重新读取"


def _is_without_text(box: Box, glyphs: Sequence[Glyph]) -> bool:
    """Tell a picture from the ground of a page, and from a scan whose text lies over it."""
    left, top, right, bottom = box
    inside = sum(left < g.left and g.right < right and top < g.middle < bottom for g in glyphs)
    return inside < _FEW_GLYPHS


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
