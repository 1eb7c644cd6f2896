"""Indicators computed from their ledgers: beside what was typed, or in its place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.output.wording import parts_text, value_text
from fsdesk.domain.plan.indicators import Aggregation
from fsdesk.domain.records.figures import (
    PeriodValue,
    combined,
    counted,
    divisor_of,
    unit_figure,
    value_table,
)
from fsdesk.domain.records.records import DataValue, Record, RecordKey, RecordKind
from fsdesk.domain.status.year import Computed
from fsdesk.services.ledger.inspection_duty_rows import coverage_values
from fsdesk.services.plan.planning import plan_in
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.sums import Days, measure
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.ledger.formulas import Feed
    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.figures import Figure, ValueTable
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace


@dataclass(frozen=True, slots=True)
class FigureSource:
    """From which ledger an indicator is computed."""

    ledger: Ledger
    feed: Feed

    @property
    def text(self) -> str:
        """Where the figure comes from, for people."""
        use = "汇总时以台账为准" if self.feed.counts else "汇总时以填报为准，台账数仅供核对"
        return f"台账“{self.ledger.title}”：{self.feed.text}。{use}"


@dataclass(frozen=True, slots=True)
class Compared:
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


@dataclass(frozen=True, slots=True)
class TwoFigures:
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


def year_to(period: Period) -> Days:
    """Return the days from the year's first to the period's last."""
    return Days(date(period.year, 1, 1), period.last_day)


def days_of(period: Period) -> Days:
    """Return the days of a period alone."""
    return Days(period.first_day, period.last_day)


def computed(
    session: Session, plan: Plan, days: Days, *, only_counting: bool = False
) -> Mapping[str, Mapping[str, DataValue]]:
    """Compute indicators from their ledgers, by indicator code and unit code.

    Formulas for indicators that the plan does not know are left out. With ``only_counting`` only
    those whose computed figure stands in place of the typed one.
    """
    by_ledger: dict[str, list[Feed]] = defaultdict(list)
    for code, source in _sources(session).items():
        if code in plan.indicators_by_code and (source.feed.counts or not only_counting):
            by_ledger[source.ledger.code].append(source.feed)
    found: dict[str, Mapping[str, DataValue]] = {}
    for ledger, declared in by_ledger.items():
        feeds = [feed for feed in declared if not feed.visits]
        measures = [feed.numerator for feed in feeds]
        measures += [feed.denominator for feed in feeds if feed.denominator]
        sums = measure(session, ledger, measures, days)
        below = iter(sums[len(feeds) :])
        for feed, above in zip(feeds, sums, strict=False):
            under = next(below) if feed.denominator else None
            found[feed.indicator] = {unit: _value(above, under, unit) for unit in above}
        owing = [feed for feed in declared if feed.visits]
        for feed in owing:
            found[feed.indicator] = coverage_values(session, ledger, feed.visits, days)
    return found


def _value(above: Mapping[str, float], under: Mapping[str, float] | None, unit: str) -> DataValue:
    if under is None:
        return DataValue(value=above[unit])
    return DataValue(numerator=above[unit], denominator=under[unit])


class LedgerYear:
    """What ledgers come to at the ends of a year's months."""

    def __init__(
        self, session: Session, plan: Plan, left_out: Mapping[str, frozenset[int]]
    ) -> None:
        self._session, self._plan, self._left_out = session, plan, left_out

    def at(self, period: Period) -> Computed:
        """Return what stands in place of typed figures at a period's end."""
        values = computed(self._session, self._plan, year_to(period), only_counting=True)
        return Computed(values)


def _records(values: Mapping[str, Mapping[str, DataValue]], period: Period) -> Iterable[Record]:
    for item, by_unit in values.items():
        for unit, data in by_unit.items():
            yield Record(RecordKey(RecordKind.VALUE, item, unit, str(period)), data)


@dataclass(frozen=True, slots=True)
class _Both:
    """What was typed and what the ledgers come to, from one reading."""

    plan: Plan
    origin: Mapping[str, FigureSource]
    typed: ValueTable
    made: ValueTable


def _both(workspace: Workspace, period: Period) -> _Both:
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        values = computed(session, plan, year_to(period))
        typed = value_table(records.load_records(session))
        return _Both(plan, _sources(session), typed, value_table(_records(values, period)))


def compared(workspace: Workspace, period: Period) -> tuple[Compared, ...]:
    """Return what was typed beside what the ledgers come to, for every unit that keeps rows."""
    both = _both(workspace, period)
    found: list[Compared] = []
    for indicator in both.plan.indicators:
        for unit in both.made.get(indicator.code, {}):
            was, comes_to = (
                _figure(indicator, table, unit, period) for table in (both.typed, both.made)
            )
            name = both.plan.directory.name(unit)
            origin_here = both.origin[indicator.code]
            found.append(Compared(indicator, unit, name, was, comes_to, origin_here))
    return tuple(found)


def told_differently(workspace: Workspace, period: Period) -> Mapping[str, TwoFigures]:
    """Return by code the indicators whose figure over all units differs between its sources."""
    both = _both(workspace, period)
    found: dict[str, TwoFigures] = {}
    for code in both.made:
        indicator = both.plan.indicators_by_code[code]
        typed, comes_to = (
            _whole(both.plan, indicator, table, period) for table in (both.typed, both.made)
        )
        if typed.reported and comes_to.reported and _sides(typed) != _sides(comes_to):
            found[code] = TwoFigures(indicator, typed, comes_to, both.origin[code])
    return found


def _whole(plan: Plan, indicator: Indicator, table: ValueTable, period: Period) -> Figure:
    """Return the figure of the year over all units that report an indicator."""
    chosen: list[PeriodValue] = []
    for unit in plan.reporters(indicator):
        values = counted(table.get(indicator.code, {}).get(unit, ()), period)
        chosen += values[-1:] if indicator.aggregation is Aggregation.LEVEL else values
    return combined(indicator, chosen, divisor_of(plan, indicator))


def _sides(figure: Figure) -> tuple[float | None, float | None]:
    return _count(figure), figure.denominator


def _figure(indicator: Indicator, table: ValueTable, unit: str, period: Period) -> Figure:
    """Return a unit's figure of the year; of a derived indicator what is above its line."""
    values = table.get(indicator.code, {}).get(unit, ())
    return unit_figure(indicator, values, period, None)


def suggestion(workspace: Workspace, unit: str, period: Period) -> Mapping[str, DataValue]:
    """Return what a unit's ledgers say for a period alone, by indicator code.

    For indicators that add up over periods the period's own days count, for the others all days
    of the year up to it.
    """
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        own = computed(session, plan, days_of(period))
        year = computed(session, plan, year_to(period))
    found: dict[str, DataValue] = {}
    for code, by_unit in year.items():
        adds_up = plan.indicators_by_code[code].aggregation is Aggregation.CUMULATIVE
        # Of what falls due at the end of a quarter, a month alone may have nothing.
        values = own.get(code, {}) if adds_up else by_unit
        if unit in values:
            found[code] = values[unit]
    return found
