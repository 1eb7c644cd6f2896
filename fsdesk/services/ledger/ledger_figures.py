"""Indicators computed from their ledgers: beside what was typed, or in its place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.inspection_duty import Coverage, coverage, coverage_by_month
from fsdesk.domain.ledger.formulas import MonthSpan, RowOperation
from fsdesk.domain.output.wording import parts_text, value_text
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation
from fsdesk.domain.records.figures import (
    PeriodValue,
    Series,
    combined,
    counted,
    divisor_of,
    unit_figure,
    value_table,
)
from fsdesk.domain.records.records import DataValue, Record, RecordKey, RecordKind
from fsdesk.domain.records.submissions import is_left_out, left_out_months
from fsdesk.domain.status.known import Computed
from fsdesk.services.ledger.inspection_duty_rows import subjects_in, visits_in
from fsdesk.services.plan.planning import plan_in
from fsdesk.store import identity
from fsdesk.store.cache import remembered
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.doubles import Rows
from fsdesk.store.ledger.sums import Wanted, measure
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.ledger.formulas import Feed, LedgerMeasure
    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.figures import Figure, ValueTable
    from fsdesk.store.ledger.sums import Measured
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace


class FigureSource(Struct, frozen=True):
    """From which ledger an indicator is computed."""

    ledger: Ledger
    feed: Feed

    @property
    def text(self) -> str:
        """Where the figure comes from, for people."""
        use = "汇总时以台账为准" if self.feed.counts else "汇总时以填报为准，台账数仅供核对"
        return f"台账“{self.ledger.title}”：{self.feed.text}。{use}"


class Compared(Struct, frozen=True):
    """A unit's figure of the year of an indicator: typed and computed side by side."""

    indicator: Indicator
    unit: str
    unit_name: str
    typed: Figure
    computed: Figure
    source: FigureSource

    @property
    def difference(self) -> float | None:
        """What was typed less what was computed; None where one of them is missing."""
        typed, computed = _count(self.typed), _count(self.computed)
        return None if typed is None or computed is None else typed - computed

    @property
    def differs(self) -> bool:
        """Whether the two say different things, were it above or below the line only."""
        if not self.typed.reported or not self.computed.reported:
            return False
        return _sides(self.typed) != _sides(self.computed)


class TwoFigures(Struct, frozen=True):
    """An indicator's figure over all units that two sources tell differently."""

    indicator: Indicator
    typed: Figure
    computed: Figure
    source: FigureSource

    def text(self, period: Period) -> str:
        """Put both side by side, with the rule that decides which one counts."""
        typed, computed = (self._one(figure, period) for figure in (self.typed, self.computed))
        return f"填报数 {typed}；{self._place} {computed}。{self.rule}。"

    @property
    def rule(self) -> str:
        """Which of the two counts, in words."""
        if self.source.feed.counts:
            return "有台账的单位，汇总采用台账算出的数，填报数仅供核对"
        return "汇总采用填报数，台账算出的数仅供核对"

    @property
    def by_visits(self) -> bool:
        """Whether it is computed from the visits of 包保督导."""
        return bool(self.source.feed.visits)

    @property
    def _place(self) -> str:
        if self.by_visits:
            return "按督导记录算出"
        return f"台账“{self.source.ledger.title}”算出"

    def _one(self, figure: Figure, period: Period) -> str:
        made_of = parts_text(self.indicator, figure)
        value = value_text(self.indicator, figure, period)
        return f"{value}（{made_of}）" if made_of else value


def _count(figure: Figure) -> float | None:
    return figure.value if figure.numerator is None else figure.numerator


def sources(workspace: Workspace) -> Mapping[str, FigureSource]:
    """Return from which ledger each indicator is computed, by its code."""
    with workspace.reading() as session:
        return _sources(session)


