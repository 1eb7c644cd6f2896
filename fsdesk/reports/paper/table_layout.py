"""Laying a table out on pages: widths, broken lines, rows kept whole, headers repeated."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.findings import FindingCode, InputRejectedError, error
from fsdesk.domain.output.pages import Paper, PaperSize
from fsdesk.reports.paper.column_widths import column_widths
from fsdesk.reports.paper.fonts import drawable, text_width
from fsdesk.reports.paper.line_breaking import break_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.reports.paper.table import Table

TITLE_SIZE = 16.0
AGAIN_SIZE = 10.5
SMALL_SIZE = 9.0
# 小五, and down to 六号 where that gives room.
BODY_SIZES = (9.0, 8.0, 7.5)
PADDING = 3.5
GAP = 6.0
# A column is just as wide as what it holds: a rounding error must not break that.
_SLACK = 0.01
# So many rows stay at least on the page from which the last one's companion is taken.
_ROWS_LEFT = 2
# Line pitch over font size.
PITCH = 1.4
CONTINUED = "（续）"


class Fragment(Struct, frozen=True):
    """A row, or the part of a very tall row that goes on one page.

    Attributes:
        lines: Broken text of each cell; empty for cells of merged columns.
    """

    row: int
    lines: tuple[tuple[str, ...], ...]
    height: float
    starts: bool = True


class TableLayout(Struct, frozen=True, dict=True):
    """Where everything goes, before it is drawn."""

    table: Table
    paper: Paper
    _broken: dict[tuple[str, float], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, float], tuple[str, ...]]
    )

    @property
    def width(self) -> float:
        """Width between the margins."""
        return self.paper.width - 2 * self.paper.margin

    @cached_property
    def _sized(self) -> tuple[float, tuple[float, ...]]:
        """The size of the letters, and the widths of the columns."""
        found = column_widths(self.table, self.width, 2 * PADDING, BODY_SIZES)
        if found is None:
            raise _too_wide(self.table, self.paper)
        return found

    @property
    def size(self) -> float:
        """Size of the letters in cells."""
        return self._sized[0]

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """The x of every vertical line, one more than there are columns."""
        return tuple(accumulate(self._sized[1], initial=self.paper.margin))

    @property
    def pitch(self) -> float:
        """Height of a line of text in cells."""
        return self.size * PITCH

    def height_of(self, lines: int) -> float:
        """Return the height of a cell with so many lines."""
        return max(lines, 1) * self.pitch + 2 * PADDING

    def in_cell(self, text: str, first: int, count: int = 1) -> tuple[str, ...]:
        """Break a text to the width of a run of columns."""
        return self.broken(text, self.room(first, count) + _SLACK, self.size)

    def broken(self, text: str, width: float, size: float) -> tuple[str, ...]:
        """Break a text to a width in points; equal texts are broken once."""
        key = (text, round(width / size, 4))
        if key not in self._broken:
            self._broken[key] = break_lines(
                drawable(text), width / size, lambda part: text_width(part, 1.0)
            )
        return self._broken[key]

    def room(self, first: int, count: int = 1) -> float:
        """Return the width for text in a run of columns."""
        return self.edges[first + count] - self.edges[first] - 2 * PADDING

    @cached_property
    def title_lines(self) -> tuple[str, ...]:
        """The heading on the first page."""
        return self.broken(self.table.title, self.width, TITLE_SIZE)

    @cached_property
    def heading_lines(self) -> tuple[tuple[tuple[int, str], ...], ...]:
        """The lines under the heading: its parts, and what the figures rest on.

        Each text with the number of the paragraph that it is of, from 1.
        """
        texts = [drawable(part) for part in self.table.subtitle]
        needed = sum(text_width(text, SMALL_SIZE) for text in texts) + GAP * len(texts)
        lines: list[tuple[tuple[int, str], ...]] = []
        # In one line where they have room, else each by itself.
        if texts and needed <= self.width:
            lines.append(tuple(enumerate(texts, start=1)))
            texts = []
        below = enumerate((*texts, *self.table.basis), start=len(self.table.subtitle) + 1)
        for number, text in below:
            broken = self.broken(text, self.width, SMALL_SIZE)
            lines += [((number, line),) for line in broken]
        return tuple(lines)

    @cached_property
    def again_line(self) -> str:
        """The heading on later pages."""
        lines = self.broken(self.table.title, self.width - AGAIN_SIZE * 4, AGAIN_SIZE)
        return f"{lines[0]}{CONTINUED}"

    @cached_property
    def header_lines(self) -> tuple[tuple[str, ...], ...]:
        """The broken titles of the columns."""
        return tuple(
            self.in_cell(column.title, index) for index, column in enumerate(self.table.columns)
        )

    @cached_property
    def group_height(self) -> float:
        """Height of the header's upper level; 0 without groups."""
        if not self.table.has_groups:
            return 0.0
        counts = [
            len(self.in_cell(words, first, count))
            for first, count, words in self.table.header_groups
        ]
        return self.height_of(max(counts))

    @cached_property
    def header_height(self) -> float:
        """Height of the header, both levels."""
        grouped = [
            self.height_of(len(lines))
            for lines, column in zip(self.header_lines, self.table.columns, strict=True)
            if column.group or not self.table.has_groups
        ]
        alone = [
            self.height_of(len(lines))
            for lines, column in zip(self.header_lines, self.table.columns, strict=True)
            if not column.group
        ]
        return max(self.group_height + max(grouped, default=0.0), max(alone, default=0.0))

    def table_top(self, *, first: bool) -> float:
        """Return the y of the table's upper edge on the first or a later page."""
        title = len(self.title_lines) * TITLE_SIZE * PITCH + GAP
        head = title if first else AGAIN_SIZE * PITCH
        below = SMALL_SIZE * PITCH * len(self.heading_lines)
        return self.paper.margin + head + below + GAP / 2

    def body_height(self, *, first: bool) -> float:
        """Return the height for rows on the first or a later page."""
        bottom = self.paper.height - self.paper.margin
        return bottom - self.table_top(first=first) - self.header_height

    @cached_property
    def note_lines(self) -> tuple[str, ...]:
        """The broken notes."""
        return tuple(
            line for note in self.table.notes for line in self.broken(note, self.width, SMALL_SIZE)
        )

    @cached_property
    def end_height(self) -> float:
        """Height of the notes and the closing line."""
        count = len(self.note_lines) + (1.5 if self.table.footer else 0)
        return GAP + count * SMALL_SIZE * PITCH if count else 0.0

    @cached_property
    def row_limit(self) -> float:
        """Height of the tallest row that isn't split: it fits on every page, the last too."""
        return self.body_height(first=True) - self.end_height

    @cached_property
    def merged(self) -> int:
        """How many columns are merged: those asked for, unless a text is too tall for it."""
        for index in range(self.table.merged_columns):
            texts = {row[index].text for row in self.table.rows}
            heights = (self.height_of(len(self.in_cell(text, index))) for text in texts)
            if max(heights, default=0.0) > self.row_limit / 2:
                return index
        return self.table.merged_columns

    def shown(self, row: int, column: int, *, first_on_page: bool) -> bool:
        """Tell whether a merged column's text begins anew at a row."""
        return first_on_page or not self.table.same_above(row, column)

    def merged_height(self, row: int, *, first_on_page: bool) -> float:
        """Return the height that the merged texts beginning at a row need."""
        heights = [
            self.height_of(len(self.in_cell(self.table.rows[row][column].text, column)))
            for column in range(self.merged)
            if self.shown(row, column, first_on_page=first_on_page)
        ]
        return max(heights, default=0.0)

    def fragments(self, row: int) -> list[Fragment]:
        """Return a row, in parts where it is taller than a page."""
        cells = [
            () if index < self.merged else self.in_cell(cell.text, index)
            for index, cell in enumerate(self.table.rows[row])
        ]
        per_part = max(int((self.row_limit - 2 * PADDING) / self.pitch), 1)
        count = max(len(lines) for lines in cells)
        if count <= per_part:
            return [Fragment(row, tuple(cells), self.height_of(count))]
        return [self._part(row, cells, start, per_part) for start in range(0, count, per_part)]

    def _part(
        self, row: int, cells: Sequence[tuple[str, ...]], start: int, per_part: int
    ) -> Fragment:
        lines = [cell[start : start + per_part] for cell in cells]
        key = self.merged if self.merged < len(lines) else 0
        if start and not lines[key]:
            # A reader of the later page must see whose text goes on there.
            again = self.in_cell(cells[key][0] + CONTINUED, key)
            lines[key] = again[:per_part]
        return Fragment(row, tuple(lines), self.height_of(max(map(len, lines))), starts=start == 0)


