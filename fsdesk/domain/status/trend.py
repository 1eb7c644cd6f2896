"""The year's trend (走势) of a figure, month by month, and where it is heading."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import MONTHS, months_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, number_text
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.status.lights import pace_of
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import numbers_in_order, paced, share_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.year import Year

# Fewer months with data than this say nothing about the rest of the year.
LEAST_MONTHS = 3
# Counts with such a target are told without decimals.
_LARGE = 20
# Standard normal quantile for a range that holds eight times in ten.
_EIGHT_IN_TEN = 1.2816
_NOTHING: Mapping[int, float | None] = MappingProxyType({})


class Forecast(Struct, frozen=True):
    """Where a figure is heading by the end of the year, in its own unit.

    Attributes:
        expected: If the months to come are as the months so far were on average.
        low: Lower end of the range that holds eight times in ten.
    """

    expected: float
    low: float
    high: float


class Trend(Struct, frozen=True):
    """A figure through the months of a year.

    Attributes:
        code: Code of the indicator; empty for the year's overall progress.
        target: At the end of the year.
        period: The last that counts.
        values: At the end of each month up to the period; None before anything was reported.
        pace: What should be reached at the end of each of the twelve months.
        forecast: None when there is too little to go by, or nothing left to come.
        rules: By which the overall progress is judged; None for an indicator, whose light comes
            from its attainment.
    """

    code: str
    name: str
    measure_unit: str
    target: float
    period: Period
    values: tuple[float | None, ...]
    pace: tuple[float, ...]
    forecast: Forecast | None
    rules: Rules | None = None

    def month_texts(self, month: int) -> tuple[str, str]:
        """Write value and pace of a month, 1 to 12; the value is empty where there is none."""
        due = self.pace[month - 1]
        value = self.values[month - 1] if month <= len(self.values) else None
        if self.rules is not None:
            reached = None if value is None else value / PER_CENT
            shown = paced(reached, due / PER_CENT, self.rules)
            return "" if value is None else shown.reached, shown.pace
        digits = 0 if self.target >= _LARGE and self.measure_unit != "%" else 2
        here, there = numbers_in_order(due if value is None else value, due, digits)
        unit = self.measure_unit
        return "" if value is None else f"{here}{unit}", f"{there}{unit}"

    def estimate_text(self, value: float) -> str:
        """Write an end of the forecast, coarsely: shares with one decimal, large counts whole."""
        if self.measure_unit == "%":
            return share_text(value / PER_CENT)
        return f"{number_text(value, 0 if self.target >= _LARGE else 2)}{self.measure_unit}"


def indicator_trend(
    year: Year,
    indicator: Indicator,
    period: Period,
    published: Mapping[int, float | None] = _NOTHING,
) -> Trend:
    """Return the trend of an indicator over all its units, or a unit's own part, up to a period.

    Each month's target and pace are those of the plan of the month.

    `published`: what was published of a month, by its number; it stands for that month.
    """
    months = months_of(period.year)
    plans = [year.plan.at(month).indicators_by_code.get(indicator.code) for month in months]
    told = [
        year.value_and_target(known, month) if known else (None, None)
        for known, month in zip(plans, months[: period.last_month], strict=False)
    ]
    values = tuple(
        published.get(month.last_month, value)
        for (value, _), month in zip(told, months, strict=False)
    )
    # A unit's months are held against its share as it is now.
    own = told[-1][1] if year.unit else None
    grows = indicator.aggregation is Aggregation.CUMULATIVE
    is_ratio = indicator.kind is IndicatorKind.RATIO
    return Trend(
        code=indicator.code,
        name=indicator.name,
        measure_unit=indicator.measure_unit,
        target=indicator.target if own is None else own,
        period=period,
        values=values,
        pace=tuple(
            (known.target if own is None else own) * pace_of(known, month.last_month)
            if known
            else 0.0
            for known, month in zip(plans, months, strict=True)
        ),
        forecast=forecast(
            values,
            year.months_with_data(indicator, period),
            from_zero=grows and not is_ratio,
            ceiling=PER_CENT if is_ratio and indicator.bounded else math.inf,
        ),
    )


def progress_trend(
    year: Year, period: Period, published: Mapping[int, float | None] = _NOTHING
) -> Trend:
    """Return the trend of the overall progress in per cent up to a period.

    `published`: the progress that was published of a month, by its number.
    """
    reached = [
        published[month.last_month] if month.last_month in published else year.progress(month)
        for month in months_of(period.year)[: period.last_month]
    ]
    values = tuple(None if share is None else share * PER_CENT for share in reached)
    known = frozenset(n for n, share in enumerate(reached, start=1) if share is not None)
    return Trend(
        code="",
        name=(Measure.UNIT_PROGRESS if year.unit else Measure.OVERALL).label,
        measure_unit="%",
        target=PER_CENT,
        period=period,
        values=values,
        pace=tuple(pace * PER_CENT for pace in year.paces()),
        forecast=forecast(values, known, from_zero=True, ceiling=PER_CENT),
        rules=year.rules,
    )


def forecast(
    values: Sequence[float | None],
    known: Collection[int],
    *,
    from_zero: bool,
    ceiling: float = math.inf,
) -> Forecast | None:
    """Say where a figure is heading by the end of the year.

    The mean monthly change so far goes on for the months left. What counts up from nothing has
    had all months from January for it, also those of which nothing is known. The range comes from
    how much the changes differ from month to month, in the months to come as well as in the mean.

    `values`: at the end of each month so far; None before anything was reported.
    `known`: the months in which something was reported, 1 to 12; below three there is no opinion.
    `from_zero`: whether the figure counts up from nothing and never falls.
    """
    last = max(known, default=0)
    if len(known) < LEAST_MONTHS or not 0 < last <= len(values) or values[last - 1] is None:
        return None
    if from_zero:
        held = [0.0, *(value or 0.0 for value in values[:last])]
    else:
        held = [value for value in values[:last] if value is not None]
    changes = [after - before for before, after in pairwise(held)]
    left = MONTHS - last
    if len(changes) < LEAST_MONTHS or len(values) >= MONTHS:
        return None
    spread = statistics.stdev(changes) * math.sqrt(left + left**2 / len(changes))
    expected = held[-1] + statistics.fmean(changes) * left
    floor = held[-1] if from_zero else 0.0
    ends = (expected, expected - _EIGHT_IN_TEN * spread, expected + _EIGHT_IN_TEN * spread)
    kept = [min(max(end, floor), max(ceiling, held[-1])) for end in ends]
    return Forecast(kept[0], kept[1], kept[2])
