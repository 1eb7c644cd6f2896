"""Text that knows where in the document each of its characters stands."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.plan_document import TextSpan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Brackets of official documents, whatever their width and shape, as two kinds.
_BRACKETS = {
    **dict.fromkeys("〔［【﹝〖｛{『", "["),
    **dict.fromkeys("〕］】﹞〗｝}』", "]"),
    **dict.fromkeys("﹙", "("),
    **dict.fromkeys("﹚", ")"),
}
# Marks that look alike are one mark; a white space of any kind is a space.
_MARKS = {**_BRACKETS, "﹪": "%", "～": "~", "〜": "~", "—": "-", "–": "-", "﹣": "-", "．": "."}


_FULL_WIDTH = {
    chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF00, 0xFF5F)
}
_SPACES = dict.fromkeys(
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
    " ",
)
_PLAIN = str.maketrans({**_FULL_WIDTH, **_SPACES, **_MARKS})


def plain(text: str) -> str:
    """Bring text to half width, each character for one, so that places stay the same."""
    return text.translate(_PLAIN)


class Piece(Struct, frozen=True):
    """A stretch of one line.

    Attributes:
        start: Where it begins in the line, from 0.
        text: Its characters.
    """

    line: int
    start: int
    text: str


class Passage(Struct, frozen=True, dict=True):
    """Text put together from stretches of lines, in order."""

    pieces: tuple[Piece, ...] = ()

    @cached_property
    def text(self) -> str:
        """The whole text; lines follow each other without a break."""
        if len(self.pieces) == 1:  # nearly every passage
            return self.pieces[0].text
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def plain(self) -> str:
        """The text in half width, of the same length."""
        return plain(self.text)

    def __len__(self) -> int:
        """Count the characters."""
        return len(self.text)

    def slice(self, start: int, end: int | None = None) -> Passage:
        """Return a part of the passage, by places in its text."""
        if start == 0 and end is None:
            return self
        end = len(self.text) if end is None else end
        made = Passage(
            tuple(
                Piece(piece.line, piece.start + first, piece.text[first:last])
                for piece, first, last in self._stretches(start, end)
            )
        )
        if start >= 0 and "plain" in vars(self):  # what is known of the whole holds of a part
            vars(made)["plain"] = self.plain[start : max(end, 0)]
        return made

    def _stretches(self, start: int, end: int) -> Iterator[tuple[Piece, int, int]]:
        """Yield the pieces of a part of the text, each with where the part lies in it."""
        if len(self.pieces) == 1:  # nearly every passage
            piece = self.pieces[0]
            first, last = max(start, 0), min(end, len(piece.text))
            if first < last:
                yield piece, first, last
            return
        passed = 0
        for piece in self.pieces:
            if passed >= end:
                break
            length = len(piece.text)
            first, last = max(start - passed, 0), min(end - passed, length)
            if first < last:
                yield piece, first, last
            passed += length

    def without(self, cuts: Sequence[tuple[int, int]]) -> Passage:
        """Return the passage without some stretches of its text, given in order."""
        if not cuts:
            return self
        bounds = [0, *(place for cut in cuts for place in cut), len(self.text)]
        kept = [
            (first, last)
            for first, last in zip(bounds[::2], bounds[1::2], strict=True)
            if first < last
        ]
        found: list[Piece] = []
        at = passed = 0
        for piece in self.pieces:
            end = passed + len(piece.text)
            while at < len(kept) and kept[at][0] < end:
                first, last = max(kept[at][0] - passed, 0), min(kept[at][1] - passed, end - passed)
                found.append(Piece(piece.line, piece.start + first, piece.text[first:last]))
                if kept[at][1] > end:
                    break
                at += 1
            passed = end
        return Passage(tuple(found))

    def replaced(self, by: Callable[[str], str]) -> Passage:
        """Return the passage with its characters changed, each for one."""
        return Passage(tuple(Piece(p.line, p.start, by(p.text)) for p in self.pieces))

    def spans(self, start: int = 0, end: int | None = None) -> tuple[TextSpan, ...]:
        """Return where a part of the passage stands, one stretch for each line."""
        end = len(self.text) if end is None else end
        return tuple(
            [
                TextSpan(piece.line, piece.start + first, piece.start + last)
                for piece, first, last in self._stretches(start, end)
            ]
        )

    def span(self, start: int = 0, end: int | None = None) -> TextSpan:
        """Return where a part of the passage begins, as a stretch of one line."""
        spans = self.spans(start, end)
        if spans:
            return spans[0]
        last = self.pieces[-1] if self.pieces else Piece(1, 0, "")
        return TextSpan(last.line, last.start + len(last.text), last.start + len(last.text))

    def stripped(self) -> Passage:
        """Return the passage without white space at its ends."""
        text = self.text
        start = len(text) - len(text.lstrip())
        return self.slice(start, max(len(text.rstrip()), start))

    def __add__(self, other: Passage) -> Passage:
        """Put another passage behind this one."""
        return Passage(self.pieces + other.pieces)


def joined(passages: Iterable[Passage]) -> Passage:
    """Put passages behind each other."""
    return Passage(tuple(piece for passage in passages for piece in passage.pieces))