def paginate(layout: TableLayout) -> list[list[Fragment]]:
    """Share the rows out over pages; there is at least one page."""
    pages: list[list[Fragment]] = [[]]
    used = 0.0
    for row in range(len(layout.table.rows)):
        for fragment in layout.fragments(row):
            room = layout.body_height(first=len(pages) == 1)
            placed = _sized(layout, fragment, first_on_page=not pages[-1])
            anew = fragment.starts and layout.table.begins_page(row)
            if pages[-1] and (anew or used + placed.height > room):
                pages.append([])
                used = 0.0
                placed = _sized(layout, fragment, first_on_page=True)
            pages[-1].append(placed)
            used += placed.height
    if used + layout.end_height > layout.body_height(first=len(pages) == 1) and len(pages[-1]) > 1:
        # The closing line never stands alone on a page: the last row goes with it.
        last = pages[-1].pop()
        pages.append([_sized(layout, last, first_on_page=True)])
    return _without_lone_row(layout, pages)


def _without_lone_row(layout: TableLayout, pages: list[list[Fragment]]) -> list[list[Fragment]]:
    """Let the last page not hold one row alone: the row before goes with it where it has room."""
    if len(pages) == 1 or len(pages[-1]) > 1 or len(pages[-2]) <= _ROWS_LEFT:
        return pages
    before, alone = pages[-2][-1], pages[-1][0]
    if not alone.starts or layout.table.begins_page(alone.row):
        return pages
    moved = [
        _sized(layout, before, first_on_page=True),
        _sized(layout, alone, first_on_page=False),
    ]
    room = layout.body_height(first=False) - layout.end_height
    if sum(fragment.height for fragment in moved) > room:
        return pages
    return [*pages[:-2], pages[-2][:-1], moved]


def _sized(layout: TableLayout, fragment: Fragment, *, first_on_page: bool) -> Fragment:
    height = max(
        layout.height_of(max(map(len, fragment.lines))),
        layout.merged_height(fragment.row, first_on_page=first_on_page),
    )
    return Fragment(fragment.row, fragment.lines, height, fragment.starts)


def _too_wide(table: Table, paper: Paper) -> InputRejectedError:
    """Say that a table's numbers would have to be cut, and which paper is wide enough."""
    wide_enough = "、".join(other.label for other in papers_for(table, paper.margin_mm))
    remedy = f"请改用 {wide_enough}，或少选几列" if wide_enough else "请少选几列，或存为 Excel"
    what = f"{paper.label}放不下这张表的 {len(table.columns)} 列，数字会被拆断"
    return InputRejectedError(error(what, remedy, code=FindingCode.TOO_WIDE))


def papers_for(table: Table, margin_mm: float) -> tuple[Paper, ...]:
    """Return the papers on which a table has room without anything being cut."""
    papers = (Paper(size, across, margin_mm) for size in PaperSize for across in (False, True))
    return tuple(
        paper
        for paper in papers
        if column_widths(table, paper.width - 2 * paper.margin, 2 * PADDING, BODY_SIZES)
    )
