"""Turning a laid-out table into the texts, lines and rectangles of its pages."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import (
    BLACK,
    Align,
    Bookmark,
    Item,
    LineItem,
    Paper,
    PaperPage,
    Part,
    RectItem,
    Role,
    TextItem,
)
from fsdesk.reports.paper.fonts import ASCENT, DESCENT, drawable, text_width
from fsdesk.reports.paper.table_layout import (
    AGAIN_SIZE,
    GAP,
    PADDING,
    PITCH,
    SMALL_SIZE,
    TITLE_SIZE,
    TableLayout,
    paginate,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.reports.paper.table import Table
    from fsdesk.reports.paper.table_layout import Fragment

HEADER_GROUND = "#eceff3"
RULE = "#55606e"
THIN = 0.5
STRONG = 1.0
# What stands over a table, the table itself, and what stands below, in the order of reading; the
# lines over it are few.
_TITLE, _TABLE, _BELOW = 0, 1000, 1001
# So many cells are told one by one to who has a file read aloud; of more, each row is a paragraph,
# else a file would be ten times as large.
_MOST_CELLS = 5000
# The header may take this share of a page at most, so that rows always find room.
HEADER_SHARE = 0.5


def lay_out(table: Table, paper: Paper | None = None) -> tuple[PaperPage, ...]:
    """Lay a table out on pages.

    Columns share the width by weight; every page repeats the header and says 第 x 页 共 y 页; a row
    stays whole unless it is taller than a page. The paper is A4 landscape unless given.

    Raises:
        ValueError: When the header leaves no room for rows on such paper.
    """
    layout = TableLayout(table, paper or Paper())
    if layout.row_limit < layout.paper.height * (1 - HEADER_SHARE) / 2:
        raise ValueError("header, notes and closing line leave no room for rows")
    pages = paginate(layout)
    return tuple(
        _page(layout, fragments, number, len(pages)) for number, fragments in enumerate(pages)
    )


def _page(layout: TableLayout, fragments: Sequence[Fragment], number: int, count: int) -> PaperPage:
    first = number == 0
    top = layout.table_top(first=first)
    body = top + layout.header_height
    tops = [body]
    for fragment in fragments:
        tops.append(tops[-1] + fragment.height)
    items = _heading(layout, first=first) + _header(layout, top, first=first)
    items += _rows(layout, fragments, tops)
    items += _rules(layout, fragments, tops, top)
    if number == count - 1:
        items += _ending(layout, tops[-1])
    paper = layout.paper
    numbered = drawable(f"第 {number + 1} 页 共 {count} 页")
    y = paper.height - paper.margin / 2
    items.append(TextItem(paper.width / 2, y, numbered, SMALL_SIZE, align=Align.CENTRE))
    marks = _bookmarks(layout, fragments, tops, first=first)
    return PaperPage(paper.width, paper.height, tuple(items), marks)


def _baseline(top: float, size: float) -> float:
    """Return the baseline of a line whose pitch begins at a height."""
    return top + size * (PITCH / 2 + (ASCENT - DESCENT) / 2)


def _heading(layout: TableLayout, *, first: bool) -> list[Item]:
    y = layout.paper.margin
    middle = layout.paper.width / 2
    items: list[Item] = []
    size, lines = (TITLE_SIZE, layout.title_lines) if first else (AGAIN_SIZE, (layout.again_line,))
    title = Part(_TITLE, Role.TITLE) if first else None
    for line in lines:
        place = _baseline(y, size)
        items.append(TextItem(middle, place, line, size, align=Align.CENTRE, part=title))
        y += size * PITCH
    y += GAP if first else 0.0
    for line in layout.heading_lines:
        texts = [(text, Part(number) if first else None) for number, text in line]
        items += _spread(layout, texts, y)
        y += SMALL_SIZE * PITCH
    return items


def _spread(layout: TableLayout, texts: Sequence[tuple[str, Part | None]], y: float) -> list[Item]:
    """Set the parts of a line: the first left, the last right, others with even gaps between."""
    baseline, x = _baseline(y, SMALL_SIZE), layout.paper.margin
    widths = [text_width(text, SMALL_SIZE) for text, _ in texts]
    gap = (layout.width - sum(widths)) / max(len(texts) - 1, 1)
    items: list[Item] = []
    for (text, part), width in zip(texts, widths, strict=True):
        items.append(TextItem(x, baseline, text, SMALL_SIZE, part=part))
        x += width + gap
    return items


def _cell(
    layout: TableLayout,
    lines: Sequence[str],
    span: tuple[int, int],
    box: tuple[float, float],
    style: tuple[Align, str],
    part: Part | None,
) -> list[Item]:
    """Set lines in a run of columns between two heights, in the middle of the height."""
    align, colour = style
    left, right = layout.edges[span[0]], layout.edges[span[0] + span[1]]
    x = {
        Align.LEFT: left + PADDING,
        Align.CENTRE: (left + right) / 2,
        Align.RIGHT: right - PADDING,
    }[align]
    y = (box[0] + box[1] - len(lines) * layout.pitch) / 2
    return [
        TextItem(
            x, _baseline(y + n * layout.pitch, layout.size), line, layout.size, colour, align,
            part=part,
        )
        for n, line in enumerate(lines)
        if line
    ]  # fmt: skip


def _header(layout: TableLayout, top: float, *, first: bool) -> list[Item]:
    bottom = top + layout.header_height
    split = top + layout.group_height
    left, right = layout.edges[0], layout.edges[-1]
    items: list[Item] = [RectItem(left, top, right - left, bottom - top, fill=HEADER_GROUND)]
    style = (Align.CENTRE, BLACK)
    for index, lines in enumerate(layout.header_lines):
        below = bool(layout.table.columns[index].group)
        part = _head_part(layout, (int(below), index), (1 if below else _levels(layout), 1))
        box = (split if below else top, bottom)
        items += _cell(layout, lines, (index, 1), box, style, part if first else None)
    if not layout.table.has_groups:
        return items
    for start, count, words in layout.table.header_groups:
        if words:
            lines = layout.in_cell(words, start, count)
            part = _head_part(layout, (0, start), (1, count)) if first else None
            items += _cell(layout, lines, (start, count), (top, split), style, part)
            edges = layout.edges
            items.append(LineItem(edges[start], split, edges[start + count], split, THIN, RULE))
    return items


def _levels(layout: TableLayout) -> int:
    """Return how many rows the header has."""
    return 2 if layout.table.has_groups else 1


def _head_part(layout: TableLayout, cell: tuple[int, int], span: tuple[int, int]) -> Part:
    return Part(_TABLE, Role.HEAD_CELL, cell, span) if _by_cells(layout) else Part(_TABLE - 1)


def _row_part(layout: TableLayout, row: int, column: int, rows: int = 1) -> Part:
    """Return which part a cell of a row is: of a very long table, the row's."""
    if not _by_cells(layout):
        return Part(_TABLE + row)
    return Part(_TABLE, Role.CELL, (_levels(layout) + row, column), (rows, 1))


