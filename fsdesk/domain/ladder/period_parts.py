"""What each unit contributes to an indicator in one period alone, as it climbs to the next level.

A level above takes figures period by period and adds them up itself, so what climbs must be the
period's own: of what adds up over periods nothing else, of a level the latest state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.periods import Period  # noqa: TC001 - field types are read at run time
from fsdesk.domain.plan.indicators import Aggregation
from fsdesk.domain.records.figures import Mark, Marks, Series
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.reports import covering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.status.year import Year

# Typed are at most four decimals; what lies behind is left over from adding and taking away.
_DIGITS = 6


class PeriodPart(Struct, frozen=True):
    """A unit's part of an indicator in one period.

    It is kept with published figures and read by every later program: a field that is added has a
    default.

    Attributes:
        reported: Whether the unit reported it for this very period. What was not is never zero; of
            a level the last state that it reported goes on, and `as_of` says of when it is.
        expected: Whether it answers for the indicator at the period's end.
        from_ledger: Whether a ledger gives it in place of what was typed.
        marks: What must be said of the data in it.
        lacking: Of how many months of the period in which it answered nothing is in it, although
            it reported others; of a level, how many months lie after its last state.
    """

    indicator: str
    unit: str
    reported: bool
    expected: bool = True
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    as_of: Period | None = None
    from_ledger: bool = False
    marks: tuple[Mark, ...] = ()
    lacking: int = 0

    @property
    def counts(self) -> bool:
        """Whether any number of it enters the sum."""
        return (self.value, self.numerator, self.denominator) != (None, None, None)


class PeriodFigure(Struct, frozen=True):
    """An indicator in one period alone, over all units of a level.

    Attributes:
        data: As it would be typed; empty where no unit reported anything for the period.
        known: How many of the units that answer reported it for this period; `expected`: of how
            many.
        missing: Codes of those that did not.
        earlier: Of them, how many have a state of before in a level's figure.
        marks: What must be said of the data in it.
        partial: Of those that reported, how many did so for a part of the period's months.
    """

    data: DataValue
    known: int
    expected: int
    missing: tuple[str, ...] = ()
    earlier: int = 0
    marks: Marks = frozenset()
    partial: int = 0


def period_parts(
    year: Year, indicator: Indicator, period: Period, before: Period | None
) -> tuple[PeriodPart, ...]:
    """Return what each unit contributes to an indicator in a period, those that left last.

    `before`: the month that ends before the period begins; None for the first of a year. Both must
    be judged by the year already, so that it knows their ledgers.
    """
    plan = year.plan.at(period)
    now = year.contributions(indicator, period)
    then: Mapping[str, Series] = {}
    if before is not None:
        then = year.contributions(indicator, before)
    source = indicator.derivation.source if indicator.derivation else ""
    item = source if source in plan.indicators_by_code else indicator.code
    here = year.holders(item).at(period)
    is_level = indicator.aggregation is Aggregation.LEVEL

    def part(unit: str) -> PeriodPart:
        series, ledger = now[unit], year.from_ledger(item, unit, period)
        own = _since(series, before)
        if ledger:
            came = covering(year.known.reports, unit, period)
            earlier = then.get(unit, Series())
            found = _part(indicator.code, unit, series)
            found = found if is_level else _without(found, _part(indicator.code, unit, earlier))
            reported = _another(found, is_level, earlier) or (came is not None and came.received)
            found = replace(found, reported=reported, from_ledger=True)
        else:
            found = _part(indicator.code, unit, series if is_level else own)
            found = replace(found, reported=bool(own.periods))
            if found.reported:
                owed = [m for m in period.months if year.holders(item).answers(unit, m)]
                found = replace(found, lacking=_lacking(own, owed, is_level=is_level))
        as_of = series.periods[-1] if is_level and series.periods else None
        if not found.reported and not is_level:
            found = _emptied(found)
        return replace(found, expected=unit in here, as_of=as_of)

    return tuple(part(unit) for unit in now)


def _since(series: Series, before: Period | None) -> Series:
    start = before.last_month if before is not None else 0
    return series.only(lambda each: each.last_month > start)


def _lacking(own: Series, owed: Sequence[Period], *, is_level: bool) -> int:
    last = max(each.last_month for each in own.periods)
    covered = {month for each in own.periods for month in each.months}
    return sum(each.last_month > last if is_level else each not in covered for each in owed)


def _part(indicator: str, unit: str, series: Series) -> PeriodPart:
    return PeriodPart(
        indicator,
        unit,
        reported=bool(series.periods),
        value=_sum(series.values),
        numerator=_sum(series.numerators),
        denominator=_sum(series.denominators),
        marks=tuple(mark for mark in Mark if any(mark in each for each in series.marks)),
    )


def _sum(column: Sequence[float | None]) -> float | None:
    known = [each for each in column if each is not None]
    return round(sum(known), _DIGITS) if known else None


def _without(now: PeriodPart, then: PeriodPart) -> PeriodPart:
    """Take away what a ledger came to before the period from what it comes to at its end."""

    def rest(total: float | None, earlier: float | None) -> float | None:
        return None if total is None else round(total - (earlier or 0.0), _DIGITS)

    return replace(
        now,
        value=rest(now.value, then.value),
        numerator=rest(now.numerator, then.numerator),
        denominator=rest(now.denominator, then.denominator),
    )


def _another(found: PeriodPart, is_level: bool, earlier: Series) -> bool:  # noqa: FBT001 - what it is told of
    """Tell whether a ledger says anything new in a period."""
    sides = (found.value, found.numerator, found.denominator)
    if is_level:
        return sides != (
            _sum(earlier.values),
            _sum(earlier.numerators),
            _sum(earlier.denominators),
        )
    return any(sides)


def _emptied(part: PeriodPart) -> PeriodPart:
    return replace(part, value=None, numerator=None, denominator=None, marks=())


def period_figure(parts: Iterable[PeriodPart], *, is_ratio: bool) -> PeriodFigure:
    """Add up what units contribute to one indicator.

    Where none reported it for the period, nothing is known: a figure of before is not said again.
    Where all that reported said 无此项, so does the sum.
    """
    parts = tuple(parts)
    expected = [each for each in parts if each.expected]
    known = [each for each in expected if each.reported]
    missing = tuple(each.unit for each in expected if not each.reported)
    counting = [each for each in parts if each.counts]
    marks = frozenset(mark for each in counting for mark in each.marks)
    if not any(each.reported for each in parts):
        return PeriodFigure(DataValue(), 0, len(expected), missing)
    earlier = sum(not each.reported and each.counts for each in expected)
    if not counting:
        data = DataValue(not_applicable=True)
    elif is_ratio:
        above = _sum([each.numerator for each in counting])
        data = DataValue(None, above, _sum([each.denominator for each in counting]))
    else:
        data = DataValue(_sum([each.value for each in counting]))
    partial = sum(each.lacking > 0 for each in known)
    return PeriodFigure(data, len(known), len(expected), missing, earlier, marks, partial)


def by_indicator(parts: Iterable[PeriodPart]) -> Mapping[str, tuple[PeriodPart, ...]]:
    """Return the parts by the code of the indicator, in their order."""
    found: dict[str, list[PeriodPart]] = {}
    for part in parts:
        found.setdefault(part.indicator, []).append(part)
    return {code: tuple(each) for code, each in found.items()}
