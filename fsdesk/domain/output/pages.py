"""Pages as plain values: every text, line and rectangle with its explicit place.

The PDF writer, the window's preview and the printer all draw these same values, so what is seen
is what is printed. Lengths are points (1/72 inch); the origin is the page's upper left corner and
y grows downwards, as in Qt.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TypeAlias

from msgspec import Struct

POINTS_PER_INCH = 72
POINTS_PER_MM = POINTS_PER_INCH / 25.4
# How finely a page is drawn that is a picture as a whole, in dots per inch.
SCREEN_DOTS, PRINTER_DOTS = 150, 300
BLACK = "#000000"


class Align(StrEnum):
    """Which part of a text its x names, and how a table's column is set."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Face(StrEnum):
    """Which face a text is set in; the others are those of official papers (GB/T 9704—2012)."""

    PLAIN = "plain"  # tables and pictures
    TITLE = "title"  # 小标宋: red head and title
    BODY = "body"  # 仿宋
    KAI = "kai"  # 楷体: headings of the second level
    HEAD = "head"  # 黑体: headings of the first level
    SONG = "song"  # 宋体: page numbers


class Role(StrEnum):
    """What a part of a document is, by the names that PDF has for it."""

    TITLE = "H1"
    HEADING = "H2"
    SUBHEADING = "H3"
    TEXT = "P"
    CAPTION = "Caption"
    HEAD_CELL = "TH"
    CELL = "TD"
    PICTURE = "Figure"


class Part(Struct, frozen=True):
    """A part of a document, for who has it read aloud; the items of equal parts are one.

    Attributes:
        number: Its place in the order of reading; a table is one part.
        cell: Row and column in a table, from 0.
        span: Over how many rows and columns a cell goes.
        words: What is said in place of a picture.
    """

    number: int
    role: Role = Role.TEXT
    cell: tuple[int, int] | None = None
    span: tuple[int, int] = (1, 1)
    words: str = ""


class TextItem(Struct, frozen=True):
    """One line of text.

    Attributes:
        x: Left edge, middle or right edge, as `align` says.
        y: Baseline.
        text: The characters; all are in the bundled sans, which stands in where the face lacks one.
        colour: As ``#rrggbb``.
        spacing: Points that are added after each character, so that a line ends at the edge.
        part: What it belongs to; None for what each page has again, such as its number.
    """

    x: float
    y: float
    text: str
    size: float
    colour: str = BLACK
    align: Align = Align.LEFT
    face: Face = Face.PLAIN
    spacing: float = 0.0
    part: Part | None = None


class LineItem(Struct, frozen=True):
    """A straight line from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.5
    colour: str = BLACK


class RectItem(Struct, frozen=True):
    """A rectangle; an empty fill or stroke is not drawn."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    line_width: float = 0.5


class PictureItem(Struct, frozen=True):
    """A picture, as PNG, stretched over a rectangle."""

    x: float
    y: float
    width: float
    height: float
    png: bytes
    part: Part | None = None


Item: TypeAlias = TextItem | LineItem | RectItem | PictureItem


class Bookmark(Struct, frozen=True):
    """An outline entry that leads to a place on its page; level 0 is the outermost."""

    title: str
    y: float = 0.0
    level: int = 0


class PaperPage(Struct, frozen=True):
    """One page; its items are drawn in their order."""

    width: float
    height: float
    items: tuple[Item, ...]
    bookmarks: tuple[Bookmark, ...] = ()

    @property
    def paper(self) -> Paper:
        """The paper that it is for."""
        short = min(self.width, self.height) / POINTS_PER_MM
        size = min(PaperSize, key=lambda size: abs(size.value[0] - short))
        return Paper(size, landscape=self.width > self.height)


class PaperSize(Enum):
    """Paper by its short and long side in millimetres (ISO 216)."""

    A4 = (210.0, 297.0)
    A3 = (297.0, 420.0)


class Paper(Struct, frozen=True):
    """Paper as it lies in the printer.

    Attributes:
        landscape: Whether the long side lies across.
        margin_mm: White edge on all sides, in millimetres.
    """

    size: PaperSize = PaperSize.A4
    landscape: bool = True
    margin_mm: float = 15.0

    @property
    def label(self) -> str:
        """How it is called."""
        return f"{self.size.name} {'横向' if self.landscape else '纵向'}"

    @property
    def width(self) -> float:
        """Width in points."""
        return self.size.value[1 if self.landscape else 0] * POINTS_PER_MM

    @property
    def height(self) -> float:
        """Height in points."""
        return self.size.value[0 if self.landscape else 1] * POINTS_PER_MM

    @property
    def margin(self) -> float:
        """White edge in points."""
        return self.margin_mm * POINTS_PER_MM
