"""What is typed above a column to filter it, read as conditions."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.ledger import ColumnType

if TYPE_CHECKING:
    from fsdesk.domain.ledger.ledger import LedgerColumn

EMPTY, FILLED = "空", "非空"
_NUMBER = r"-?\d+(?:\.\d+)?"
_NUMBER_SPAN = re.compile(rf"({_NUMBER})(?:\s*[~～至]\s*|\s*\.\.\s*)({_NUMBER})")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_SPAN = re.compile(r"\s*(?:[~～至]|\.\.)\s*")
_SIGNS = {"≥": ">=", "≤": "<=", "＞": ">", "＜": "<", "＝": "="}
_COMPARED = re.compile(r"(>=|<=|=)\s*(.+)")
_YEAR_END = 12


def conditions_of(column: LedgerColumn, text: str) -> tuple[Condition, ...] | None:
    """Read what is typed above a column.

    Texts and choices hold the typed text; ``=甲`` asks for exactly that, ``空`` and ``非空`` for
    cells that are empty or not. Numbers: ``5``, ``>=5``, ``<=9``, ``5~9``. Dates: a year, a month
    or a day, a span ``2026-03~2026-05``, ``>=2026-03``.

    Returns:
        Conditions that must all hold, none for an empty text; None when it can't be read.
    """
    typed = text.strip()
    for sign, plain in _SIGNS.items():
        typed = typed.replace(sign, plain)
    if not typed:
        return ()
    if typed in (EMPTY, FILLED):
        return (Condition(column.title, CellCheck.EMPTY if typed == EMPTY else CellCheck.FILLED),)
    if column.type is ColumnType.NUMBER:
        return _of_number(column.title, typed)
    if column.type is ColumnType.DATE:
        return _of_date(column.title, typed)
    if typed.startswith("=") and typed[1:].strip():
        return (Condition(column.title, CellCheck.IS, (typed[1:].strip(),)),)
    return (Condition(column.title, CellCheck.CONTAINS, (typed,)),)


def _of_number(title: str, typed: str) -> tuple[Condition, ...] | None:
    span = _NUMBER_SPAN.fullmatch(typed)
    if span:
        low, high = sorted((float(span[1]), float(span[2])))
        return (
            Condition(title, CellCheck.AT_LEAST, (low,)),
            Condition(title, CellCheck.AT_MOST, (high,)),
        )
    compared = _COMPARED.fullmatch(typed)
    sign, number = (compared[1], compared[2]) if compared else ("=", typed)
    if not re.fullmatch(_NUMBER, number.strip()):
        return None
    check = {">=": CellCheck.AT_LEAST, "<=": CellCheck.AT_MOST, "=": CellCheck.IS}[sign]
    return (Condition(title, check, (float(number),)),)


def _of_date(title: str, typed: str) -> tuple[Condition, ...] | None:
    compared = _COMPARED.fullmatch(typed)
    parts = _SPAN.split(compared[2] if compared else typed)
    spans = [_days(part.strip()) for part in parts]
    if len(spans) > 2 or None in spans:  # noqa: PLR2004 - from and to
        return None
    found = [span for span in spans if span is not None]
    low = Condition(title, CellCheck.AT_LEAST, (found[0][0].isoformat(),))
    high = Condition(title, CellCheck.AT_MOST, (found[-1][1].isoformat(),))
    sign = compared[1] if compared else "="
    return {">=": (low,), "<=": (high,), "=": (low, high)}[sign]


def _days(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a year, a month or a day."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        last_month = month or _YEAR_END
        last = day or calendar.monthrange(year, last_month)[1]
        return date(year, month or 1, day or 1), date(year, last_month, last)
    except (ValueError, calendar.IllegalMonthError):
        return None
