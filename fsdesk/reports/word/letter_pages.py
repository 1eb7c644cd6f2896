"""The four letters on pages, for preview, printer and PDF: laid out as the Word files are.

Faces, sizes, pitches and places are those of GB/T 9704—2012.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import (
    BLACK,
    POINTS_PER_MM,
    Align,
    Bookmark,
    Face,
    Item,
    LineItem,
    PaperPage,
    RectItem,
    TextItem,
)
from fsdesk.domain.output.wording import date_text
from fsdesk.reports.paper.fonts import ASCENT, DESCENT, drawable, text_width
from fsdesk.reports.paper.line_breaking import break_lines
from fsdesk.reports.word.letter_papers import REPLY_FORM, is_letter_form, reply_rows, title_lines
from fsdesk.reports.word.official_document import (
    CHARACTER_PITCH,
    LINE_PITCH,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_MASTHEAD,
)
from fsdesk.reports.word.official_parts import SIZE as SIZE_CELL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.reports.word.letter_papers import LetterPaper

RED = "#e60012"
_MM = POINTS_PER_MM
_WIDTH, _HEIGHT = 210 * _MM, 297 * _MM
_LEFT, _RIGHT, _TOP, _BOTTOM = 28 * _MM, 184 * _MM, 37 * _MM, 262 * _MM
# Set as wide as its pitch, so that a line of 156 mm holds 28 characters.
_BODY = CHARACTER_PITCH
_RULE_LEFT, _RULE_RIGHT, _LOWER_RULE = 20 * _MM, 190 * _MM, 277 * _MM
_LETTERHEAD, _RED_HEAD, _UNDER_HEAD = 30 * _MM, 35 * _MM, 4 * _MM
_LABEL, _PADDING, _CELL_PITCH = 34 * _MM, 4.0, 16.0
_STRONG, _THIN = 2.2, 0.8
_TITLE = (Face.TITLE, SIZE_2, BLACK)


def letter_pages(paper: LetterPaper) -> tuple[PaperPage, ...]:
    """Return a letter on pages of A4, with the form for the reply as its last page."""
    sheets = _Sheets(numbered_from=2 if is_letter_form(paper.kind) else 1)
    _head(sheets, paper)
    sheets.gap(2 * LINE_PITCH)
    for line in title_lines(paper.kind, paper.period):
        sheets.put(LINE_PITCH, [_line(line, (_LEFT + _RIGHT) / 2, Align.CENTRE, _TITLE)])
    sheets.gap(LINE_PITCH)
    sheets.put(LINE_PITCH, [_line(f"{paper.addressee}：", _LEFT)])
    *body, last = paper.body
    for text in body:
        for item in _paragraph(text):
            sheets.put(LINE_PITCH, [item])
    _end(sheets, paper, last)
    _annex(sheets, paper)
    return sheets.pages(paper.name)


@dataclass
class _Sheets:
    """Pages that are filled from top to bottom."""

    numbered_from: int
    _pages: list[list[Item]] = field(default_factory=lambda: [[]])
    _y: float = _TOP

    def begin(self) -> None:
        self._pages.append([])
        self._y = _TOP

    def gap(self, height: float) -> None:
        self._y += height

    def move_to(self, y: float) -> None:
        self._y = y

    def room_for(self, height: float) -> bool:
        return self._y + height <= _BOTTOM + 0.5

    def put(self, height: float, items: Iterable[TextItem]) -> None:
        """Put texts of one line, whose y is their size's middle, below the last one."""
        if not self.room_for(height):
            self.begin()
        middle = self._y + height / 2
        for item in items:
            y = _baseline(middle, item.size)
            self.draw(replace(item, y=y))
        self._y += height

    def draw(self, *items: Item) -> None:
        """Put things whose place is settled."""
        self._pages[-1].extend(items)

    @property
    def y(self) -> float:
        return self._y

    def pages(self, title: str) -> tuple[PaperPage, ...]:
        """Return the pages with their numbers: odd ones at the right, even ones at the left."""
        for number, items in enumerate(self._pages, start=1):
            if number >= self.numbered_from:
                # 7 mm below the type area, one character from its edge.
                y = _BOTTOM + 7 * _MM + SIZE_4 / 2
                odd = number % 2 == 1
                x, align = (_RIGHT - SIZE_4, Align.RIGHT) if odd else (_LEFT + SIZE_4, Align.LEFT)
                items.append(TextItem(x, y, f"— {number} —", SIZE_4, align=align, face=Face.BODY))
        marks = (Bookmark(title),)
        return tuple(
            PaperPage(_WIDTH, _HEIGHT, tuple(items), marks if number == 0 else ())
            for number, items in enumerate(self._pages)
        )


def _baseline(middle: float, size: float) -> float:
    """Return the baseline of a text whose characters have their middle at a height."""
    return middle + size * (ASCENT - DESCENT) / 2


def _line(
    text: str,
    x: float,
    align: Align = Align.LEFT,
    style: tuple[Face, float, str] = (Face.BODY, _BODY, BLACK),
) -> TextItem:
    face, size, colour = style
    return TextItem(x, 0.0, drawable(text), size, colour, align, face)


