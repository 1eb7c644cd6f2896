"""Reporting periods (报告期): a month ``2026-03`` or a quarter ``2026-Q1``."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

from fsdesk.domain.findings import reject

MONTHS = 12
QUARTER_MONTHS = 3
# The years that a plan may be for, and dates may lie in.
FIRST_YEAR, LAST_YEAR = 2000, 2100
_FORM = re.compile(r"(?P<year>\d{4})-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4]))")


class Period(Struct, frozen=True):
    """A month or a quarter of one year.

    Attributes:
        last_month: Month in which the period ends, 1 to 12.
        length: Number of months, 1 or 3.
    """

    year: int
    last_month: int
    length: int = 1

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Make a month."""
        return _made(year, month, 1)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """Make a quarter, numbered from 1."""
        return _made(year, quarter * QUARTER_MONTHS, QUARTER_MONTHS)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2026-03`` or ``2026-Q1``; InputRejectedError when the text is neither."""
        found = _parse(text)
        if found is None:
            raise reject(
                f"报告期“{text}”无法识别",
                "月度请写成 2026-03，季度请写成 2026-Q1",
            )
        return found

    def __str__(self) -> str:
        """Return the ISO-like form that files and commands use."""
        if self.length == QUARTER_MONTHS:
            return f"{self.year}-Q{self.last_month // QUARTER_MONTHS}"
        return f"{self.year}-{self.last_month:02d}"

    @property
    def label(self) -> str:
        """The words on screen, e.g. 2026年3月."""
        if self.length == QUARTER_MONTHS:
            return f"{self.year}年第{self.last_month // QUARTER_MONTHS}季度"
        return f"{self.year}年{self.last_month}月"

    @property
    def name(self) -> str:
        """The words on screen where the year is plain, e.g. 3月 or 第一季度."""
        if self.length == QUARTER_MONTHS:
            return f"第{'一二三四'[self.last_month // QUARTER_MONTHS - 1]}季度"
        return f"{self.last_month}月"

    @property
    def months(self) -> tuple[Period, ...]:
        """The months in the period, in order."""
        first = self.last_month - self.length + 1
        return tuple(Period.month(self.year, m) for m in range(first, self.last_month + 1))

    @property
    def first_day(self) -> date:
        """First day of the period."""
        return date(self.year, self.last_month - self.length + 1, 1)

    @property
    def last_day(self) -> date:
        """Last day of the period."""
        following, month = divmod(self.last_month, MONTHS)
        return date(self.year + following, month + 1, 1) - timedelta(days=1)

    @property
    def elapsed(self) -> float:
        """Share of the year gone at the end of the period, 0 to 1, counted in months."""
        return self.last_month / MONTHS

    @property
    def order(self) -> tuple[int, int, int]:
        """Sort key: by the end, a quarter after its last month."""
        return (self.year, self.last_month, self.length)

    def within(self, through: Period) -> bool:
        """Tell whether the period lies in the same year and ends no later than another ends."""
        return self.year == through.year and self.last_month <= through.last_month

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two share a month."""
        if self.year != other.year:
            return False
        apart = abs(self.last_month - other.last_month)
        later = self if self.last_month >= other.last_month else other
        return apart < later.length

    def ended(self, today: date) -> bool:
        """Tell whether the period is over on a day."""
        return self.last_day < today

    def previous(self) -> Period | None:
        """Return the period of the same length before this one in the same year, if any."""
        before = self.last_month - self.length
        return Period(self.year, before, self.length) if before > 0 else None

    def due(self, days: int) -> date:
        """Return the last day on which a report is on time: N days after the period's end."""
        return self.last_day + timedelta(days=days)


@lru_cache(maxsize=1024)  # the same few, and one that is the same object is found faster
def _made(year: int, last_month: int, length: int) -> Period:
    return Period(year, last_month, length)


@lru_cache(maxsize=256)  # a few periods are read again and again
def _parse(text: str) -> Period | None:
    match = _FORM.fullmatch(text.strip().upper())
    if match is None:
        return None
    year = int(match["year"])
    if match["quarter"]:
        return Period.quarter(year, int(match["quarter"]))
    month = int(match["month"])
    return Period.month(year, month) if 1 <= month <= MONTHS else None


@lru_cache(maxsize=16)
def months_of(year: int) -> tuple[Period, ...]:
    """Return the twelve months of a year."""
    return tuple(Period.month(year, month) for month in range(1, MONTHS + 1))


def last_ended(year: int, today: date) -> int:
    """Return how many months of a year have ended on a day, 0 to 12."""
    if today.year != year:
        return MONTHS if today.year > year else 0
    return today.month - 1


def default_period(year: int, today: date) -> Period:
    """Return the month that the office looks at: the last that has ended, January before that."""
    return Period.month(year, max(last_ended(year, today), 1))


def running_month(year: int, today: date) -> Period:
    """Return the month in which a day lies, or the nearest one inside the year."""
    return Period.month(year, min(last_ended(year, today) + 1, MONTHS))


def date_text(day: date) -> str:
    """Write a date as documents do: 2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
