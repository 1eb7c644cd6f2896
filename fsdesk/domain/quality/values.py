"""Rules of data quality over what units typed: pure functions over plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, number_text
from fsdesk.domain.quality.doubts import DataDoubt, DoubtPlace, outlier
from fsdesk.domain.quality.rules import MILESTONE_KINDS, QualityKind
from fsdesk.domain.records.figures import comparable, counted, unit_figure
from fsdesk.domain.records.records import Milestone, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.quality.rules import QualityRule
    from fsdesk.domain.records.figures import PeriodValue, ValueTable

# From this many earlier periods on, a figure as large as their sum looks like a running total.
_ENOUGH_FOR_TOTAL = 2
# Sums smaller than this are met by chance: one site in May and one in June.
_LEAST_TOTAL = 10.0


class Typed(Struct, frozen=True):
    """What the units typed, up to a period.

    Attributes:
        table: Figures by indicator and unit.
        records: All records; the milestones among them are examined.
        period: Up to which period.
        today: For days in the future.
    """

    plan: Plan
    table: ValueTable
    records: Sequence[Record]
    period: Period
    today: date


def examine_values(rule: QualityRule, typed: Typed) -> Iterator[DataDoubt]:
    """Yield what a rule finds in typed values; one over ledgers finds nothing here."""
    if rule.ledger or rule.kind is QualityKind.DIFFERS:
        return
    if rule.kind in MILESTONE_KINDS:
        yield from _milestones(rule, typed)
        return
    look = _LOOKS[rule.kind]
    for indicator in typed.plan.indicators:
        if rule.indicator not in ("", indicator.code):
            continue
        for unit, values in sorted(typed.table.get(indicator.code, {}).items()):
            chosen = counted(values, typed.period)
            if chosen:
                yield from look(_Series(rule, typed, indicator, unit, chosen))


class _Series(Struct, frozen=True):
    """A unit's figures of an indicator in order of time, none twice."""

    rule: QualityRule
    typed: Typed
    indicator: Indicator
    unit: str
    values: Sequence[PeriodValue]

    def doubt(self, period: Period, message: str, remedy: str, seen: str) -> DataDoubt:
        spot = DoubtPlace(self.unit, self.indicator.code, str(period))
        words = self.rule.message or f"“{self.indicator.name}”{message}"
        return DataDoubt(self.rule.code, self.rule.level, words, remedy, spot, seen)

    def total(self, code: str) -> float | None:
        """Return the unit's figure of an indicator over the year."""
        indicator = self.typed.plan.indicators_by_code[code]
        values = self.typed.table.get(code, {}).get(self.unit, ())
        return unit_figure(indicator, values, self.typed.period, None).value

    @property
    def last(self) -> Period:
        return self.values[-1].period


def _ratio(series: _Series) -> Iterator[DataDoubt]:
    """Handled is at most found: what stands above the line can't exceed what stands below."""
    indicator = series.indicator
    if indicator.kind is not IndicatorKind.RATIO or not indicator.bounded:
        return
    above, below = indicator.numerator_name or "分子", indicator.denominator_name or "分母"
    for value in series.values:
        top, bottom = value.data.numerator, value.data.denominator
        if top is not None and bottom is not None and top > bottom:
            words = f"的{above} {number_text(top)} 大于{below} {number_text(bottom)}"
            remedy = f"请核对，{above}应不大于{below}"
            yield series.doubt(value.period, words, remedy, f"{top!r}>{bottom!r}")


def _part(series: _Series) -> Iterator[DataDoubt]:
    if series.indicator.part_of:
        yield from _beside(series, series.indicator.part_of, "其中项不能大于总数，请核对这两项")


def _at_most(series: _Series) -> Iterator[DataDoubt]:
    yield from _beside(series, series.rule.other, "请核对这两项")


def _beside(series: _Series, other: str, remedy: str) -> Iterator[DataDoubt]:
    """Hold the figure over the year against another indicator's."""
    whole = series.typed.plan.indicators_by_code[other]
    own, most = series.total(series.indicator.code), series.total(other)
    if own is not None and most is not None and own > most:
        words = f"累计 {number_text(own)} 大于“{whole.name}”累计 {number_text(most)}"
        yield series.doubt(series.last, words, remedy, f"{own!r}>{most!r}")


