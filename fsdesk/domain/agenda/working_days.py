"""Working days: what a deadline that is counted in working days (工作日) falls on.

Which days are worked is asked of a function, since holidays and the weekends worked in lieu of
them are announced from year to year.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_weekday(day: date) -> bool:
    """Tell whether a day is a Monday to Friday: the rule where no holidays are known."""
    return day.weekday() < _SATURDAY


def add_working_days(start: date, days: int, is_working: Callable[[date], bool]) -> date:
    """Return the working day that many working days from a day, which itself doesn't count.

    `start`: the day from which is counted, such as the day on which a letter was issued.
    `days`: how many working days later; negative for earlier, 0 for the day itself.
    """
    step = _DAY if days > 0 else -_DAY
    day = start
    left = abs(days)
    while left:
        day += step
        left -= is_working(day)
    return day


def next_working_day(day: date, is_working: Callable[[date], bool]) -> date:
    """Return the day itself when it is worked, else the first that is worked after it (顺延)."""
    while not is_working(day):
        day += _DAY
    return day
