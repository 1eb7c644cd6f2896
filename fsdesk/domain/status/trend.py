"""The year's trend (走势) of a figure, month by month, and where it is heading."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from fsdesk.domain.periods import MONTHS, months_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.records.figures import PER_CENT, indicator_figure
from fsdesk.domain.status.lights import pace_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.figures import ValueTable
    from fsdesk.domain.status.results import YearStatus

# Fewer monthly changes than this say nothing about the rest of the year.
LEAST_CHANGES = 3
# Standard normal quantile for a range that holds eight times in ten.
_EIGHT_IN_TEN = 1.2816


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a figure is heading by the end of the year, in its own unit.

    Attributes:
        expected: If the months to come are as the months so far were on average.
        low: Lower end of the range that holds eight times in ten.
    """

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A figure through the months of a year.

    Attributes:
        code: Code of the indicator; empty for the year's overall progress.
        target: At the end of the year.
        period: The last that counts.
        values: At the end of each month up to the period; None before anything was reported.
        pace: What should be reached at the end of each of the twelve months.
        forecast: None when there is too little to go by, or nothing left to come.
    """

    code: str
    name: str
    measure_unit: str
    target: float
    period: Period
    values: tuple[float | None, ...]
    pace: tuple[float, ...]
    forecast: Forecast | None


def indicator_trend(
    plan: Plan,
    indicator: Indicator,
    table: ValueTable,
    period: Period,
    published: Mapping[int, float | None] = MappingProxyType({}),
) -> Trend:
    """Return the trend of an indicator over all its units up to a period.

    `published`: what was published for a month, by its number; it stands for that month.
    """
    months = months_of(period.year)
    values = tuple(
        published[month.last_month]
        if month.last_month in published
        else indicator_figure(plan, indicator, table, month)[0].value
        for month in months[: period.last_month]
    )
    grows = indicator.aggregation is Aggregation.CUMULATIVE
    is_ratio = indicator.kind is IndicatorKind.RATIO
    return Trend(
        code=indicator.code,
        name=indicator.name,
        measure_unit=indicator.measure_unit,
        target=indicator.target,
        period=period,
        values=values,
        pace=tuple(indicator.target * pace_of(indicator, month) for month in months),
        forecast=forecast(
            values,
            from_zero=grows and not is_ratio,
            ceiling=PER_CENT if is_ratio and indicator.bounded else math.inf,
        ),
    )


def progress_trend(year: Sequence[YearStatus], period: Period) -> Trend:
    """Return the trend of the overall progress in per cent.

    `year`: the year judged at the end of each of its twelve months.
    `period`: the last that counts.
    """
    reached = [status.progress for status in year[: period.last_month]]
    values = tuple(None if share is None else share * PER_CENT for share in reached)
    return Trend(
        code="",
        name="总进度",
        measure_unit="%",
        target=PER_CENT,
        period=period,
        values=values,
        pace=tuple(status.pace * PER_CENT for status in year),
        forecast=forecast(values, from_zero=True, ceiling=PER_CENT),
    )


def forecast(
    values: Sequence[float | None], *, from_zero: bool, ceiling: float = math.inf
) -> Forecast | None:
    """Say where a figure is heading by the end of the year.

    The mean monthly change so far goes on for the months left. The range comes from how much the
    changes differ from month to month, in the months to come as well as in the mean itself.

    `values`: at the end of each month so far; None before anything was reported.
    `from_zero`: whether the figure counts up from nothing and never falls.
    """
    known = [value for value in values if value is not None]
    changes = [after - before for before, after in pairwise([0.0, *known] if from_zero else known)]
    left = MONTHS - len(values)
    if len(changes) < LEAST_CHANGES or left <= 0 or values[-1] is None:
        return None
    last = known[-1]
    spread = statistics.stdev(changes) * math.sqrt(left + left**2 / len(changes))
    expected = last + statistics.fmean(changes) * left
    floor = last if from_zero else 0.0
    ends = (expected, expected - _EIGHT_IN_TEN * spread, expected + _EIGHT_IN_TEN * spread)
    held = [min(max(end, floor), max(ceiling, last)) for end in ends]
    return Forecast(held[0], held[1], held[2])
