"""Whether the tasks of a document's table are those that its text has named already."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fsdesk.domain.likeness import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

# How alike the words of a task in the text and in a table are, and how many such tasks it takes.
_SAME, _MOST = 0.7, 0.6
# How many rows of a table are asked at most: those of a long one at equal distances.
_ASKED = 200
# The least share of a text's letter pairs that stands in another one that is like it.
_LEAST_SHARED = _SAME / (2 - _SAME)


def are_the_same_again(texts: Sequence[str], told: Sequence[str]) -> bool:
    """Tell whether most texts of a table's tasks are as good as one that was told already."""
    if not told:
        return False
    asked = texts if len(texts) <= _ASKED else texts[:: len(texts) // _ASKED]
    known = _Told(told)
    return sum(known.has_like(text) for text in asked) > len(asked) * _MOST


class _Told:
    """Texts by their letter pairs, so that each is held against those only that may be like it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = dict.fromkeys(texts)
        self._with: dict[str, list[str]] = defaultdict(list)
        for text in self._texts:
            for pair in set(_pairs(text)):
                self._with[pair].append(text)

    def has_like(self, text: str) -> bool:
        """Tell whether a text is like one of these."""
        if text in self._texts:
            return True
        return any(likeness(text, one) >= _SAME for one in self._may_be_like(text))

    def _may_be_like(self, text: str) -> dict[str, None]:
        """Return the texts that hold one of a text's rarest pairs.

        One that is like it shares so many pairs that it can't lack all of the rarest.
        """
        counts = Counter(_pairs(text))
        free = sum(counts.values()) * (1 - _LEAST_SHARED)
        found: dict[str, None] = {}
        for pair in sorted(counts, key=lambda one: len(self._with.get(one, ()))):
            found |= dict.fromkeys(self._with.get(pair, ()))
            free -= counts[pair]
            if free < 0:
                break
        return found


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]
