"""Finding by a few letters: Chinese text, full pinyin or the initials of each syllable; pure."""

from __future__ import annotations

import heapq
from enum import IntEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_SHOWN = 40
_NOWHERE = 100
# So many initials may leave out syllables between them; fewer would fit everything.
_SURE = 3


class FindKind(IntEnum):
    """What was found; of equally good finds the smaller comes first."""

    COMMAND = 0
    TASK = 1
    INDICATOR = 2
    UNIT = 3
    DELIVERABLE = 4
    LETTER = 5
    LEDGER = 6
    ENTRY = 7

    @property
    def label(self) -> str:
        """The word on screen."""
        return ("功能", "任务", "指标", "单位", "事项", "函件", "台账", "台账记录")[self]


class Spelled(Struct, frozen=True):
    """How a text is pronounced.

    Attributes:
        initials: First letter of each syllable, letters and figures as they are: ``spcj``.
        full: All syllables, each beginning with a capital: ``ShiPinChouJian``.
    """

    initials: str = ""
    full: str = ""


class Findable(Struct, frozen=True):
    """Something that can be found and opened; the note tells in grey where it belongs."""

    kind: FindKind
    title: str
    note: str = ""
    page: str = ""
    item: object = None
    spelled: Spelled = Spelled()


class Index:
    """Everything that can be found, with its text ready for comparison."""

    def __init__(self, things: Iterable[Findable]) -> None:
        self._things = tuple(
            (fold(thing.title), fold(thing.note), thing.spelled.full.casefold(), thing)
            for thing in things
        )

    def __len__(self) -> int:
        """Return how many things there are."""
        return len(self._things)

    def find(self, typed: str, most: int = MOST_SHOWN) -> tuple[Findable, ...]:
        """Return the best finds for what was typed, best first.

        Every word must be found: in the title, in the note, or in the title's pronunciation.

        `typed`: words, parted by spaces.
        """
        words = [fold(word) for word in typed.split()]
        if not words:
            return ()
        ranked = (
            (sum(ranks), thing.kind, len(title), place, thing)
            for place, (title, note, full, thing) in enumerate(self._things)
            if max(ranks := [_rank(word, title, note, full, thing.spelled) for word in words])
            < _NOWHERE
        )
        return tuple(found[-1] for found in heapq.nsmallest(most, ranked))


def _rank(word: str, title: str, note: str, full: str, spelled: Spelled) -> int:
    """Say how well a word fits, 0 the best; where it begins counts more than where it occurs."""
    if word in title:
        return 0 if title.startswith(word) else 1
    if not word.isascii():
        return 4 if word in note else _NOWHERE
    if word in spelled.initials:
        return 2 if spelled.initials.startswith(word) else 3
    if _at_syllable(word, full, spelled.full):
        return 3
    if word in note:
        return 4
    rest = iter(spelled.initials)  # letters in this order: ``spcj`` stands for 食品监督抽检 too
    return 5 if len(word) >= _SURE and all(letter in rest for letter in word) else _NOWHERE


def _at_syllable(word: str, full: str, marked: str) -> bool:
    """Tell whether letters occur in the pronunciation from the beginning of a syllable on."""
    place = full.find(word)
    while place >= 0:
        if marked[place].isupper() or not marked[place].isalpha():
            return True
        place = full.find(word, place + 1)
    return False
