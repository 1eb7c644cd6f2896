"""What is printed on a form for people, noted beside it: what was typed over it can be told."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from fsdesk.domain.packet.packet import sha256
from fsdesk.domain.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# By sheet and code of the row, a mark for each printed column; those of the texts above the
# headers, and of sheets without any, stand by an empty code.
Printed = dict[tuple[str, str], tuple[str, ...]]

_DIGITS = 8  # enough to tell a text from another that was typed over it
_COMPARED = 20_000  # characters: what cells cut off at their end is no change


def mark(text: str) -> str:
    """Return a short mark of a text, the same however it is spaced; empty for an empty text."""
    return _short_mark(text) if len(text) <= _SHORT else _mark(text)


def _mark(text: str) -> str:
    plain = fold(tidy(text))[:_COMPARED]
    return sha256(plain)[:_DIGITS] if plain else ""


# What a plan prints comes back in the packets of every unit and month.
_SHORT = 200
_short_mark = lru_cache(maxsize=4096)(_mark)


def marks(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the marks of texts, in their order."""
    return tuple(mark(text) for text in texts)


def printed_rows(printed: Mapping[tuple[str, str], tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    """Yield a row of text for each entry, as the hidden sheet holds it."""
    for (sheet, code), found in printed.items():
        yield sheet, code, ",".join(found)


def printed_of(rows: Iterable[tuple[str, str, str]]) -> Printed:
    """Read what `printed_rows` wrote."""
    return {(sheet, code): tuple(found.split(",")) for sheet, code, found in rows}