def _sources(session: Session) -> dict[str, FigureSource]:
    """Of several formulas for one indicator the first counts."""
    found: dict[str, FigureSource] = {}
    for ledger in ledgers.load_ledgers(session):
        for feed in ledger.feeds:
            found.setdefault(feed.indicator, FigureSource(ledger, feed))
    return found


class OfUnit(Struct, frozen=True):
    """A unit, the months over which its rows are counted, and who answers for the indicator."""

    unit: str
    months: MonthSpan
    answering: frozenset[str]


class RowCount(Struct, frozen=True):
    """How many rows count, and how many have a key that rows of other units have too."""

    counted: int
    doubled: int


class LedgerYear:
    """The ledgers of a year, read once, from which the figures up to any period are made."""

    def __init__(
        self,
        session: Session,
        plan: Plan,
        left_out: Mapping[str, frozenset[int]],
        *,
        only_counting: bool = True,
        first: int = 1,
    ) -> None:
        """Read the ledgers.

        Formulas for indicators that the plan doesn't know, and didn't earlier in the year, are
        left out.

        `left_out`: by unit code, the months whose data does not count; see `left_out_months`.
        `only_counting`: only indicators whose computed figure stands in place of the typed one.
        `first`: the month from which the days of rows count, 1 to 12.
        """
        self._plan, self._year, self._first, self._left_out = plan, plan.year, first, left_out
        known = {code for each in _plans(plan) for code in each.indicators_by_code}
        by_ledger: dict[str, list[Feed]] = defaultdict(list)
        for code, source in _sources(session).items():
            if code in known and (source.feed.counts or not only_counting):
                by_ledger[source.ledger.code].append(source.feed)
        self._counted: list[_Counted] = []
        self._visited: list[_Visited] = []
        for ledger, feeds in by_ledger.items():
            self._counted += self._measured(session, ledger, [f for f in feeds if not f.visits])
            for feed in feeds:
                if feed.visits in {each.code for each in ledgers.load_ledgers(session)}:
                    self._visited.append(self._covered(session, ledger, feed))

    def _measured(self, session: Session, ledger: str, feeds: Sequence[Feed]) -> list[_Counted]:
        if not feeds:
            return []
        texts = {
            unit: [str(Period.month(self._year, month)) for month in sorted(months)]
            for unit, months in self._left_out.items()
        }
        first = str(Period.month(self._year, self._first))
        sides = [(feed.indicator, feed.numerator) for feed in feeds]
        sides += [(feed.indicator, feed.denominator) for feed in feeds if feed.denominator]
        wanted = [
            Wanted(side, answering(self._plan, [indicator]), first, texts)
            for indicator, side in sides
        ]
        found = measure(session, ledger, wanted)
        below = iter(found[len(feeds) :])
        return [
            _Counted(feed, above, next(below) if feed.denominator else None)
            for feed, above in zip(feeds, found, strict=False)
        ]

    def _covered(self, session: Session, ledger: str, feed: Feed) -> _Visited:
        rules, visits = identity.load_rules(session), visits_in(session, feed.visits)
        units = answering(self._plan, [feed.indicator])
        counted, doubled = (
            coverage_by_month(
                subjects_in(session, ledger, rows, units), visits, self._year, rules, self._left_out
            )
            for rows in (Rows.COUNTED, Rows.DOUBLED)
        )
        return _Visited(feed.indicator, counted, doubled)

    def at(self, period: Period) -> Computed:
        """Return what the ledgers come to up to the end of a period."""
        values: dict[str, Mapping[str, DataValue]] = {}
        doubled: dict[str, frozenset[str]] = {}
        withheld: dict[str, frozenset[str]] = {}
        for each in self._counted:
            found: dict[str, DataValue] = {}
            for unit in each.above.by_month:
                value = each.value(unit, self._span(unit, period))
                if value is not None:
                    found[unit] = value
            values[each.feed.indicator] = found
            withheld[each.feed.indicator] = frozenset(each.above.by_month.keys() - found.keys())
            doubled[each.feed.indicator] = frozenset(
                unit for unit in found if each.is_doubled(unit, self._span(unit, period))
            )
        for each in self._visited:
            values[each.indicator], doubled[each.indicator] = self._visited_at(each, period)
            rows = each.counted.keys() | each.doubled.keys()
            withheld[each.indicator] = frozenset(rows - values[each.indicator].keys())
        return Computed(values, doubled, withheld)

    def _visited_at(
        self, each: _Visited, period: Period
    ) -> tuple[Mapping[str, DataValue], frozenset[str]]:
        months = self._first, period.last_month
        counted, doubled = coverage(each.counted, *months), coverage(each.doubled, *months)
        units = [u for u in {**counted, **doubled} if self._span(u, period).counted]
        made = {unit: counted.get(unit, Coverage()) for unit in units}
        values = {
            unit: DataValue(numerator=float(one.made), denominator=float(one.owed))
            for unit, one in made.items()
        }
        return values, frozenset(unit for unit in units if unit in doubled)

    def _span(self, unit: str, period: Period) -> MonthSpan:
        out = self._left_out.get(unit, frozenset())
        return MonthSpan(self._year, self._first, period.last_month, out)