def _by_cells(layout: TableLayout) -> bool:
    return len(layout.table.rows) * len(layout.table.columns) <= _MOST_CELLS


def _rows(layout: TableLayout, fragments: Sequence[Fragment], tops: Sequence[float]) -> list[Item]:
    items: list[Item] = []
    for position, fragment in enumerate(fragments):
        row = layout.table.rows[fragment.row]
        for index in range(layout.merged, len(row)):
            style = (layout.table.columns[index].align, row[index].colour or BLACK)
            box = (tops[position], tops[position + 1])
            part = _row_part(layout, fragment.row, index)
            items += _cell(layout, fragment.lines[index], (index, 1), box, style, part)
    for column in range(layout.merged):
        items += _merged(layout, fragments, tops, column)
    return items


def _starts(layout: TableLayout, fragments: Sequence[Fragment], column: int) -> list[int]:
    """Return the positions on the page at which a merged column's cells begin."""
    return [
        position
        for position, fragment in enumerate(fragments)
        if position == 0
        or (fragment.starts and layout.shown(fragment.row, column, first_on_page=False))
    ]


def _merged(
    layout: TableLayout, fragments: Sequence[Fragment], tops: Sequence[float], column: int
) -> list[Item]:
    items: list[Item] = []
    starts = _starts(layout, fragments, column)
    for start, end in pairwise([*starts, len(fragments)]):
        cell = layout.table.rows[fragments[start].row][column]
        lines = layout.in_cell(cell.text, column)
        style = (layout.table.columns[column].align, cell.colour or BLACK)
        # On later pages it is repeated for the eye alone.
        row, part = fragments[start].row, None
        if fragments[start].starts and not layout.table.same_above(row, column):
            part = _row_part(layout, row, column, _run_length(layout, row, column))
        box = (tops[start], tops[end])
        items += _cell(layout, lines, (column, 1), box, style, part)
    return items


