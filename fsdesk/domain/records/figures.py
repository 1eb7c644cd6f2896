"""How recorded data values become a figure (terms as DHIS2 uses them)."""

from __future__ import annotations

import functools
import math
from bisect import bisect_right
from collections import defaultdict
from itertools import chain, compress
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind
from fsdesk.domain.records.records import DataValue, Record, RecordKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import RecordKey

_T = TypeVar("_T")
PER_CENT = 100.0
_LAST_MONTH = attrgetter("last_month")


class Mark(LabelledEnum):
    """What must be said beside a figure about the data that it rests on."""

    RETURNED = "returned", "含已退回数据"
    DISPUTED = "disputed", "有争议"
    LEFT_OUT = "left_out", "部分不计入"
    INHERITED = "inherited", "含接续前数据"
    DOUBLED = "doubled", "有重复登记"


Marks = frozenset[Mark]
NO_MARKS: Marks = frozenset()


class PeriodValue(Struct, frozen=True):
    """A data value with the period that it belongs to."""

    period: Period
    data: DataValue


class Series(NamedTuple):
    """What counts of data values in order of time, by columns: a year holds very many.

    Attributes:
        periods: In order of the months in which they end; of one unit no two end in the same.
        values: One for each period, as in the columns after it; None where nothing was typed and
            for 无此项. A column in which nothing stands is empty.
        marks: What must be said of each value; empty where nothing must.
    """

    periods: tuple[Period, ...] = ()
    values: tuple[float | None, ...] = ()
    numerators: tuple[float | None, ...] = ()
    denominators: tuple[float | None, ...] = ()
    marks: tuple[Marks, ...] = ()

    @classmethod
    def of(cls, values: Iterable[PeriodValue], marks: tuple[Marks, ...] = ()) -> Series:
        """Return data values as columns, in their order."""
        values = list(values)
        data = [DataValue() if v.data.not_applicable else v.data for v in values]
        return cls(
            tuple(v.period for v in values),
            tuple(each.value for each in data),
            tuple(each.numerator for each in data),
            tuple(each.denominator for each in data),
            marks,
        )

    def part(self, which: slice) -> Series:
        """Return some of the values."""
        return Series(
            self.periods[which],
            self.values[which],
            self.numerators[which],
            self.denominators[which],
            self.marks[which],
        )

    def through(self, month: int) -> Series:
        """Return the values of periods that end by a month's end."""
        count = self._ended(month)
        return self if count == len(self.periods) else self.part(slice(count))

    def latest(self, month: int) -> Series:
        """Return the last of the values of periods that end by a month's end."""
        count = self._ended(month)
        return self.part(slice(count - 1, count)) if count else NO_VALUES

    def _ended(self, month: int) -> int:
        if not self.periods or self.periods[-1].last_month <= month:
            return len(self.periods)
        return bisect_right(self.periods, month, key=_LAST_MONTH)

    def only(self, wanted: Callable[[Period], bool]) -> Series:
        """Return the values of some periods."""
        chosen = [wanted(period) for period in self.periods]
        return Series(
            tuple(compress(self.periods, chosen)),
            tuple(compress(self.values, chosen)),
            tuple(compress(self.numerators, chosen)),
            tuple(compress(self.denominators, chosen)),
            tuple(compress(self.marks, chosen)),
        )

    def inherited_by(self, heir: Series) -> Series:
        """Return an heir's values and these, marked as what it has taken over."""
        marked = tuple([marks | {Mark.INHERITED} for marks in self.each_marks])
        return heir.followed_by(self._replace(marks=marked))

    def followed_by(self, other: Series) -> Series:
        """Return these values and others after them, whenever they are of."""
        whose = (len(self.periods), len(other.periods))
        marks = (*self.each_marks, *other.each_marks) if self.marks or other.marks else ()
        return Series(
            self.periods + other.periods,
            _one_column(self.values, other.values, whose),
            _one_column(self.numerators, other.numerators, whose),
            _one_column(self.denominators, other.denominators, whose),
            marks,
        )

    def in_order(self) -> Series:
        """Return the values in order of time."""
        places = sorted(range(len(self.periods)), key=lambda at: self.periods[at].last_month)

        def ordered(column: tuple[_T, ...]) -> tuple[_T, ...]:
            return tuple([column[at] for at in places]) if column else ()

        return Series(
            ordered(self.periods),
            ordered(self.values),
            ordered(self.numerators),
            ordered(self.denominators),
            ordered(self.marks),
        )

    @property
    def known_periods(self) -> list[Period]:
        """The periods of which any number stands here."""
        columns = [each for each in (self.values, self.numerators, self.denominators) if each]
        numbers = zip(*columns, strict=True)
        return [
            period
            for period, known in zip(self.periods, numbers, strict=False)
            if known.count(None) < len(known)
        ]

    @property
    def each_marks(self) -> tuple[Marks, ...]:
        """What must be said of each value, be it nothing."""
        return self.marks or (NO_MARKS,) * len(self.periods)


def of_all(units: Iterable[Series]) -> Series:
    """Return the values of many units as one series, to be added up to one month or another."""
    alike: dict[tuple[object, ...], list[Series]] = defaultdict(list)
    for each in units:  # most report the same periods and the same columns
        alike[id(each.periods), *map(bool, each[1:])].append(each)
    groups = [Series(*map(_in_turn, zip(*group, strict=True))) for group in alike.values()]
    if len(groups) == 1:
        return groups[0]
    return functools.reduce(Series.followed_by, groups, NO_VALUES).in_order()


def _in_turn(columns: Iterable[tuple[_T, ...]]) -> tuple[_T, ...]:
    """Return the first of each column, then the second of each, and so on."""
    return tuple(chain.from_iterable(zip(*columns, strict=True)))