class _Counted(Struct, frozen=True):
    """A formula over rows, and what stands above and below its line by month."""

    feed: Feed
    above: Measured
    below: Measured | None

    def value(self, unit: str, months: MonthSpan) -> DataValue | None:
        above = months.total(self.feed.numerator.reach, self.above.by_month[unit])
        if above is None or self.below is None or self.feed.denominator is None:
            return None if above is None else DataValue(value=above)
        below = months.total(self.feed.denominator.reach, self.below.by_month[unit])
        return None if below is None else DataValue(numerator=above, denominator=below)

    def is_doubled(self, unit: str, months: MonthSpan) -> bool:
        sides = [(self.feed.numerator, self.above)]
        if self.feed.denominator and self.below:
            sides.append((self.feed.denominator, self.below))
        return any(months.total(side.reach, found.doubled.get(unit, {})) for side, found in sides)


class _Visited(Struct, frozen=True):
    """Subjects visited and owed a visit by unit and month; also those that several units list."""

    indicator: str
    counted: Mapping[str, Mapping[int, Coverage]]
    doubled: Mapping[str, Mapping[int, Coverage]]


def _plans(plan: Plan) -> tuple[Plan, ...]:
    """Return the plan with what it was earlier in the year."""
    return (plan, *(former.plan for former in plan.former))


def answering(plan: Plan, indicators: Iterable[str]) -> frozenset[str]:
    """Return the units that answer for indicators, or did earlier in the year.

    What several units registered counts for one of these.
    """
    wanted = set(indicators)
    return frozenset(
        unit
        for each in _plans(plan)
        for code in wanted & each.indicators_by_code.keys()
        for unit in each.reporters(each.indicators_by_code[code])
    )


def row_count(session: Session, ledger: str, rows: LedgerMeasure, ours: OfUnit) -> RowCount:
    """Tell of how many of a unit's rows a measure is made."""
    rows = replace(rows, action=RowOperation.COUNT)
    (found,) = measure(session, ledger, [Wanted(rows, ours.answering, "", {})])
    counted, doubled = (
        ours.months.total(rows.reach, table.get(ours.unit, {}))
        for table in (found.by_month, found.doubled)
    )
    return RowCount(int(counted or 0), int(doubled or 0))


def _records(values: Mapping[str, Mapping[str, DataValue]], period: Period) -> Iterable[Record]:
    for item, by_unit in values.items():
        for unit, data in by_unit.items():
            yield Record(RecordKey(RecordKind.VALUE, item, unit, str(period)), data)


class _Both(Struct, frozen=True):
    """What was typed and what the ledgers come to, from one reading.

    Attributes:
        plan: With all that it was during the year.
        then: As it was in the period that is looked at.
    """

    plan: Plan
    then: Plan
    origin: Mapping[str, FigureSource]
    typed: ValueTable
    made: ValueTable