def _paragraph(text: str) -> list[TextItem]:
    """Break a paragraph into lines, the first one indented by two characters."""
    # The indentation counts as two characters that stay with the first one.
    lines = break_lines(f"〓〓{drawable(text)}", _RIGHT - _LEFT, _width)
    first = _line(lines[0].removeprefix("〓〓"), _LEFT + 2 * _BODY)
    return [first, *(_line(line, _LEFT) for line in lines[1:])]


def _width(text: str) -> float:
    return text_width(text, _BODY, Face.BODY)


def _head(sheets: _Sheets, paper: LetterPaper) -> None:
    middle = _WIDTH / 2
    if is_letter_form(paper.kind):
        sheets.move_to(_LETTERHEAD)
        sheets.put(
            SIZE_2, [_line(paper.signatory, middle, Align.CENTRE, (Face.TITLE, SIZE_2, RED))]
        )
        sheets.gap(_UNDER_HEAD)
        upper, lower = (sheets.y, _STRONG), (sheets.y + 2.6, _THIN)
        ends = ((_LOWER_RULE - 2.6, _THIN), (_LOWER_RULE, _STRONG))
        for y, width in (upper, lower, *ends):
            sheets.draw(LineItem(_RULE_LEFT, y, _RULE_RIGHT, y, width, RED))
        sheets.gap(SIZE_3 * 7 / 8 - (LINE_PITCH - SIZE_3) / 2)  # its line holds a part of the room
        sheets.put(LINE_PITCH, [_line(paper.shown_number, _RIGHT, Align.RIGHT)])
        return
    sheets.gap(_RED_HEAD)
    head = (Face.TITLE, SIZE_MASTHEAD, RED)
    sheets.put(SIZE_MASTHEAD * 1.4, [_line(paper.signatory, middle, Align.CENTRE, head)])
    sheets.gap(2 * LINE_PITCH)
    centre = (_LEFT + _RIGHT) / 2
    sheets.put(LINE_PITCH, [_line(paper.shown_number, centre, Align.CENTRE)])
    sheets.gap(_UNDER_HEAD)
    sheets.draw(LineItem(_LEFT, sheets.y, _RIGHT, sheets.y, _STRONG, RED))


def _end(sheets: _Sheets, paper: LetterPaper, last: str) -> None:
    """Put the last paragraph, the list of annexes and the signature, together on a page."""
    lines = _paragraph(last)
    # Two empty lines, the annex, who signs and when.
    if not sheets.room_for((len(lines) + 5) * LINE_PITCH):
        sheets.begin()
    for line in lines:
        sheets.put(LINE_PITCH, [line])
    sheets.gap(LINE_PITCH)
    sheets.put(LINE_PITCH, [_line(f"附件：{REPLY_FORM}", _LEFT + 2 * _BODY)])
    sheets.gap(LINE_PITCH)
    day = date_text(paper.day)
    edge = _RIGHT - 4 * _BODY
    # A name longer than the date may begin left of it, two characters from the edge at most.
    centre = edge - _width(day) / 2
    centre = min(centre, _RIGHT - 2 * _BODY - _width(paper.signatory) / 2)
    sheets.put(LINE_PITCH, [_line(paper.signatory, centre, Align.CENTRE)])
    sheets.put(LINE_PITCH, [_line(day, edge, Align.RIGHT)])


def _annex(sheets: _Sheets, paper: LetterPaper) -> None:
    sheets.begin()
    sheets.put(LINE_PITCH, [_line("附件", _LEFT, style=(Face.HEAD, _BODY, BLACK))])
    centre = (_LEFT + _RIGHT) / 2
    sheets.put(LINE_PITCH, [_line(REPLY_FORM, centre, Align.CENTRE, _TITLE)])
    sheets.gap(_PADDING)
    top = sheets.y
    due = date_text(paper.reply_by)
    for name, value in reply_rows(paper.shown_number, paper.addressee, due):
        _row(sheets, name, value)
    frame = RectItem(_LEFT, top, _RIGHT - _LEFT, sheets.y - top, stroke=BLACK, line_width=_THIN)
    middle = _LEFT + _LABEL
    sheets.draw(frame, LineItem(middle, top, middle, sheets.y, _THIN))


def _row(sheets: _Sheets, name: str, value: str) -> None:
    room = _RIGHT - _LEFT - _LABEL - 2 * _PADDING
    lines = break_lines(drawable(value), room, lambda text: text_width(text, SIZE_CELL, Face.BODY))
    top, height = sheets.y, len(lines) * _CELL_PITCH + 2 * _PADDING
    label, cell = _LEFT + _LABEL / 2, (_LEFT + _LABEL + _RIGHT) / 2
    sheets.draw(
        TextItem(
            label,
            _baseline(top + height / 2, SIZE_CELL),
            drawable(name),
            SIZE_CELL,
            align=Align.CENTRE,
            face=Face.BODY,
        )
    )
    for number, line in enumerate(lines):
        y = _baseline(top + _PADDING + (number + 0.5) * _CELL_PITCH, SIZE_CELL)
        sheets.draw(TextItem(cell, y, line, SIZE_CELL, align=Align.CENTRE, face=Face.BODY))
    sheets.gap(height)
    sheets.draw(LineItem(_LEFT, sheets.y, _RIGHT, sheets.y, _THIN))
