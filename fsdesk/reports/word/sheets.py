"""Pages of official papers, filled from top to bottom: letters and bulletin are laid out by it.

Type area, pitch, page numbers and the place of the imprint are those of GB/T 9704—2012.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.output.pages import (
    BLACK,
    POINTS_PER_MM,
    Align,
    Bookmark,
    Face,
    Item,
    LineItem,
    PaperPage,
    Part,
    PictureItem,
    RectItem,
    Role,
    TextItem,
)
from fsdesk.reports.paper.fonts import ASCENT, DESCENT, drawable, text_width
from fsdesk.reports.paper.line_breaking import break_lines
from fsdesk.reports.word.official_document import CHARACTER_PITCH, LINE_PITCH, SIZE_4
from fsdesk.reports.word.official_parts import ABOVE, BESIDE, IMPRINT_SHARE
from fsdesk.reports.word.official_parts import PITCH as _CELL_PITCH
from fsdesk.reports.word.official_parts import SIZE as SIZE_CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RED = "#e60012"
MM = POINTS_PER_MM
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 37 * MM, 262 * MM
CENTRE = (LEFT + RIGHT) / 2
# Set as wide as its pitch, so that a line of 156 mm holds 28 characters.
BODY = CHARACTER_PITCH
STRONG, THIN = 2.2, 0.8
# Stands for a character of indentation, which stays with the first one of the text.
_BLANK = "〓"
# A line is set wider by such a share of a character at most.
_WIDEST = 0.25
# The imprint's rules: the first and last strong, those between thin; a character from the edges.
_IMPRINT_STRONG, _IMPRINT_THIN, _IMPRINT_PITCH = 1.0, 0.75, LINE_PITCH
# Such as 抄送, below whose names others stand.
_LONGEST_LABEL = 3
_PICTURE = "图"


class Setting(Struct, frozen=True):
    """How a text is set."""

    face: Face = Face.BODY
    size: float = BODY
    colour: str = BLACK

    def width(self, text: str) -> float:
        """Return how wide a line of it is."""
        return text_width(text, self.size, self.face)


PLAIN = Setting()
_IMPRINT = Setting(size=SIZE_4)


class Sheets(Struct):
    """Pages that are filled from top to bottom.

    Attributes:
        added: How many pages the imprint took, so that it stands at the foot of an even last one.
        imprinted: How many lines each row of the imprint takes.
    """

    numbered_from: int = 1
    added: int = 0
    imprinted: tuple[int, ...] = ()
    _pages: list[list[Item]] = field(default_factory=lambda: [[]])
    _y: float = TOP
    _parts: int = 0
    _part: Part | None = None

    def begin(self) -> None:
        """Begin another page."""
        self._pages.append([])
        self._y = TOP

    def part(self, role: Role = Role.TEXT) -> None:
        """Let what is put from now on be the next part of the document; see `Part`."""
        self._parts += 1
        self._part = Part(self._parts, role)

    def gap(self, height: float) -> None:
        """Leave room; none is left at the head of a page that follows another."""
        self._y += height

    def move_to(self, y: float) -> None:
        """Go on at a height of the page."""
        self._y = y

    def room_for(self, height: float) -> bool:
        """Tell whether a height is left on the page."""
        return self._y + height <= BOTTOM + 0.5

    @property
    def y(self) -> float:
        """Where the next line begins."""
        return self._y

    @property
    def at_top(self) -> bool:
        """Whether nothing stands on the page yet."""
        return not self._pages[-1]

    def put(self, height: float, items: Iterable[TextItem]) -> None:
        """Put texts of one line, whose y is their size's middle, below the last one."""
        if not self.room_for(height):
            self.begin()
        middle = self._y + height / 2
        for item in items:
            self.draw(replace(item, y=baseline(middle, item.size)))
        self._y += height

    def put_lines(self, lines: Iterable[TextItem], pitch: float = LINE_PITCH) -> None:
        """Put lines below one another."""
        for line in lines:
            self.put(pitch, [line])

    def draw(self, *items: Item) -> None:
        """Put things whose place is settled."""
        for item in items:
            ruled = isinstance(item, LineItem | RectItem) or item.part is not None
            self._pages[-1].append(item if ruled else replace(item, part=self._part))

    def picture(self, png: bytes, width: float, height: float, words: str = "") -> None:
        """Put a picture in the middle, on the next page where this one has no room for it.

        `words` say what it shows to who doesn't see it.
        """
        if not self.room_for(height):
            self.begin()
        self.part()
        shown = Part(self._parts, Role.PICTURE, words=words or _PICTURE)
        self.draw(PictureItem(CENTRE - width / 2, self._y, width, height, png, part=shown))
        self._y += height

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Put a ruled table whose first row heads each page; rows stay whole.

        The last one is never alone on a page.
        """
        self.part()
        number, self._part = self._parts, None
        head, *others = [_row_of(texts, widths, n, number) for n, texts in enumerate(rows)]
        again = replace(head, part=None)
        lead = others[0].height if others else 0.0
        if not self.room_for(head.height + lead):
            self.begin()
        self._row(head)
        for place, row in enumerate(others):
            last_two = others[place:] if place == len(others) - 2 else [row]
            if not self.room_for(sum(each.height for each in last_two)) and place:
                self.begin()
                self._row(again)
            self._row(row)

    def _row(self, row: _Row) -> None:
        x = CENTRE - sum(row.widths) / 2
        for column, (lines, width) in enumerate(zip(row.cells, row.widths, strict=True)):
            frame = RectItem(x, self._y, width, row.height, stroke=BLACK, line_width=THIN)
            self.draw(frame)
            top = self._y + (row.height - len(lines) * _CELL_PITCH) / 2
            for number, text in enumerate(lines):
                y = baseline(top + (number + 0.5) * _CELL_PITCH, SIZE_CELL)
                item = TextItem(
                    x + width / 2, y, text, SIZE_CELL, align=Align.CENTRE, face=row.face
                )
                self.draw(
                    replace(item, part=row.part and replace(row.part, cell=(row.row, column)))
                )
            x += width
        self._y += row.height

    def imprint(self, lines: Sequence[tuple[str, str]]) -> None:
        """Put the imprint (版记) at the foot of an even last page, adding pages where needed.

        Each line has a left and a right part; a left one that is too long goes on below.
        """
        rows = [imprint_row(left, apart=bool(right)) for left, right in lines]
        self.imprinted = tuple(map(len, rows))
        height = sum(self.imprinted) * _IMPRINT_PITCH
        self.added = imprint_pages(len(self._pages), has_room=self.room_for(height + LINE_PITCH))
        for _page in range(self.added):
            self.begin()
        y = BOTTOM - height
        for number, (row, (_left, right)) in enumerate(zip(rows, lines, strict=True)):
            rule = _IMPRINT_STRONG if number == 0 else _IMPRINT_THIN
            self.draw(LineItem(LEFT, y, RIGHT, y, rule))
            self.part()
            ends = line(right, RIGHT - SIZE_4, Align.RIGHT, _IMPRINT)
            for place, item in enumerate(row):
                base = baseline(y + (place + 0.5) * _IMPRINT_PITCH, SIZE_4)
                sides = (item, ends) if right and place == len(row) - 1 else (item,)
                self.draw(*(replace(side, y=base) for side in sides))
            y += len(row) * _IMPRINT_PITCH
        self.draw(LineItem(LEFT, BOTTOM, RIGHT, BOTTOM, _IMPRINT_STRONG))
        self._y = BOTTOM

    def pages(self, title: str) -> tuple[PaperPage, ...]:
        """Return the pages with their numbers: odd ones at the right, even ones at the left.

        Where a blank page stands before that of the imprint, neither bears a number.
        """
        last = len(self._pages) - (self.added if self.added > 1 else 0)
        for number, items in enumerate(self._pages[:last], start=1):
            if number >= self.numbered_from:
                # 7 mm below the type area, one character from its edge.
                y = BOTTOM + 7 * MM + SIZE_4 / 2
                odd = number % 2 == 1
                x, align = (RIGHT - SIZE_4, Align.RIGHT) if odd else (LEFT + SIZE_4, Align.LEFT)
                items.append(TextItem(x, y, f"— {number} —", SIZE_4, align=align, face=Face.SONG))
        marks = (Bookmark(title),)
        return tuple(
            PaperPage(WIDTH, HEIGHT, tuple(items), marks if number == 0 else ())
            for number, items in enumerate(self._pages)
        )


def imprint_pages(pages: int, *, has_room: bool) -> int:
    """Return how many pages to add, so that an imprint stands on an even last page.

    `has_room`: whether it has room on the last one of the pages there are.
    """
    if pages % 2:
        return 1
    return 0 if has_room else 2


def imprint_row(text: str, *, apart: bool) -> list[TextItem]:
    """Break the left part of an imprint's row; what goes on stands below the first name.

    `apart`: whether a date stands at the right of it.
    """
    head, colon, _names = text.partition("：")
    inset = _IMPRINT.width(f"{head}{colon}") if colon and len(head) <= _LONGEST_LABEL else 0.0
    left, edge = LEFT + SIZE_4, RIGHT - SIZE_4
    if apart:
        edge = LEFT + IMPRINT_SHARE * (RIGHT - LEFT)
    first, *rest = break_lines(drawable(text), edge - left, _IMPRINT.width)
    if rest:
        below = "".join((first, *rest)).removeprefix(first)
        rest = list(break_lines(below, edge - left - inset, _IMPRINT.width))
    return [
        line(first, left, setting=_IMPRINT),
        *(line(each, left + inset, setting=_IMPRINT) for each in rest),
    ]


def baseline(middle: float, size: float) -> float:
    """Return the baseline of a text whose characters have their middle at a height."""
    return middle + size * (ASCENT - DESCENT) / 2


def line(text: str, x: float, align: Align = Align.LEFT, setting: Setting = PLAIN) -> TextItem:
    """Return a line of text; its height is given when it is put on a page."""
    return TextItem(x, 0.0, drawable(text), setting.size, setting.colour, align, setting.face)


def paragraph(
    text: str,
    indent: float = 2,
    setting: Setting = PLAIN,
    left: float = LEFT,
    right: float = RIGHT,
    *,
    justified: bool = True,
) -> list[TextItem]:
    """Break a paragraph into lines, the first one indented by characters.

    Justified, all but the last end at the right edge, as in Word: what is left is shared out.
    """
    blanks = _BLANK * round(indent)
    # The indentation counts as characters that stay with the first one.
    texts = break_lines(f"{blanks}{drawable(text)}", right - left, setting.width)
    inset = setting.width(blanks)
    first = line(texts[0].removeprefix(blanks), left + inset, setting=setting)
    lines = [first, *(line(each, left, setting=setting) for each in texts[1:])]
    if not justified:
        return lines
    return [*(_justified(each, setting, right) for each in lines[:-1]), lines[-1]]


def _justified(item: TextItem, setting: Setting, right: float) -> TextItem:
    spare = (right - item.x - setting.width(item.text)) / max(len(item.text) - 1, 1)
    # A line of few characters, such as before a long code, stays as it is.
    return replace(item, spacing=spare) if 0 < spare < _WIDEST * setting.size else item


class _Row(Struct, frozen=True):
    """A row of a table, its texts broken into lines."""

    cells: tuple[tuple[str, ...], ...]
    widths: Sequence[float]
    face: Face
    row: int
    part: Part | None

    @property
    def height(self) -> float:
        """How high it is."""
        return max(len(lines) for lines in self.cells) * _CELL_PITCH + 2 * ABOVE


def _row_of(texts: Sequence[str], widths: Sequence[float], row: int, part: int) -> _Row:
    face = Face.BODY if row else Face.HEAD
    role = Role.CELL if row else Role.HEAD_CELL
    cells = tuple(
        break_lines(
            drawable(text),
            width - 2 * BESIDE,
            lambda part, face=face: text_width(part, SIZE_CELL, face),
        )
        for text, width in zip(texts, widths, strict=True)
    )
    return _Row(cells, widths, face, row, Part(part, role))
