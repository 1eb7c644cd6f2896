"""Reading one cell as a column of a ledger asks, whatever table it comes from."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from fsdesk.domain.ledger.keys import REMEDY, is_scientific, without_prefix
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType, LedgerValue
from fsdesk.domain.text import fold
from fsdesk.domain.typed import Cell, CellError, read_date, read_number, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.ledger.ledger import LedgerColumn

_SHOWN = 40
BLANKS = frozenset({"/", "／", "-", "—", "——", "－", "\\", "无数据"})
_YES_WORDS = frozenset({YES, "√", "✓", "有", "y", "yes", "true", "1", "对", "已"})
_NO_WORDS = frozenset({NO, "×", "✗", "无", "n", "no", "false", "0", "错", "未", "没有"})
_BRACKET_UNIT = re.compile(r"[(（\[【]([^)）\]】]+)[)）\]】]\s*$")
_LARGE_UNITS = ("万", "千", "百", "亿")
# A number keeps 15 digits in a spreadsheet; what a longer code ended in is lost.
_MOST_EXACT = 10**15


def read_choice(
    column: LedgerColumn, text: str, chosen: Mapping[str, str] | None = None
) -> str | None:
    """Read a choice by its own name, another word for it, or what somebody chose for a word."""
    wanted = fold(text)
    for word, choice in (chosen or {}).items():
        if fold(word) == wanted:
            return choice
    found = _words_of(column.words, column.choices).get(wanted)
    if found is not None:
        return found
    if text in BLANKS:
        return None
    raise CellError(f"“{text[:_SHOWN]}”不在选项中，应为：{'、'.join(column.choices)}")


@lru_cache(maxsize=256)
def _words_of(words: tuple[tuple[str, str], ...], choices: tuple[str, ...]) -> Mapping[str, str]:
    """Return the choice for each folded word; of two the first counts."""
    known = (*words, *((choice, choice) for choice in choices))
    return {fold(word): choice for word, choice in reversed(known)}


def read_typed(
    column: LedgerColumn, text: str, year: int | None = None, *, is_key: bool = False
) -> LedgerValue:
    """Read what somebody typed into a cell of the grid, or pasted there.

    `text`: what was typed; nothing, and what stands for nothing, is None.
    `year`: in which dates without a year lie.
    `is_key`: whether it identifies the row.
    CellError when the column can't hold it.
    """
    plain = unforced(column, text.strip(), is_key=is_key)
    return read_value(column, plain, year=year)


def unforced(column: LedgerColumn, value: Cell, *, is_key: bool) -> Cell:
    """Return a cell without the marks that force text; in a name an apostrophe belongs to it."""
    if isinstance(value, str):
        forced = is_key or column.type is not ColumnType.TEXT or value[:1] == "="
        return without_prefix(value.strip()) if forced else value
    return value


def read_value(
    column: LedgerColumn,
    value: Cell,
    header: str = "",
    *,
    year: int | None = None,
    typed: bool = True,
    words: Mapping[str, str] | None = None,
) -> LedgerValue:
    """Read a cell as a column of a ledger asks.

    `column`: the column; for a choice the text must be one of them.
    `header`: its header, in whose brackets a unit may stand.
    `year`: in which dates without a year lie; None: such dates are refused.
    `typed`: whether it is new here; what is held already comes back whatever it looks like.
    `words`: for a choice, what somebody chose for a word.
    CellError when the value is something else or ambiguous.
    """
    text = read_text(value)
    if not text or (column.type is not ColumnType.TEXT and text in BLANKS):
        return read_choice(column, text, words) if text and words else None
    if column.type is ColumnType.NUMBER:
        return read_number(value, _unit_of(header, column))
    if column.type is ColumnType.DATE:
        return read_date(value, year)
    if column.type is ColumnType.CHOICE:
        return read_choice(column, text, words)
    if column.type is ColumnType.FLAG:
        return _read_flag(text)
    if isinstance(value, float) and abs(value) >= _MOST_EXACT:
        raise CellError("数字超过 15 位，末几位已经丢失，请把这一列改成文本格式后重新填写")
    if typed and is_scientific(text):
        raise CellError(f"是科学记数法，末几位已经丢失，{REMEDY}")
    return text


def _read_flag(text: str) -> bool:
    word = fold(text)
    if word in _YES_WORDS:
        return True
    if word in _NO_WORDS:
        return False
    raise CellError(f"应为“{YES}”或“{NO}”")


def _unit_of(header: str, column: LedgerColumn) -> str:
    found = _BRACKET_UNIT.search(header)
    unit = found.group(1) if found else ""
    if unit.startswith(_LARGE_UNITS) and not column.title.endswith(f"({unit})"):
        raise CellError(f"表头的单位是“{unit}”，与台账不同，请换算后再导入")
    return unit