def _falls(series: _Series) -> Iterator[DataDoubt]:
    """What is counted up never falls: neither a running total nor a number that stands."""
    if series.indicator.kind is IndicatorKind.RATIO:
        return
    level = series.indicator.aggregation is Aggregation.LEVEL
    before: PeriodValue | None = None
    for value in series.values:
        number = value.data.value
        if number is None:
            continue
        least = before.data.value if level and before else 0.0
        if number < (least or 0.0):
            earlier = f"{before.period.label}的 {number_text(least or 0.0)}" if before else "0"
            words = (
                f"由{earlier} 降为 {number_text(number)}"
                if level
                else f"本期数 {number_text(number)} 是负数，累计数下降"
            )
            yield series.doubt(
                value.period, words, "请核对是否填错，确有减少请说明原因", f"{least!r}>{number!r}"
            )
        before = value


def _running(series: _Series) -> Iterator[DataDoubt]:
    """A figure at least as large as all before it together looks like the year's total."""
    if series.indicator.aggregation is Aggregation.LEVEL:
        return
    before: list[float] = []
    for value in series.values:
        number = value.data.value
        if number is None:
            continue
        total = math.fsum(before)
        if len(before) >= _ENOUGH_FOR_TOTAL and _LEAST_TOTAL <= total <= number:
            words = f"本期数 {number_text(number)} 不小于以前各期合计 {number_text(total)}"
            remedy = "请核对是否把累计数填成了本期数"
            yield series.doubt(value.period, words, remedy, f"{total!r}<={number!r}")
        before.append(number)


def _outlier(series: _Series) -> Iterator[DataDoubt]:
    before: list[float] = []
    for value in series.values:
        number = comparable(value.data)
        if number is None:
            continue
        found = outlier(before, number)
        if found:
            words = f"{value.period.label}的 {found.text}"
            seen = f"{found.middle!r}|{number!r}"
            yield series.doubt(value.period, words, "请核对是否多填或少填，属实请说明原因", seen)
        before.append(number)


_LOOKS = {
    QualityKind.RATIO: _ratio,
    QualityKind.PART: _part,
    QualityKind.AT_MOST: _at_most,
    QualityKind.FALLS: _falls,
    QualityKind.RUNNING: _running,
    QualityKind.OUTLIER: _outlier,
}


def _milestones(rule: QualityRule, typed: Typed) -> Iterator[DataDoubt]:
    names = {item.code: item.title for task in typed.plan.tasks for item in task.deliverables}
    for record in typed.records:
        done = record.content.done_on if isinstance(record.content, Milestone) else None
        if done is None or record.key.item not in names:
            continue
        if rule.kind is QualityKind.FUTURE:
            wrong, words = done > typed.today, "晚于今天"
        else:
            year = typed.plan.year
            wrong, words = done.year != year, f"不在 {year} 年度内"
        if wrong:
            key = record.key
            message = f"事项“{names[key.item]}”的完成日期 {done.isoformat()} {words}"
            spot = DoubtPlace(key.unit, key.item, key.period)
            yield DataDoubt(
                rule.code, rule.level, rule.message or message, "请核对日期", spot, str(done)
            )


def differing(
    rule: QualityRule, spots: Iterable[tuple[DoubtPlace, str, str, str]]
) -> Iterator[DataDoubt]:
    """Yield the typed figures that differ from their ledgers.

    `spots`: where, the indicator's name, what was typed, what the ledger comes to.
    """
    for spot, name, typed, computed in spots:
        if rule.indicator in ("", spot.item):
            words = f"“{name}”填报累计 {typed}，台账算出 {computed}"
            yield DataDoubt(
                rule.code,
                rule.level,
                rule.message or words,
                "请核对台账是否登记齐全，或更正填报数",
                spot,
                f"{typed}|{computed}",
            )
