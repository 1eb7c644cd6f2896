"""Reading what people type into cells: tolerant in form, never guessing in substance."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import FIRST_YEAR, LAST_YEAR
from fsdesk.domain.records.records import Status
from fsdesk.domain.text import TOO_LARGE, TOO_MUCH, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

YES = "是"


class Entry(Enum):
    """What may be typed into a column."""

    NOTHING = auto()
    TEXT = auto()
    NUMBER = auto()
    STATUS = auto()
    DATE = auto()
    FLAG = auto()


# What the readers yield for a cell.
Cell = str | int | float | bool | date | datetime | time | timedelta | None


class NumberSince1904(float):
    """A number in a workbook that counts days from 1904, as Excel for the Mac long did."""

    __slots__ = ()


def counted_since_1904(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Return the cells of such a workbook: numbers in them may be its days."""

    # What readers yield for whole numbers is an int or a float, by the form of the file.
    def day(cell: Cell) -> Cell:
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return cell
        return NumberSince1904(cell)

    return [[day(cell) for cell in row] for row in rows]


_HALF_WIDTH = {sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)} | {0x3000: 32, 0xA0: 32}
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_BEGINS_AS_NUMBER = re.compile(r"[+-]?[0-9][0-9,.]*")
_TIMES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NUMBER_EXPECTED = "应为数字，如 1900"
_DATES = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_DAYS_OF_THE_YEAR = (
    re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})"),
    re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]"),
)
_SHORT_YEAR = re.compile(r"'?[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}[日号]?")
# What systems write behind a date: the time of day, which a date cell leaves out as well.
_TIME_OF_DAY = re.compile(
    r"(?:\s*T|\s+)(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?Z?$"
)
# Day 0 of the spreadsheet calendar, after its 29 February 1900 that never was.
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(36526, 73415)  # the years 2000 to 2100
_DAYS_TO_1904 = 1462
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
_YEARS_OF_SMALL_NUMBERS = (1899, 1900, 1904)
# A day that ends in 0 loses its last digit in a number: 3.10 is kept as 3.1.
_LOST_ZEROS = ("1", "2", "3")
_MOST_DIGITS = 2
# “无” is left out on purpose: under “无此项” it could mean either.
_NO = ("", "否")


class CellError(ValueError):
    """A cell holds something that can't be taken; the text says what is expected."""


def read_cell(entry: Entry, value: Cell, measure_unit: str = "", year: int | None = None) -> object:
    """Read a cell as its column asks.

    `measure_unit`: for numbers, the unit that may stand behind them.
    `year`: of the plan; dates without a year lie in it. None: such dates are refused.

    Returns:
        str for text, float or None for numbers, Status or None, date or None, bool for flags.

    Raises:
        CellError: When the value is something else or ambiguous.
    """
    if entry is Entry.NUMBER:
        return read_number(value, measure_unit)
    if entry is Entry.DATE:
        return read_date(value, year)
    text = read_text(value)
    if entry is Entry.STATUS:
        return _read_status(text)
    if entry is Entry.FLAG:
        if text in _NO:
            return False
        if text in (YES, "√", "无此项"):
            return True
        raise CellError(f"应为“{YES}”或留空")
    return text


