"""Reading what people type into cells: tolerant in form, never guessing in substance."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records import Status
from fsdesk.domain.text import tidy
from fsdesk.packets.layout import YES, Entry

# What the readers yield for a cell.
Cell = str | int | float | bool | date | datetime | timedelta | None

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATES = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
# What programs put behind a date that was pasted as text.
_MIDNIGHT = re.compile(r"\s+0?0:00(:00)?$")
# Day 0 of the spreadsheet calendar, after its 29 February 1900 that never was.
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(36526, 73415)  # the years 2000 to 2100
_YEARS = range(2000, 2101)
# “无” is left out on purpose: under “无此项” it could mean either.
_NO = ("", "否")


class CellError(ValueError):
    """A cell holds something that can't be taken; the text says what is expected."""


def read_cell(entry: Entry, value: Cell, measure_unit: str = "") -> object:
    """Read a cell as its column asks.

    Args:
        entry: What the column holds.
        value: What stands in the cell.
        measure_unit: For numbers, the unit that may stand behind them.

    Returns:
        str for text, float or None for numbers, Status or None, date or None, bool for flags.

    Raises:
        CellError: When the value is something else or ambiguous.
    """
    if entry is Entry.NUMBER:
        return read_number(value, measure_unit)
    if entry is Entry.DATE:
        return read_date(value)
    text = read_text(value)
    if entry is Entry.STATUS:
        return _read_status(text)
    if entry is Entry.FLAG:
        return _read_flag(text)
    return text


def read_text(value: Cell) -> str:
    """Read a cell as text; a whole number keeps its digits only."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        whole_day = value.time() == time.min
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    return tidy(value.isoformat() if isinstance(value, date) else str(value))


def read_number(value: Cell, measure_unit: str = "") -> float | None:
    """Read a number: full-width digits, thousands separators and its unit behind are taken.

    Raises:
        CellError: For text, dates, and numbers that could mean two things.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _number_in(value, measure_unit)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError("应为数字，不能是日期或是非值")
    if not math.isfinite(value):
        raise CellError("应为数字")
    return float(value)


def _number_in(typed: str, measure_unit: str) -> float | None:
    # White space inside is kept: “12 5” may be two numbers as well as one.
    text = unicodedata.normalize("NFKC", typed).strip()
    unit = unicodedata.normalize("NFKC", measure_unit).strip()
    if not text:
        return None
    if unit and unit != "%":
        text = text.removesuffix(unit).rstrip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN.fullmatch(text):
        raise CellError("应为数字，如 1900")
    return float(text)


def read_date(value: Cell) -> date | None:
    """Read a date: a date cell, its serial number, or the usual ways of writing one.

    Raises:
        CellError: For anything else, also for years of two digits.
    """
    if value is None:
        return None
    if isinstance(value, date):
        return _sane(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str):
        return _from_text(value)
    raise CellError(_DATE_EXPECTED)


_DATE_EXPECTED = "应为日期，请写成 2026-03-05 或 2026年3月5日"


def _sane(day: date) -> date:
    if day.year not in _YEARS:
        raise CellError(f"年份 {day.year} 不合理，{_DATE_EXPECTED}")
    return day


def _from_number(value: float) -> date:
    whole = math.floor(value) if math.isfinite(value) else 0
    if whole in _SERIALS:
        return _SERIAL_START + timedelta(days=whole)
    if value == whole:
        found = _from_text(str(whole))
        if found is not None:
            return found
    raise CellError(_DATE_EXPECTED)


def _from_text(value: str) -> date | None:
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return None
    text = "".join(_MIDNIGHT.sub("", text).split())
    for form in _DATES:
        match = form.fullmatch(text)
        if match:
            try:
                day = date(*(int(part) for part in match.groups()))
            except ValueError as problem:
                raise CellError("日期不存在，请核对年月日") from problem
            return _sane(day)
    raise CellError(_DATE_EXPECTED)


def _read_status(text: str) -> Status | None:
    if not text:
        return None
    try:
        return Status.parse(text)
    except InputRejectedError as problem:
        words = "、".join(status.label for status in Status)
        raise CellError(f"应为：{words}") from problem


def _read_flag(text: str) -> bool:
    if text in _NO:
        return False
    if text in (YES, "√", "无此项"):
        return True
    raise CellError(f"应为“{YES}”或留空")
