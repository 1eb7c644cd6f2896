"""A document as it comes from a file of any kind: paragraphs and tables in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.sources.passage import Passage, Piece
from fsdesk.domain.plan_document import SourceLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.plan_document import TextSpan

CELL_GAP = "\t"
# Where paper broke a line within a cell; what is written goes on behind it.
LINE_BREAK = "\u2028"


class Paragraph(Struct, frozen=True):
    """A paragraph or line of text.

    Attributes:
        lead: How many characters at its beginning are set in bold, 0 when all or none are.
        level: Its level as a heading by the word processor's style, from 1; 0 for none.
    """

    passage: Passage
    lead: int = 0
    level: int = 0


class Row(Struct, frozen=True):
    """A row of a table.

    Attributes:
        cells: By column; a cell that is merged with the one above or before it carries its text.
        repeated: Columns whose text belongs to a cell further up or left.
    """

    cells: tuple[Passage, ...]
    repeated: frozenset[int] = frozenset()


class SourceTable(Struct, frozen=True):
    """A table; its title is the worksheet's name, empty in a text document."""

    rows: tuple[Row, ...]
    title: str = ""


class Seam(Struct, frozen=True):
    """A line break at which nothing but the words tells whether the line before it goes on.

    Attributes:
        span: The line that begins behind it, or its first part.
        joined: Whether that line was taken as going on with the one before it.
    """

    span: TextSpan
    joined: bool


class DocumentSource(Struct):
    """A document: its blocks in order, and every line for showing.

    Attributes:
        remarks: What the reading of the file itself has to tell: where, what, and what to do.
        pages: Numbers of the lines with which pages begin, where the file tells.
        ends: How far from the page's left edge lines end, in characters, where the file tells.
        seams: Line breaks that are unsure, once its lines have been joined.
    """

    name: str
    blocks: list[Paragraph | SourceTable] = field(default_factory=list["Paragraph | SourceTable"])
    lines: list[SourceLine] = field(default_factory=list[SourceLine])
    remarks: list[tuple[TextSpan, str, str]] = field(
        default_factory=list["tuple[TextSpan, str, str]"]
    )
    pages: list[int] = field(default_factory=list[int])
    ends: dict[int, float] = field(default_factory=dict[int, float])
    seams: list[Seam] = field(default_factory=list["Seam"])

    def add_paragraph(self, text: str, place: str, lead: int = 0, level: int = 0) -> None:
        """Put a paragraph at the end; an empty one is a line, too."""
        number = self._add_line(text, place)
        if text.strip():
            self.blocks.append(Paragraph(Passage((Piece(number, 0, text),)), lead, level))

    def row(self, cells: Sequence[str | Sequence[str]], place: str) -> tuple[Passage, ...]:
        """Put a row of a table at the end of the lines and return its cells as passages.

        `cells`: the text of each, or the texts of its paragraphs, which stay pieces of their own.
        """
        parted = [[cell] if isinstance(cell, str) else list(cell) for cell in cells]
        number = self._add_line(CELL_GAP.join(" ".join(parts) for parts in parted), place)
        found: list[Passage] = []
        start = 0
        for parts in parted:
            pieces: list[Piece] = []
            for at, text in enumerate(parts):
                shown = text + " " * (at < len(parts) - 1)
                if shown:
                    pieces.append(Piece(number, start, shown))
                start += len(shown)
            found.append(Passage(tuple(pieces)))
            start += len(CELL_GAP)
        return tuple(found)

    def _add_line(self, text: str, place: str) -> int:
        number = len(self.lines) + 1
        self.lines.append(SourceLine(number, text, place))
        return number