def _run_length(layout: TableLayout, row: int, column: int) -> int:
    """Return over how many rows a merged cell goes."""
    rows = range(row + 1, len(layout.table.rows))
    after = next((n for n in rows if not layout.table.same_above(n, column)), rows.stop)
    return after - row


def _rules(
    layout: TableLayout, fragments: Sequence[Fragment], tops: Sequence[float], top: float
) -> list[Item]:
    left, right, bottom = layout.edges[0], layout.edges[-1], tops[-1]
    items: list[Item] = [
        LineItem(x, _column_top(layout, index, top), x, bottom, THIN, RULE)
        for index, x in enumerate(layout.edges[1:-1], start=1)
    ]
    items.append(LineItem(left, tops[0], right, tops[0], THIN, RULE))
    begun = [set(_starts(layout, fragments, column)) for column in range(layout.merged)]
    for position in range(1, len(fragments)):
        open_columns = [position not in column for column in begun]
        # A cell that goes on has no line through it; merged columns are the first ones.
        x = layout.edges[sum(open_columns)]
        items.append(LineItem(x, tops[position], right, tops[position], THIN, RULE))
    frame = RectItem(left, top, right - left, bottom - top, stroke=BLACK, line_width=STRONG)
    return [*items, frame]


def _column_top(layout: TableLayout, index: int, top: float) -> float:
    """Return where the line left of a column begins: below a group that it would cut."""
    columns = layout.table.columns
    inside = columns[index].group and columns[index].group == columns[index - 1].group
    return top + layout.group_height if inside else top


def _ending(layout: TableLayout, bottom: float) -> list[Item]:
    y = bottom + GAP
    items: list[Item] = []
    below = _BELOW + (0 if _by_cells(layout) else len(layout.table.rows))
    for number, note in enumerate(layout.table.notes):
        for line in layout.broken(note, layout.width, SMALL_SIZE):
            place = (layout.paper.margin, _baseline(y, SMALL_SIZE))
            items.append(TextItem(*place, line, SMALL_SIZE, RULE, part=Part(below + number)))
            y += SMALL_SIZE * PITCH
    # The last part has room behind it, since something is written there by hand.
    parts = layout.table.footer
    step = layout.width / max(len(parts), 1)
    baseline = _baseline(y + SMALL_SIZE * PITCH / 2, SMALL_SIZE)
    for index, part in enumerate(parts):
        x = layout.paper.margin + step * index
        words = layout.broken(part, step, SMALL_SIZE)[0]
        told = Part(below + len(layout.table.notes) + index)
        items.append(TextItem(x, baseline, words, SMALL_SIZE, part=told))
    return items


def _bookmarks(
    layout: TableLayout, fragments: Sequence[Fragment], tops: Sequence[float], *, first: bool
) -> tuple[Bookmark, ...]:
    marks = [Bookmark(layout.table.title)] if first else []
    if layout.merged:
        marks += [
            Bookmark(layout.table.rows[fragment.row][0].text, tops[position], 1)
            for position, fragment in enumerate(fragments)
            if fragment.starts and not layout.table.same_above(fragment.row, 0)
        ]
    return tuple(marks)
