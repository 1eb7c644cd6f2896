"""Pages whose characters have places and no order (PDF, OFD): put into lines as people read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.sources.source import DocumentSource

# Parts of a character's height: how far two of one line stand apart, and what is a gap in it.
_APART, _GAP = 0.5, 0.45


@dataclass(frozen=True, slots=True)
class Glyph:
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


@dataclass(slots=True)
class LaidOutPage:
    """What stands on a page, in any order."""

    glyphs: list[Glyph] = field(default_factory=list[Glyph])


def add_pages(source: DocumentSource, pages: Sequence[LaidOutPage]) -> None:
    """Put the lines of pages at a document's end; each knows with which line it begins."""
    for number, page in enumerate(pages, start=1):
        source.pages.append(len(source.lines) + 1)
        for count, line in enumerate(lines_of(page.glyphs), start=1):
            source.add_paragraph(line, f"第 {number} 页第 {count} 行")


def lines_of(glyphs: Sequence[Glyph]) -> list[str]:
    """Return the lines of a page from top to bottom, each from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.middle, one.left)):
        if rows and abs(_level(rows[-1]) - glyph.middle) <= _APART * _height(rows[-1], glyph):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [text for row in rows if (text := _text_of(row)).strip()]


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
    return text.rstrip()
