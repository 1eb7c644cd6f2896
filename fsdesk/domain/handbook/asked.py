"""Questions as people type them, and the paragraphs of a book that answer them; pure.

What holds every typed piece to the letter comes first. The rest is ranked by what it shares with
the question: pieces of two characters, rare ones counting more than those that stand everywhere,
and clerks' words that the book calls otherwise.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.handbook.words import FILLS, MEANT, STOP
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_SHOWN = 12
# Found is what shares so much of the question's weight, and isn't far behind the best.
_ENOUGH, _BESIDE_BEST = 0.34, 0.3
_TITLED = 1.5  # added where it stands in the title
_LONG, _LONG_TITLE = 600, 20  # what has so many characters holds much by chance, and counts half
_OTHERWISE = 0.8  # of a word that was not typed, but means the same

_LATIN = re.compile("[a-z0-9]+")

_SAID = sorted(MEANT, key=len, reverse=True)  # of two that overlap the longer one is meant


class Passage(Struct, frozen=True):
    """A paragraph of a book, with the words that stand over it.

    Attributes:
        title: Its question, its own heading, or the bold words that it begins with.
        place: Where it stands, as whoever shows it counts.
        chapter: What it belongs to, which is told and is no part of what is searched.
        weight: Less than 1 for what others than the reader are told.
    """

    title: str
    text: str
    place: int = 0
    chapter: str = ""
    weight: float = 1.0


class _Term(Struct, frozen=True):
    """A piece of the question, and what means the same; each with what finding it is worth."""

    pieces: tuple[tuple[str, float], ...]

    @property
    def most(self) -> float:
        return max(worth for _, worth in self.pieces)

    def score(self, title: str, text: str) -> tuple[float, float]:
        """Return what is shared with a passage, and that with title and lengths counted in."""
        found = ((worth, piece in title) for piece, worth in self.pieces if piece in text)
        worth, titled = max(found, default=(0.0, False))
        by_title = _TITLED / (1 + len(title) / _LONG_TITLE) if titled else 0
        return worth, worth * (1 / (1 + len(text) / _LONG) + by_title)


class Answers:
    """The passages of a book, ready to be asked."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = tuple(
            (fold(each.title), f"{fold(each.title)}\n{fold(each.text)}", each) for each in passages
        )

    def find(self, typed: str, most: int = MOST_SHOWN) -> tuple[Passage, ...]:
        """Return the passages that answer best, best first; none for what nothing answers."""
        words = [fold(word) for word in typed.split()]
        if not words:
            return ()
        terms = self._terms(words)
        whole = sum(term.most for term in terms)
        ranked: list[tuple[bool, float, int]] = []
        for number, (title, text, passage) in enumerate(self._passages):
            parts = [term.score(title, text) for term in terms]
            literal = all(word in text for word in words)
            if literal or (whole and sum(share for share, _ in parts) >= _ENOUGH * whole):
                score = sum(score for _, score in parts) * passage.weight
                score += literal * all(word in title for word in words) * (whole + 1)
                ranked.append((literal, score, -number))
        ranked.sort(reverse=True)
        best = max((score for _, score, _ in ranked), default=0.0)
        return tuple(
            self._passages[-number][2]
            for literal, score, number in ranked
            if literal or score >= _BESIDE_BEST * best
        )[:most]

    def _terms(self, words: Iterable[str]) -> list[_Term]:
        """Cut a question into its pieces, each once."""
        found: dict[str, _Term] = {}
        for word in words:
            rest = FILLS.sub("", word)
            for said in _SAID:
                if said in rest:
                    same = ((said, 1.0), *((other, _OTHERWISE) for other in MEANT[said]))
                    found[said] = self._worth(same)
                    rest = rest.replace(said, " ")
            for part in STOP.sub(" ", rest).split():
                found |= {piece: self._worth(((piece, 1.0),)) for piece in _pieces(part)}
        return list(found.values())

    def _worth(self, pieces: Iterable[tuple[str, float]]) -> _Term:
        return _Term(tuple((piece, share * self._rareness(piece)) for piece, share in pieces))

    def _rareness(self, piece: str) -> float:
        held = sum(piece in text for _, text, _ in self._passages)
        return log(1 + len(self._passages) / (held + 1))


def _pieces(part: str) -> list[str]:
    """Return all pairs of neighbours; a run of Latin letters and figures is one of a pair."""
    units = re.findall(f"{_LATIN.pattern}|.", part)
    pairs = [first + second for first, second in pairwise(units)]
    return [unit for unit in units if len(unit) > 1] + pairs or units
