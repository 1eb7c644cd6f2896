"""How Chinese text is pronounced, by the dictionary of pypinyin."""

from __future__ import annotations

import json
import os
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.domain.search import Spelled
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_PHRASES = "PYPINYIN_NO_PHRASES"  # told to pypinyin while it is loaded
_BETWEEN, _AT_ONCE = '\n],\n"', 2_000  # between two phrases in its file; phrases read at once


def spell(text: str) -> Spelled:
    """Spell a name; characters with several readings by the words that they stand in."""
    return _joined(_reader()(fold(text)))


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
    return _reader()(character)[0]


@cache
def _reader() -> Callable[[str], list[str]]:
    """Load pypinyin, its phrases apart: it would read all of them at once.

    No other thread goes on while Python reads JSON, and the window would stand still.
    """
    os.environ[_NO_PHRASES] = "1"
    try:
        import pypinyin
    finally:
        os.environ.pop(_NO_PHRASES, None)
    pypinyin.load_phrases_dict(phrases_in(Path(pypinyin.__file__).with_name("phrases_dict.json")))
    return pypinyin.lazy_pinyin


def phrases_in(file: Path) -> dict[str, list[list[str]]]:
    """Read a file of phrases in pieces."""
    text = file.read_text(encoding="utf-8").strip()
    entries = text.removeprefix("{").removesuffix("}").split(_BETWEEN)
    found: dict[str, list[list[str]]] = {}
    for first in range(0, len(entries), _AT_ONCE):
        last = first + _AT_ONCE >= len(entries)
        piece = _BETWEEN.join(entries[first : first + _AT_ONCE])
        found |= json.loads(('{"' if first else "{") + piece + ("}" if last else "\n]}"))
    return found
