"""How recorded data values become an indicator's figure (terms as DHIS2 uses them)."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind
from fsdesk.domain.records.records import DataValue, Record, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import RecordKey

PER_CENT = 100.0


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """A data value with the period that it belongs to."""

    period: Period
    data: DataValue


# Data values by indicator code and unit code.
ValueTable = dict[str, dict[str, list[PeriodValue]]]


@dataclass(frozen=True, slots=True)
class Figure:
    """What an indicator, or a unit's part of it, has come to.

    Attributes:
        value: In the measure unit (per cent for ratios); None means no data.
        numerator: Sum above the line, for ratios and derived indicators.
        denominator: Sum below the line.
        reported: Whether anything was reported, were it only 无此项.
        as_of: For levels, the latest period that the value rests on, of several units the oldest
            of theirs; None where values add up over periods or nothing counts.
    """

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    reported: bool = False
    as_of: Period | None = None

    def as_of_text(self, period: Period) -> str:
        """Say up to which month a level is known, where that lies before the period shown."""
        if self.as_of is None or self.as_of.last_month >= period.last_month:
            return ""
        return f"（截至{self.as_of.last_month}月）"


def value_table(records: Iterable[Record]) -> ValueTable:
    """Arrange data values by indicator and unit; other and empty records are left out."""
    table: ValueTable = defaultdict(lambda: defaultdict(list))
    for record in records:
        if record.key.kind is RecordKind.VALUE and isinstance(record.content, DataValue):
            if record.empty:
                continue
            value = PeriodValue(Period.parse(record.key.period), record.content)
            table[record.key.item][record.key.unit].append(value)
    return table


def with_records(table: ValueTable, records: Iterable[Record]) -> ValueTable:
    """Return a table in which records stand in place of earlier states; `table` stays as it is."""
    new: ValueTable = {item: dict(by_unit) for item, by_unit in table.items()}
    for record in records:
        if record.key.kind is not RecordKind.VALUE or not isinstance(record.content, DataValue):
            continue
        period = Period.parse(record.key.period)
        by_unit = new.setdefault(record.key.item, {})
        rest = [value for value in by_unit.get(record.key.unit, ()) if value.period != period]
        if not record.empty:
            rest.append(PeriodValue(period, record.content))
        by_unit[record.key.unit] = rest
    return new


def figures_of(table: ValueTable, key: RecordKey) -> Sequence[PeriodValue]:
    """Return a unit's figures of an indicator; none where nothing was recorded."""
    return table.get(key.item, {}).get(key.unit, ())


def counted(values: Sequence[PeriodValue], through: Period) -> list[PeriodValue]:
    """Return the values that count up to a period, in order of time, none twice.

    Where a unit has reported a quarter as well as months of it, the months count.
    """
    inside = [value for value in values if value.period.within(through)]
    months = {value.period for value in inside if value.period.length == 1}
    chosen = [
        value
        for value in inside
        if value.period.length == 1 or not months.intersection(value.period.months)
    ]
    return sorted(chosen, key=lambda value: value.period.order)


def unit_figure(
    indicator: Indicator, values: Sequence[PeriodValue], through: Period, divisor: float | None
) -> Figure:
    """Return one unit's figure for an indicator up to a period.

    `values`: the unit's data values, in any order.
    `through`: last period that counts.
    `divisor`: for derived indicators the denominator, in its own unit; None when unknown.
    """
    chosen = counted(values, through)
    if not chosen:
        return Figure()
    as_of = None
    if indicator.aggregation is Aggregation.LEVEL:
        chosen = chosen[-1:]
        as_of = None if chosen[0].data.not_applicable else chosen[0].period
    live = [value.data for value in chosen if not value.data.not_applicable]
    if indicator.kind is IndicatorKind.RATIO:
        found = _ratio(_sum(v.numerator for v in live), _sum(v.denominator for v in live))
    elif indicator.kind is IndicatorKind.DERIVED:
        found = _derived(_sum(value.value for value in live), divisor)
    else:
        found = Figure(value=_sum(value.value for value in live), reported=True)
    return replace(found, as_of=as_of)


def indicator_figure(
    plan: Plan, indicator: Indicator, table: ValueTable, through: Period
) -> tuple[Figure, Mapping[str, Figure]]:
    """Return an indicator's figure over its reporting units, and each unit's own.

    Ratios add numerators and denominators; counts add values; every unit's data counts once. A
    unit's figure without data is listed with value None: not reported is never zero.
    """
    source = indicator
    if indicator.derivation and indicator.derivation.source:
        source = plan.indicators_by_code[indicator.derivation.source]
    by_unit = table.get(source.code, {})
    divisor = divisor_of(plan, indicator)
    parts: dict[str, Figure] = {}
    for unit in plan.reporters(indicator):
        own = unit_figure(source, by_unit.get(unit, ()), through, None)
        parts[unit] = _as_derived(own, divisor) if indicator.derivation else own
    return _total(indicator, list(parts.values()), divisor), parts


def divisor_of(plan: Plan, indicator: Indicator) -> float | None:
    """Return the denominator of a derived indicator, or None when it is unknown or zero."""
    if indicator.derivation is None:
        return None
    constant = plan.constant(indicator.derivation.constant)
    if constant is None or constant.value <= 0:
        return None
    return constant.value / indicator.derivation.factor


def _total(indicator: Indicator, parts: Sequence[Figure], divisor: float | None) -> Figure:
    if not any(part.reported for part in parts):
        return Figure()
    if indicator.kind is IndicatorKind.RATIO:
        found = _ratio(_sum(p.numerator for p in parts), _sum(p.denominator for p in parts))
    elif indicator.kind is IndicatorKind.DERIVED:
        found = _derived(_sum(part.numerator for part in parts), divisor)
    else:
        found = Figure(value=_sum(part.value for part in parts), reported=True)
    latest = [part.as_of for part in parts if part.as_of is not None]
    return replace(found, as_of=min(latest, key=lambda period: period.order, default=None))


def _as_derived(own: Figure, divisor: float | None) -> Figure:
    if not own.reported:
        return own
    count = own.numerator if own.numerator is not None else own.value
    return replace(_derived(count, divisor), as_of=own.as_of)


def _ratio(numerator: float | None, denominator: float | None) -> Figure:
    # A zero or missing denominator is no data: neither 0 % nor 100 %.
    value = None
    if numerator is not None and denominator:
        value = numerator / denominator * PER_CENT
    return Figure(value, numerator, denominator, reported=True)


def _derived(count: float | None, divisor: float | None) -> Figure:
    value = count / divisor if count is not None and divisor else None
    return Figure(value, count, divisor, reported=True)


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    # fsum rounds once, so the order of units and periods can't show in the result.
    return math.fsum(known) if known else None
