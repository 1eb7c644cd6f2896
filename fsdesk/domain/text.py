"""Text as people in offices type it, brought to one form for comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def fold(text: str) -> str:
    """Bring a name to the form in which names are compared.

    Full-width letters, digits and brackets become half-width, white space goes, letters become
    lower case: ``区发改局（农业农村局）`` and ``区发改局(农业农村局)`` are the same unit.
    """
    return _folded(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


_SHORT = 64  # codes, headers and names, which come back in every row and file
_folded = lru_cache(maxsize=8192)(_fold)


# A run of Latin letters and figures is one word; every other visible character counts by itself.
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,%'_-]*|\S")


def count_words(text: str) -> int:
    """Count a text as WPS and Word do (字数): each Chinese character, each Latin word as one."""
    return len(_WORD.findall(text))


# Longest text that a cell of a spreadsheet holds, with some room.
LONGEST_TEXT = 30_000
# Spreadsheets and programs keep 15 digits: of a longer number the end is not what was typed.
TOO_MUCH = 1e15
TOO_LARGE = "数太大（超过 15 位），请核对是否填错"
# Controls but line feed and tab, halves of characters, no characters at all, and the mark of an
# encoding, which old workbooks drop.
_LOST = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")


def tidy(text: str) -> str:
    """Bring typed text to the form in which it is stored and travels.

    Line ends become line feeds; characters that no spreadsheet can carry, and white space at both
    ends, go. Tidy text comes back from a packet as it went in.
    """
    if text.isprintable():  # nearly every text, and much faster
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _LOST.sub("", lines).strip()


_KIB = 1024


def size_text(size: int) -> str:
    """Write the size of a file, in bytes, as people know it: 12 KB, 3.4 MB."""
    if size < _KIB * _KIB:
        return f"{max(size // _KIB, 1)} KB"
    return f"{size / _KIB / _KIB:.1f} MB"
