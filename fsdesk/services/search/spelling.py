"""How Chinese text is pronounced, by the dictionary of pypinyin."""

from __future__ import annotations

from functools import lru_cache

from fsdesk.domain.search import Spelled
from fsdesk.domain.text import fold


def spell(text: str) -> Spelled:
    """Spell a name; characters with several readings by the words that they stand in."""
    from pypinyin import lazy_pinyin

    return _joined(lazy_pinyin(fold(text)))


def spell_fast(text: str) -> Spelled:
    """Spell character by character, each with its usual reading: for many thousand texts."""
    return _joined([_usual(character) for character in fold(text)])


def _joined(parts: list[str]) -> Spelled:
    initials: list[str] = []
    full: list[str] = []
    for part in parts:
        letters = "".join(character for character in part if character.isascii())
        word = letters.isalpha() and len(letters) > 1
        initials.append(letters[:1] if word else letters)
        full.append(letters.capitalize())
    return Spelled("".join(initials), "".join(full))


@lru_cache(maxsize=8192)
def _usual(character: str) -> str:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(character)[0]
