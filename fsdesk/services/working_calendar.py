"""The working days of the People's Republic, as the State Council announces them each year.

The only place that knows the library `chinesecalendar`, whose tables come with the program and are
read without a network. A year that they don't know yet is taken as Monday to Friday, and people
are told so.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.agenda.agenda import due_day
from fsdesk.domain.agenda.working_days import add_working_days, is_weekday, next_working_day
from fsdesk.domain.findings import reject
from fsdesk.domain.periods import date_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from fsdesk.domain.periods import Period
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.reports import CameReport


class _Announced(Struct, frozen=True):
    """What was announced: holidays and weekends worked, by day, and the holidays' names."""

    rests: Mapping[date, str]
    works: Mapping[date, str]
    names: Mapping[str, str]
    years: frozenset[int]


@lru_cache(maxsize=1)
def _announced() -> _Announced:
    # The library brings no types: what is taken from it is named once, here.
    from chinese_calendar import constants  # pyright: ignore[reportMissingTypeStubs]

    library: Any = constants
    rests: dict[date, str] = library.holidays
    names = {str(holiday.value): str(holiday.chinese) for holiday in library.Holiday}
    years = frozenset(day.year for day in rests)
    return _Announced(rests, library.workdays, names, years)


def is_working_day(day: date) -> bool:
    """Tell whether a day is worked, weekends worked in lieu of a holiday included."""
    known = _announced()
    return day in known.works or (is_weekday(day) and day not in known.rests)


def day_name(day: date) -> str:
    """Return what makes a day unlike its weekday: 春节, 国庆节, or 调休上班; empty for others."""
    known = _announced()
    if day in known.works:
        return "调休上班"
    return known.names.get(known.rests[day], "") if day in known.rests else ""


def require_working_day(day: date, what: str) -> None:
    """Refuse a day that is not worked, and name the next one that is.

    `what`: what falls on it, such as 回复期限.

    Raises:
        InputRejectedError: When it is a holiday or a weekend.
    """
    if is_working_day(day):
        return
    following = next_working_day(day, is_working_day)
    rest = day_name(day) or f"星期{_WEEKDAYS[day.weekday()]}"
    raise reject(
        f"{what}{date_text(day)}是{rest}，不是工作日",
        f"请改为工作日，其后最近的是{date_text(following)}",
    )


_WEEKDAYS = "一二三四五六日"


def report_due(period: Period, rules: Rules) -> date:
    """Return the last day on which a period's report is on time (按时截止日)."""
    return due_day(period, rules.due_days, rules, is_working_day)[0]


def mend_day(returned_at: str, rules: Rules) -> date:
    """Return by when a report that was returned is to come again (重新报送截止日).

    `returned_at`: when it was, ISO text in UTC; that day, by this PC's calendar, doesn't count.
    """
    day = datetime.fromisoformat(returned_at).astimezone().date()
    return add_working_days(day, rules.mend_days, is_working_day)


def report_day(period: Period, came: CameReport | None, rules: Rules) -> date:
    """Return the last day for a period's report: where it was returned, for that to come again.

    `came`: what has come of it, as `reports.covering` finds it.
    """
    due = report_due(period, rules)
    return due if came is None or came.mend_by is None else max(due, came.mend_by)


def lock_day(period: Period, rules: Rules) -> date:
    """Return the day until which the agenda asks for a period's report (锁定日)."""
    return due_day(period, rules.lock_days, rules, is_working_day)[0]


def known_years() -> frozenset[int]:
    """Return the years whose holidays the program knows."""
    return _announced().years


def notice(days: Iterable[date]) -> str:
    """Return what people must be told of days whose year's holidays are not known; or nothing."""
    unknown = sorted({day.year for day in days} - known_years())
    if not unknown:
        return ""
    years = "、".join(str(year) for year in unknown)
    return (
        f"程序还没有 {years} 年的放假安排，该年的工作日暂按周一至周五推算，"
        "请以国务院办公厅的通知为准，必要时调整日期。"
    )