def read_text(value: Cell) -> str:
    """Read a cell as text; a whole number keeps its digits only."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else tidy(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        whole_day = value.time() == time.min
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else tidy(str(value))


def read_number(value: Cell, measure_unit: str = "") -> float | None:
    """Read a number: full-width digits, thousands separators, 万 and its unit behind are taken.

    In a column of per cents, 30 and “30%” are the same; 0.3 could also be the 30% of a cell that
    is formatted as per cent, and is refused.
    CellError for text, dates, and numbers that could mean two things.
    """
    if value is None:
        return None
    unit = _plain_unit(measure_unit)
    if isinstance(value, str):
        return _number_in(_plain_form(value), unit)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError("应为数字，不能是日期或是非值")
    if not math.isfinite(value):
        raise CellError(_NUMBER_EXPECTED)
    return _judged(float(value), unit)


def _plain_form(typed: str) -> str:
    """Make full-width signs half-width, and leave out the invisible ones that pasting brings.

    Only those: a more general folding would read “5²” as 52.
    """
    text = typed.translate(_HALF_WIDTH)
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


_plain_unit = lru_cache(maxsize=256)(_plain_form)  # a few units come back in every row


def _number_in(text: str, unit: str) -> float | None:
    # White space inside is kept: “12 5” may be two numbers as well as one.
    if not text:
        return None
    bare = text.removesuffix(unit).rstrip()
    times = _TIMES.get(bare[-1:])
    if times and (unit == "%" or unit[:1] in _TIMES):
        raise CellError(f"计量单位是“{unit}”，看不出是多少，请只写数字")
    digits = bare[:-1].rstrip() if times else bare
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    if not _PLAIN.fullmatch(digits):
        raise CellError(_why_no_number(bare, unit))
    number = float(Decimal(digits) * (times or 1))
    return _judged(number, "" if text.endswith("%") else unit)


def _why_no_number(text: str, unit: str) -> str:
    match = _BEGINS_AS_NUMBER.match(text)
    behind = text[match.end() :].strip() if match else ""
    if not behind or not (behind[0].isalpha() or behind[0] == "%"):
        return _NUMBER_EXPECTED
    return f"{_NUMBER_EXPECTED}；" + (
        f"计量单位是“{unit}”，不是“{behind[:8]}”" if unit else "后面不要写文字"
    )


def _judged(number: float, unit: str) -> float:
    if abs(number) >= TOO_MUCH:
        raise CellError(TOO_LARGE)
    if unit == "%" and 0 < abs(number) <= 1:
        raise CellError(
            f"看不出是 {number:g}% 还是 {number * 100:g}%，请写成带百分号的文字，如 30%"
        )
    return number


def read_date(value: Cell, year: int | None = None) -> date | None:
    """Read a date: a date cell, its serial number, or the usual ways of writing one.

    `year`: in which dates without a year lie; None: they are refused.
    CellError for anything else, also for years of two digits.
    """
    if value is None:
        return None
    if isinstance(value, date):
        return _sane(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value, year)
    if isinstance(value, str):
        return _from_text(value, year)
    raise CellError(_DATE_EXPECTED)


_DAYS_AGO = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}


def read_day(text: str, year: int, today: date) -> date | None:
    """Read a day that is typed into a form: as `read_date` does, and words such as 今天.

    `year`: in which days without a year lie.
    """
    ago = _DAYS_AGO.get(_plain_form(text))
    return read_date(text, year) if ago is None else today - timedelta(days=ago)


_DATE_EXPECTED = "应为日期，请写成 2026-03-05 或 2026年3月5日"


def _sane(day: date) -> date:
    if day.year in _YEARS_OF_SMALL_NUMBERS:
        # A cell that shows dates makes one of 3.5; programs don't agree which.
        raise CellError(f"年份 {day.year} 不合理；3月5日请写成“3月5日”，不要写成 3.5 这样的小数")
    if day.year not in _YEARS:
        raise CellError(f"年份 {day.year} 不合理，{_DATE_EXPECTED}")
    return day


def _from_number(value: float, year: int | None) -> date:
    whole = math.floor(value) if math.isfinite(value) else 0
    days = whole + _DAYS_TO_1904 if isinstance(value, NumberSince1904) else whole
    if days in _SERIALS:
        return _SERIAL_START + timedelta(days=days)
    if value == whole:
        found = _day(_DATES[-1], str(whole))
        if found is None:
            raise CellError(_DATE_EXPECTED)
        return found
    month, _, day = str(value).partition(".")
    if day in _LOST_ZEROS and _is_month(month):
        raise CellError(
            f"看不出是 {month}月{day}日 还是 {month}月{day}0日，请写成“{month}月{day}日”这样的文字"
        )
    if not _is_month(month) or len(day) > _MOST_DIGITS:
        raise CellError(_DATE_EXPECTED)
    return _in_year(year, month, day)


def _is_month(digits: str) -> bool:
    return digits.isdecimal() and 1 <= int(digits) <= 12  # noqa: PLR2004 - months


def _from_text(value: str, year: int | None) -> date | None:
    text = _plain_form(value)
    if not text:
        return None
    text = "".join(_TIME_OF_DAY.sub("", text).split())
    for form in _DATES:
        day = _day(form, text)
        if day:
            return day
    for form in _DAYS_OF_THE_YEAR:
        match = form.fullmatch(text)
        if match:
            return _in_year(year, *match.groups())
    if _SHORT_YEAR.fullmatch(text):
        raise CellError(f"年份要写四位数，{_DATE_EXPECTED}")
    raise CellError(_DATE_EXPECTED)


def _day(form: re.Pattern[str], text: str) -> date | None:
    match = form.fullmatch(text)
    return _sane(_existing(*(int(part) for part in match.groups()))) if match else None


def _in_year(year: int | None, month: str, day: str) -> date:
    if year is None:
        raise CellError(f"缺少年份，{_DATE_EXPECTED}")
    return _existing(year, int(month), int(day))


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as problem:
        raise CellError("日期不存在，请核对年月日") from problem


def _read_status(text: str) -> Status | None:
    if not text:
        return None
    try:
        return Status.parse(text)
    except InputRejectedError as problem:
        words = "、".join(status.label for status in Status)
        raise CellError(f"应为：{words}") from problem