def _both(workspace: Workspace, period: Period) -> _Both:
    """Read both, once for each state of the data."""
    year = workspace.identity.year
    with workspace.reading() as session:
        name = ("typed and computed", year, period)
        return remembered(session, name, lambda: _read_both(session, year, period))


def _read_both(session: Session, year: int, period: Period) -> _Both:
    """Read both; what the office left out (不计入) counts on neither side."""
    plan = plan_in(session, year)
    out = left_out_months(submissions.left_out(session), plan.year)
    values = LedgerYear(session, plan, out, only_counting=False).at(period).values
    origin = _sources(session)
    typed = {
        item: {
            unit: [value for value in values if not is_left_out(out, unit, value.period)]
            for unit, values in by_unit.items()
        }
        for item, by_unit in records.load_values(session, items=origin).items()
    }
    return _Both(plan, plan.at(period), origin, typed, value_table(_records(values, period)))


def compared(workspace: Workspace, period: Period) -> tuple[Compared, ...]:
    """Return what was typed beside what the ledgers come to, for every unit that keeps rows."""
    both = _both(workspace, period)
    found: list[Compared] = []
    for indicator in both.then.indicators:
        for unit in both.made.get(indicator.code, {}):
            was, comes_to = (
                _figure(indicator, table, unit, period) for table in (both.typed, both.made)
            )
            name = both.plan.unit_name(unit)
            origin_here = both.origin[indicator.code]
            found.append(Compared(indicator, unit, name, was, comes_to, origin_here))
    return tuple(found)


def told_differently(workspace: Workspace, period: Period) -> Mapping[str, TwoFigures]:
    """Return by code the indicators whose figure over all units differs between its sources."""
    both = _both(workspace, period)
    found: dict[str, TwoFigures] = {}
    for indicator in both.then.indicators:
        typed, comes_to = (
            _whole(both.then, indicator, table, period) for table in (both.typed, both.made)
        )
        if typed.reported and comes_to.reported and _sides(typed) != _sides(comes_to):
            origin = both.origin[indicator.code]
            found[indicator.code] = TwoFigures(indicator, typed, comes_to, origin)
    return found


def _whole(plan: Plan, indicator: Indicator, table: ValueTable, period: Period) -> Figure:
    """Return the figure of the year over all units that report an indicator."""
    chosen: list[PeriodValue] = []
    for unit in plan.reporters(indicator):
        values = counted(table.get(indicator.code, {}).get(unit, ()), period)
        chosen += values[-1:] if indicator.aggregation is Aggregation.LEVEL else values
    return combined(indicator, [Series.of(chosen)], divisor_of(plan, indicator))


def _sides(figure: Figure) -> tuple[float | None, float | None]:
    return _count(figure), figure.denominator


def _figure(indicator: Indicator, table: ValueTable, unit: str, period: Period) -> Figure:
    """Return a unit's figure of the year; of a derived indicator what is above its line."""
    values = table.get(indicator.code, {}).get(unit, ())
    return unit_figure(indicator, values, period, None)


def suggestion(workspace: Workspace, unit: str, period: Period) -> Mapping[str, DataValue]:
    """Return what a unit's ledgers say for a period alone, by indicator code.

    For indicators that add up over periods the period's own days count, for the others all days
    of the year up to it, whatever the office left out.
    """
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        begin = period.months[0].last_month
        own, year = (
            LedgerYear(session, plan, {}, only_counting=False, first=first).at(period).values
            for first in (begin, 1)
        )
    found: dict[str, DataValue] = {}
    for code, by_unit in year.items():
        adds_up = plan.indicators_by_code[code].aggregation is Aggregation.CUMULATIVE
        # Of what falls due at the end of a quarter, a month alone may have nothing.
        values = own.get(code, {}) if adds_up else by_unit
        if unit in values:
            found[code] = values[unit]
    return found