def _one_column(
    one: tuple[float | None, ...], other: tuple[float | None, ...], lengths: tuple[int, int]
) -> tuple[float | None, ...]:
    return (one or (None,) * lengths[0]) + (other or (None,) * lengths[1])


# Data values by indicator code and unit code.
ValueTable = dict[str, dict[str, list[PeriodValue]]]


class Figure(Struct, frozen=True):
    """What an indicator, or a unit's part of it, has come to.

    Attributes:
        value: In the measure unit (per cent for ratios); None means no data.
        numerator: Sum above the line, for ratios and derived indicators.
        denominator: Sum below the line.
        reported: Whether anything was reported, were it only 无此项.
        as_of: For levels, the latest period that the value rests on, of several units the oldest
            of theirs; None where values add up over periods or nothing counts.
        marks: What must be said of the data in it.
    """

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    reported: bool = False
    as_of: Period | None = None
    marks: Marks = NO_MARKS

    def beside(self, period: Period) -> str:
        """Say what must stand beside the figure wherever it is shown; nothing for most.

        It is up to which month a level is known, where that lies before the period shown, and what
        must be said of the data in it.
        """
        said = [mark.label for mark in Mark if mark in self.marks]
        if self.as_of is not None and self.as_of.last_month < period.last_month:
            said.insert(0, f"截至{self.as_of.last_month}月")
        return f"（{'，'.join(said)}）" if said else ""


NO_VALUES = Series()
NOTHING = Figure()


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
        last = period.last_month  # which tells most periods from another, and fast
        rest = [
            value
            for value in by_unit.get(record.key.unit, ())
            if value.period.last_month != last or value.period != period
        ]
        if not record.empty:
            rest.append(PeriodValue(period, record.content))
        by_unit[record.key.unit] = rest
    return new


def figures_of(table: ValueTable, key: RecordKey) -> Sequence[PeriodValue]:
    """Return a unit's figures of an indicator; none where nothing was recorded."""
    return table.get(key.item, {}).get(key.unit, ())


def comparable(data: DataValue) -> float | None:
    """Return a value as one number, a ratio in per cent as `Figure.value` has it; None without."""
    if data.numerator is None:
        return data.value
    return data.numerator / data.denominator * PER_CENT if data.denominator else None


def counted(values: Iterable[PeriodValue], through: Period) -> list[PeriodValue]:
    """Return the values that count up to a period, in order of time, none twice."""
    inside = {value.period: value for value in values if value.period.within(through)}
    return [inside[period] for period in counted_periods(inside)]


def counted_periods(periods: Collection[Period]) -> list[Period]:
    """Return the periods that count of those that a unit has reported, in order of time.

    Where it has reported a quarter as well as months of it, the months count. So no two end in the
    same month, and those that count up to a month are the first of those that count in the year.
    """
    months = {period for period in periods if period.length == 1}
    chosen = [each for each in periods if each in months or months.isdisjoint(each.months)]
    return sorted(chosen, key=lambda period: period.order)


def unit_figure(
    indicator: Indicator, values: Sequence[PeriodValue], through: Period, divisor: float | None
) -> Figure:
    """Return one unit's figure for an indicator up to a period.

    `values`: the unit's data values, in any order.
    `through`: last period that counts.
    `divisor`: for derived indicators the denominator, in its own unit; None when unknown.
    """
    chosen = counted(values, through)
    if indicator.aggregation is Aggregation.LEVEL:
        chosen = chosen[-1:]
    return combined(indicator, [Series.of(chosen)], divisor)


def combined(
    indicator: Indicator, chosen: Sequence[Series], divisor: float | None = None
) -> Figure:
    """Return the figure that values of one or more units come to, all of which count.

    Ratios add numerators and denominators; a zero or missing denominator is no data. Without any
    value there is no data either: not reported is never zero.
    """
    chosen = [each for each in chosen if each.periods]
    if not chosen:
        return NOTHING
    value = above = below = None
    if indicator.kind is IndicatorKind.RATIO:
        above = _sum([each.numerators for each in chosen])
        below = _sum([each.denominators for each in chosen])
        # A zero or missing denominator is no data: neither 0 % nor 100 %.
        value = above / below * PER_CENT if above is not None and below else None
    else:
        value = _sum([each.values for each in chosen])
    as_of = None
    if indicator.aggregation is Aggregation.LEVEL:
        known = {id(period): period for each in chosen for period in each.known_periods}
        as_of = min(known.values(), key=lambda period: period.order, default=None)
    marks = [marks for each in chosen for marks in each.marks]
    marked = NO_MARKS.union(*marks) if marks else NO_MARKS
    figure = Figure(value, above, below, reported=True, as_of=as_of, marks=marked)
    return derived(figure, divisor) if indicator.kind is IndicatorKind.DERIVED else figure


def derived(count: Figure, divisor: float | None) -> Figure:
    """Return a count in proportion to a plan constant; without one there is no data."""
    value = count.value / divisor if count.value is not None and divisor else None
    return replace(count, value=value, numerator=count.value, denominator=divisor)


def divisor_of(plan: Plan, indicator: Indicator) -> float | None:
    """Return the denominator of a derived indicator, or None when it is unknown or zero."""
    if indicator.derivation is None:
        return None
    constant = plan.constant(indicator.derivation.constant)
    if constant is None or constant.value <= 0:
        return None
    return constant.value / indicator.derivation.factor


def _sum(columns: Iterable[Sequence[float | None]]) -> float | None:
    known = [value for value in chain.from_iterable(columns) if value is not None]
    # fsum rounds once, so the order of units and periods can't show in the result.
    return math.fsum(known) if known else None
