"""A ledger's cells as texts: as they are shown, copied and typed again, or masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.ledger.ledger import plain_value

if TYPE_CHECKING:
    from fsdesk.domain.ledger.ledger import LedgerValue

_STAR = "*"
# A phone number keeps its first three and last four digits: 138****1234.
_HEAD, _TAIL = 3, 4
_SHORTEST_NUMBER = 7
_MOST_STARS = 8


def cell_text(value: LedgerValue) -> str:
    """Return a value as it is shown; typed again it is the same value."""
    plain = plain_value(value)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else f"{plain:.15g}"


def masked(text: str) -> str:
    """Return a text with all but its first letter covered; of numbers both ends stay visible.

    ``张三`` becomes ``张*``, ``13812345678`` becomes ``138****5678``.
    """
    plain = text.strip()
    digits = sum(letter.isdigit() for letter in plain)
    if digits >= _SHORTEST_NUMBER and plain.isascii():
        hidden = max(len(plain) - _HEAD - _TAIL, 1)
        return f"{plain[:_HEAD]}{_STAR * hidden}{plain[-_TAIL:]}"
    return plain[:1] + _STAR * min(max(len(plain) - 1, 1), _MOST_STARS) if plain else ""
