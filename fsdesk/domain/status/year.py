"""The reading of a year: what is known of it, and each of its periods judged by it.

Everything that shows a figure takes it from here, so that the same figure is the same everywhere.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, Operator
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.records.figures import (
    NO_MARKS,
    NO_VALUES,
    Mark,
    PeriodValue,
    Series,
    combined,
    derived,
    divisor_of,
    of_all,
)
from fsdesk.domain.records.records import Status
from fsdesk.domain.status.deliverables import marks_of, pace_of_deliverable, progress_of
from fsdesk.domain.status.holders import Holders, holders_through, reporters_in, task_units_in
from fsdesk.domain.status.known import NOTHING_COMPUTED, Computed, Known
from fsdesk.domain.status.lights import Light, attainment, capped, judge, mean, pace_of
from fsdesk.domain.status.own import own_part
from fsdesk.domain.status.reports import covering, owed
from fsdesk.domain.status.results import (
    Coverage,
    DeliverableResult,
    IndicatorResult,
    Part,
    TaskResult,
    UnitFigure,
    UnitResult,
    YearStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan, Task
    from fsdesk.domain.records.figures import Figure, Marks
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.deliverables import PeriodStatus


# What a unit's own part rests on: nothing, or all that there can be.
_OF_ONE = (Coverage(0, 1), Coverage(1, 1))


class _Parts(Struct, frozen=True):
    """What is judged over all units at a period's end; results by code."""

    indicators: Mapping[str, IndicatorResult]
    things: Mapping[str, DeliverableResult]
    tasks: tuple[TaskResult, ...]


class _Basis(Struct, frozen=True):
    """What units' parts of an indicator are judged by at a period's end.

    Attributes:
        source: Code of the indicator that units type.
        targets: By each unit that answers, its share of the target, of a rate the whole target;
            None where units reach a count together: none is judged by the whole of it alone.
        reached: What all units have reached together.
        pace: What all of them must keep.
        values: Says by a unit's code what its figure is made of in the year.
        through: Takes of it what counts up to a month.
    """

    indicator: Indicator
    period: Period
    source: str
    divisor: float | None
    targets: Mapping[str, float | None]
    reached: float | None
    pace: float
    values: Callable[[str], Series]
    through: Callable[[Series, int], Series]


class Year:
    """A plan's year as it is known, judged at any of its periods; each is judged once.

    `plan`: with all that it was during the year; each period is judged by the one of its time.
    `ended`: how many months of the year have ended; pace is never that of a month that runs.
    `today`: the day by which dates have passed.
    `unit`: in a unit's own workspace its code: what others reported is not known there, so all is
        judged by its own part.
    `since`: the day from which the units have the plan, see `owing.plan_since`; else all year.
    """

    def __init__(  # noqa: PLR0913 - what a year is judged by
        self,
        plan: Plan,
        rules: Rules,
        known: Known,
        *,
        ended: int,
        today: date,
        unit: str = "",
        since: date | None = date.min,
    ) -> None:
        self.plan, self.rules, self.known = plan, rules, known
        self.ended, self.today, self.unit, self.since = ended, today, unit, since
        self._computed: dict[int, Computed] = {}
        self._holders: dict[str, Holders] = {}
        self._together: dict[str, Series] = {}
        self._wholes: dict[tuple[str, int], Figure] = {}
        self._bases: dict[tuple[str, int], _Basis] = {}
        self._figures: dict[tuple[str, int], IndicatorResult] = {}
        self._unit_figures: dict[tuple[str, int], dict[str, UnitFigure]] = {}
        self._things: dict[tuple[str, int], DeliverableResult] = {}
        # Most units stand alike in many things: what is told of one is held once for all of them.
        self._unit_parts: dict[tuple[object, ...], Part] = {}
        self._unit_tasks: dict[tuple[int, ...], TaskResult] = {}
        self._parted: dict[int, _Parts] = {}
        self._judged: dict[Period, YearStatus] = {}
        self._overalls: dict[int, tuple[float | None, float]] = {}

    def _judge(
        self,
        reached: float | None,
        pace: float,
        rules: Rules,
        *,
        deadline_missed: bool = False,
        coverage: Coverage | None = None,
    ) -> Light:
        """Give the light for a figure; a draft of a plan judges nobody."""
        if self.plan.carried_from:
            return Light.GREY
        return judge(reached, pace, rules, deadline_missed=deadline_missed, coverage=coverage)

    def months_needed(self, period: Period) -> tuple[int, ...]:
        """Return the months at whose end ledgers must be known, to judge a period."""
        months = months_of(self.plan.year)[: period.last_month]
        ends = (
            before.last_month
            for before, after in pairwise(months)
            if self.plan.at(before) is not self.plan.at(after)
        )
        return (*ends, period.last_month)

    def has_computed(self, month: int) -> bool:
        """Tell whether it is known what ledgers come to at a month's end."""
        return month in self._computed

    def take_computed(self, month: int, computed: Computed) -> None:
        """Add what ledgers come to at a month's end."""
        self._computed[month] = computed

    def status(self, period: Period) -> YearStatus:
        """Judge everything at a period's end."""
        if period not in self._judged:
            self._judged[period] = self._status(period)
        return self._judged[period]

    def progress(self, period: Period) -> float | None:
        """Return the overall progress at a period's end; None without data."""
        return self._overall(period)[0]

    def paces(self) -> tuple[float, ...]:
        """Return what the whole should have reached at the end of each of the twelve months.

        Other than in a status, months that have not ended are told as they will be.
        """
        return tuple(self._overall(month)[1] for month in months_of(self.plan.year))

    def _overall(self, period: Period) -> tuple[float | None, float]:
        """Return progress and pace of the whole as if the period had ended, judging no units."""
        month = period.last_month
        if month not in self._overalls:
            plan = self.plan.at(period)
            tasks = plan.tasks_for(self.unit) if self.unit else plan.tasks
            self._overalls[month] = _combine([self._task_by_calendar(t, period) for t in tasks])
        return self._overalls[month]

    def _task_by_calendar(self, task: Task, period: Period) -> tuple[float | None, float]:
        month = period.last_month
        if self.unit:
            own = ((each, self._own_figure(each, self.unit, period)) for each in task.indicators)
            reached = [(i, o.attainment) for i, o in own if o is not None and self._judged_here(o)]
        else:
            reached = [(each, self.attainment(each, period)) for each in task.indicators]
        pairs = [(_capped(share), pace_of(each, month)) for each, share in reached]
        ended = min(self.ended, month)
        for item in task.deliverables:
            by_unit = _progress_by_unit(item, self._statuses(item, period), ended)
            progress = by_unit.get(self.unit) if self.unit else mean(by_unit.values())
            pairs.append((progress, pace_of_deliverable(item, period, month, progress)))
        return _combine(pairs)

    def _parts(self, period: Period) -> _Parts:
        """Judge indicators, deliverables and tasks, over all units."""
        month = period.last_month
        if month not in self._parted:
            plan = self.plan.at(period)
            indicators = {i.code: self.indicator(i, period) for i in plan.indicators}
            things = {
                code: self._deliverable(item, period)
                for code, item in plan.deliverables_by_code.items()
            }
            tasks = tuple(self._whole_task(task, indicators, things) for task in plan.tasks)
            self._parted[month] = _Parts(indicators, things, tasks)
        return self._parted[month]

    def _status(self, period: Period) -> YearStatus:
        plan, rules, parts = self.plan.at(period), self.rules, self._parts(period)
        units = tuple(
            self._unit(plan, unit.code, period)
            for unit in plan.directory.units
            if plan.tasks_for(unit.code)
        )
        progress, pace = _combine([(task.progress, task.pace) for task in parts.tasks])
        coverage = _added([task.coverage for task in parts.tasks])
        asked = owed(self.plan, period, self.since)
        due = [each for each in asked if self.unit in ("", each[0])]
        came = [covering(self.known.reports, unit, one) for unit, one in due]
        received = [each for each in came if each is not None and each.received]
        whole = YearStatus(
            plan=plan,
            period=period,
            progress=progress,
            pace=pace,
            light=self._judge(progress, pace, rules, coverage=coverage),
            reporting_rate=_rate(len(received), len(due)),
            timeliness=_rate(sum(each.on_time for each in received), len(due)),
            indicators=tuple(parts.indicators.values()),
            deliverables=tuple(parts.things.values()),
            tasks=parts.tasks,
            units=units,
            rules=rules,
            coverage=coverage,
            reports=Coverage(len(received), len(due)),
            paced_to=min(self.ended, period.last_month),
            unit=self.unit,
        )
        return own_part(whole) if self.unit else whole

    # Indicators

    def indicator(self, indicator: Indicator, period: Period) -> IndicatorResult:
        """Judge an indicator, as the plan of the period has it, at the period's end."""
        key = (indicator.code, period.last_month)
        if key not in self._figures:
            found = self._figures[key] = self._indicator(indicator, period)
            known = self._unit_figures.setdefault(key, {})
            known.update({part.unit: part for part in found.by_unit})
        return self._figures[key]

    def attainment(self, indicator: Indicator, period: Period) -> float | None:
        """Return how far an indicator has come over all its units, judging none of them."""
        whole = self.whole(indicator, period)
        return attainment(whole.value, indicator.target, indicator.operator)

    def value_and_target(
        self, indicator: Indicator, period: Period
    ) -> tuple[float | None, float | None]:
        """Return what an indicator has come to, and what it is held against.

        In a unit's own workspace both are the unit's; it has no target where only what all units
        reach together counts.
        """
        if not self.unit:
            return self.whole(indicator, period).value, indicator.target
        own = self._own_figure(indicator, self.unit, period)
        return (own.figure.value, own.target) if own else (None, None)

    def whole(self, indicator: Indicator, period: Period) -> Figure:
        """Return what an indicator has come to over all its units, judging none of them."""
        key = (indicator.code, period.last_month)
        if key not in self._wholes:
            divisor = divisor_of(self.plan.at(period), indicator)
            self._wholes[key] = self._figure(indicator, self._counts(indicator, period), divisor)
        return self._wholes[key]

    def _counts(self, indicator: Indicator, period: Period) -> Sequence[Series]:
        """Return the values that make a figure: all units' as one, where they only add up."""
        plan = self.plan.at(period)
        item = _source(plan, indicator)
        holders = self.holders(item)
        level = _through(plan, item) is Series.latest
        if level or holders.changes or self._is_computed(item, period):
            return list(self.contributions(indicator, period).values())
        if item not in self._together:
            typed = self.known.values.get(item, {})
            units = (typed[unit] for unit in holders.at(period) if unit in typed)
            self._together[item] = of_all(units)
        return [self._together[item].through(period.last_month)]

    def _indicator(self, indicator: Indicator, period: Period) -> IndicatorResult:
        basis = self._basis(indicator, period)
        counts = self.contributions(indicator, period)
        parts = {unit: self._part(basis, unit, own) for unit, own in counts.items()}
        whole = self.whole(indicator, period)
        marks = NO_MARKS.union(*[part.marks for part in parts.values() if part.marks])
        reported = [parts[unit].reported for unit in basis.targets]
        coverage = Coverage(sum(reported), len(reported))
        light = self._judge(
            basis.reached,
            basis.pace,
            self.rules,
            coverage=None if _certain(indicator, basis.reached) else coverage,
        )
        return IndicatorResult(
            indicator=indicator,
            task=self.plan.at(period).task_of[indicator.code].code,
            figure=replace(whole, marks=marks) if marks else whole,
            attainment=basis.reached,
            pace=basis.pace,
            light=light,
            by_unit=tuple([self._unit_figure(basis, unit, part) for unit, part in parts.items()]),
            coverage=coverage,
        )

    def _basis(self, indicator: Indicator, period: Period) -> _Basis:
        key = (indicator.code, period.last_month)
        if key not in self._bases:
            plan = self.plan.at(period)
            source = _source(plan, indicator)
            holders = self.holders(source)
            present = holders.at(period)
            alone = len(self.contributions(indicator, period) if holders.changes else present) == 1
            whole = indicator.target if alone or indicator.kind is IndicatorKind.RATIO else None
            shares = {share.unit: share.target for share in reversed(indicator.shares)}
            self._bases[key] = _Basis(
                indicator,
                period,
                source,
                divisor_of(plan, indicator),
                {unit: shares.get(unit, whole) for unit in present},
                self.attainment(indicator, period),
                pace_of(indicator, min(self.ended, period.last_month)),
                self._values(source, period),
                _through(plan, source),
            )
        return self._bases[key]

    def _part(self, basis: _Basis, unit: str, own: Series) -> Figure:
        part = self._figure(basis.indicator, [own], basis.divisor)
        if not self.known.left_out:
            return part
        out = self.known.left_out.get((basis.source, unit), ())
        if not any(each.within(basis.period) for each in out):
            return part
        return replace(part, marks=part.marks | {Mark.LEFT_OUT})

    def _own_figure(self, indicator: Indicator, unit: str, period: Period) -> UnitFigure | None:
        """Return one unit's part of an indicator; None where it has none."""
        known = self._unit_figures.setdefault((indicator.code, period.last_month), {})
        if unit not in known:
            basis = self._basis(indicator, period)
            if self.holders(basis.source).changes:
                self.indicator(indicator, period)
            elif unit in basis.targets:
                own = basis.through(basis.values(unit), period.last_month)
                known[unit] = self._unit_figure(basis, unit, self._part(basis, unit, own))
        return known.get(unit)

    def _unit_figure(self, basis: _Basis, unit: str, part: Figure) -> UnitFigure:
        """Judge a unit's part by its own target, else by what all reach together."""
        here, target = unit in basis.targets, basis.targets.get(unit)
        operator = basis.indicator.operator
        reached = None if target is None else attainment(part.value, target, operator)
        together = target is None and here and part.reported and not self.unit
        light = self._judge(basis.reached if together else reached, basis.pace, self.rules)
        return UnitFigure(unit, part, target, reached, light, former=not here)

    def contributions(self, indicator: Indicator, period: Period) -> Mapping[str, Series]:
        """Return the values that make a figure, by the unit for which they count.

        What a unit reported while it answered never leaves the total. It counts for whoever
        carries on its work; of a level it counts until that unit has reported for itself.
        """
        plan, month = self.plan.at(period), period.last_month
        item = _source(plan, indicator)
        holders, values = self.holders(item), self._values(item, period)
        through = _through(plan, item)
        level = through is Series.latest
        own = {unit: through(values(unit), month) for unit in holders.at(period)}
        found = dict(own)
        for unit, heir in holders.heirs(period).items():
            last = Period.month(period.year, holders.last_month(unit, period))
            answered = functools.partial(holders.answers, unit)
            theirs = self._values(item, last)(unit).only(answered)
            theirs = through(theirs, last.last_month)
            if not theirs.periods:
                continue
            if not heir:
                found[unit] = theirs
            elif not level or all(each.last_month <= last.last_month for each in own[heir].periods):
                found[heir] = theirs.inherited_by(found[heir])
        return found

    def from_ledger(self, item: str, unit: str, period: Period) -> bool:
        """Tell whether a ledger gives a unit's figure in place of what it typed."""
        return self._computed.get(period.last_month, NOTHING_COMPUTED).stands_for(item, unit)

    def _is_computed(self, item: str, period: Period) -> bool:
        computed = self._computed.get(period.last_month, NOTHING_COMPUTED)
        return item in computed.values or item in computed.withheld

    def carried_on(self, item: str, unit: str, period: Period) -> tuple[str, ...]:
        """Return the units whose work on an item a unit carries on."""
        heirs = self.holders(item).heirs(period)
        return tuple(former for former, heir in heirs.items() if heir == unit)

    def months_with_data(self, indicator: Indicator, period: Period) -> frozenset[int]:
        """Return the months up to a period for which anything was reported, 1 to 12."""
        item = _source(self.plan.at(period), indicator)
        months = range(1, period.last_month + 1)
        ledger = [self._computed.get(n, NOTHING_COMPUTED).values.get(item) for n in months]
        if any(ledger):
            pairs = zip(months, [None, *ledger], ledger, strict=False)
            return frozenset(n for n, before, now in pairs if now and now != before)
        return frozenset(
            month.last_month
            for series in self.known.values.get(item, {}).values()
            for each in series.periods
            if each.within(period)
            for month in each.months
        )

    def _values(self, item: str, period: Period) -> Callable[[str], Series]:
        """Return what says what a unit's figure is made of, by its code.

        That is what its ledger comes to at a period's end, else what it typed in the year.
        """
        typed = self.known.values.get(item, {})
        if not self._is_computed(item, period):
            return lambda unit: typed.get(unit, NO_VALUES)
        computed = self._computed[period.last_month]

        def either(unit: str) -> Series:
            if not computed.stands_for(item, unit):
                return typed.get(unit, NO_VALUES)
            data = computed.values.get(item, {}).get(unit)
            if data is None:
                return NO_VALUES
            marks: Marks = NO_MARKS
            if unit in computed.doubled.get(item, ()):
                marks |= {Mark.DOUBLED}
            if any(n <= period.last_month for n in self.known.months_left_out.get(unit, ())):
                marks |= {Mark.LEFT_OUT}
            end = Period.month(period.year, period.last_month)
            return Series.of([PeriodValue(end, data)], (marks,))

        return either

    def _figure(
        self, indicator: Indicator, chosen: Sequence[Series], divisor: float | None
    ) -> Figure:
        if indicator.derivation and indicator.derivation.source:
            count = combined(self._source_of(indicator), chosen)
            return derived(count, divisor) if count.reported else count
        return combined(indicator, chosen, divisor)

    def _source_of(self, indicator: Indicator) -> Indicator:
        code = indicator.derivation.source if indicator.derivation else ""
        states = (self.plan, *(former.plan for former in reversed(self.plan.former)))
        return next(s.indicators_by_code[code] for s in states if code in s.indicators_by_code)

    def holders(self, item: str) -> Holders:
        """Return who answers for an indicator or a deliverable month by month, by its code."""
        if item not in self._holders:
            states = (self.plan, *(former.plan for former in self.plan.former))
            is_indicator = any(item in state.indicators_by_code for state in states)
            named = reporters_in if is_indicator else task_units_in
            self._holders[item] = holders_through(self.plan, lambda state: named(state, item))
        return self._holders[item]

    # Deliverables

    def _deliverable(self, item: Deliverable, period: Period) -> DeliverableResult:
        key = (item.code, period.last_month)
        if key not in self._things:
            self._things[key] = self._judged_thing(item, period)
        return self._things[key]

    def _judged_thing(self, item: Deliverable, period: Period) -> DeliverableResult:
        plan, ended = self.plan.at(period), min(self.ended, period.last_month)
        said = self._statuses(item, period)
        latest = {unit: each[-1].status if each else None for unit, each in said.items()}
        progress_by_unit = _progress_by_unit(item, said, ended)
        progress = mean(progress_by_unit.values())
        pace = pace_of_deliverable(item, period, ended, progress)
        due = item.due if item.kind is DeliverableKind.ONCE else None
        overdue = due is not None and min(period.last_day, self.today) > due
        missed = overdue and (progress or 0.0) < 1.0
        present = self.holders(item.code).at(period)
        coverage = Coverage(sum(latest[unit] is not None for unit in present), len(present))
        return DeliverableResult(
            deliverable=item,
            task=plan.task_of[item.code].code,
            progress=progress,
            pace=pace,
            light=self._judge(
                progress, pace, self.rules, deadline_missed=missed, coverage=coverage
            ),
            overdue=overdue,
            deadline_missed=missed,
            by_unit=latest,
            progress_by_unit=progress_by_unit,
            marks_by_unit={unit: marks_of(item, each) for unit, each in said.items() if each},
            coverage=coverage,
        )

    def _statuses(self, item: Deliverable, period: Period) -> Mapping[str, Sequence[PeriodStatus]]:
        """Return what each unit said of a deliverable, in order; who carries on takes it over."""
        holders, table = self.holders(item.code), self.known.statuses.get(item.code, {})
        distinct = {id(each): each for each in table.values()}  # most units say one of few things
        cut = {key: _said_through(each, period) for key, each in distinct.items()}
        found = {unit: cut.get(id(table.get(unit)), ()) for unit in holders.at(period)}
        passed_on: dict[str, list[PeriodStatus]] = defaultdict(list)
        for unit, heir in holders.heirs(period).items():
            theirs = [
                s
                for s in table.get(unit, ())
                if s.period.within(period) and holders.answers(unit, s.period)
            ]
            if heir:
                passed_on[heir] += [replace(s, marks=s.marks | {Mark.INHERITED}) for s in theirs]
            elif theirs and theirs[-1].status is Status.DONE:
                found[unit] = theirs
        for heir, theirs in passed_on.items():
            if not found[heir] or item.kind is DeliverableKind.RECURRING:
                # Of several units' last words at one time, what is least far is true of the whole.
                found[heir] = sorted(
                    [*theirs, *found[heir]], key=lambda s: (*s.period.order, -s.status.progress)
                )
        return found

    # Tasks and units

    def _whole_task(
        self,
        task: Task,
        indicators: Mapping[str, IndicatorResult],
        things: Mapping[str, DeliverableResult],
    ) -> TaskResult:
        parts = [
            Part(
                r.indicator.code,
                r.indicator.name,
                _capped(r.attainment),
                r.pace,
                r.light,
                coverage=r.coverage,
                marks=r.figure.marks,
            )
            for r in (indicators[each.code] for each in task.indicators)
        ] + [
            Part(
                r.deliverable.code,
                r.deliverable.title,
                r.progress,
                r.pace,
                r.light,
                r.deadline_missed,
                r.coverage,
                r.marks,
            )
            for r in (things[each.code] for each in task.deliverables)
        ]
        return self._task(task, parts)

    def _task(self, task: Task, parts: Sequence[Part]) -> TaskResult:
        progress, pace = _combine([(part.progress, part.pace) for part in parts])
        missed = any(part.deadline_missed for part in parts)
        coverage = _added([part.coverage for part in parts])
        light = self._judge(progress, pace, self.rules, deadline_missed=missed, coverage=coverage)
        return TaskResult(task, progress, pace, light, tuple(parts), coverage)

    def unit_light(self, code: str, unit: str, period: Period) -> Light:
        """Return the light of a unit's task at a period's end, as in a status.

        It is grey for a unit that has no such task. All units of the task are only judged where
        what others reported may have come down to this one.
        """
        plan = self.plan.at(period)
        task = plan.tasks_by_code.get(code)
        if task is None or unit not in plan.directory.by_code or unit not in plan.roles(code):
            return Light.GREY
        return self._unit_task(task, unit, period).light

    def _unit(self, plan: Plan, unit: str, period: Period) -> UnitResult:
        tasks = [self._unit_task(task, unit, period) for task in plan.tasks_for(unit)]
        progress, pace = _combine([(task.progress, task.pace) for task in tasks])
        coverage = _added([task.coverage for task in tasks])
        light = self._judge(progress, pace, self.rules, coverage=coverage)
        name = plan.directory.name(unit)
        return UnitResult(unit, name, progress, pace, light, tuple(tasks), coverage)

    def _unit_task(self, task: Task, unit: str, period: Period) -> TaskResult:
        parts: list[Part] = []
        for indicator in task.indicators:
            own = self._own_figure(indicator, unit, period)
            if own is not None and self._judged_here(own):
                parts.append(self._unit_indicator(self._basis(indicator, period), own))
        things = [self._deliverable(each, period) for each in task.deliverables]
        parts += [self._unit_deliverable(thing, unit) for thing in things]
        key = (id(task), *map(id, parts))
        if key not in self._unit_tasks:
            self._unit_tasks[key] = self._task(task, parts)
        return self._unit_tasks[key]

    def _judged_here(self, own: UnitFigure) -> bool:
        """Tell whether a unit's part can be judged: alone it can't say what all reach together."""
        return not self.unit or own.target is not None

    def _unit_indicator(self, basis: _Basis, own: UnitFigure) -> Part:
        """Return a unit's part of an indicator.

        Without a share of its own, a unit that reports a shared count is judged by what all of its
        units have reached together; one that has reported nothing has no data.
        """
        reported, marks = own.figure.reported, own.figure.marks
        together = own.target is None and reported
        reached, pace = basis.reached if together else own.attainment, basis.pace
        key = (id(basis), reached, reported, marks)
        if key not in self._unit_parts:
            self._unit_parts[key] = Part(
                basis.indicator.code,
                basis.indicator.name,
                _capped(reached),
                pace,
                self._judge(reached, pace, self.rules),
                coverage=_OF_ONE[reported],
                marks=marks,
            )
        return self._unit_parts[key]

    def _unit_deliverable(self, result: DeliverableResult, unit: str) -> Part:
        thing, status = result.deliverable, result.by_unit.get(unit)
        progress = result.progress_by_unit.get(unit)
        marks = result.marks_by_unit.get(unit, NO_MARKS)
        key = (id(result), status, progress, marks)
        if key not in self._unit_parts:
            pace = result.pace
            if thing.kind is DeliverableKind.ONCE and thing.due is None:
                pace = progress or 0.0
            missed = result.overdue and status is not Status.DONE
            light = self._judge(progress, pace, self.rules, deadline_missed=missed)
            coverage = _OF_ONE[status is not None]
            self._unit_parts[key] = Part(
                thing.code, thing.title, progress, pace, light, missed, coverage, marks
            )
        return self._unit_parts[key]


def _progress_by_unit(
    item: Deliverable, said: Mapping[str, Sequence[PeriodStatus]], ended: int
) -> Mapping[str, float | None]:
    """Return how far each unit is with a deliverable by what it said; see `progress_of`."""
    distinct = {id(each): each for each in said.values() if each}  # many say the same
    reached = {key: progress_of(item, each, ended) for key, each in distinct.items()}
    return {unit: reached.get(id(each)) for unit, each in said.items()}


def _said_through(said: Sequence[PeriodStatus], period: Period) -> Sequence[PeriodStatus]:
    """Return what was said up to a period's end, of what was said in order of time."""
    count = len(said)
    while count and not said[count - 1].period.within(period):
        count -= 1
    return said[:count]


def _through(plan: Plan, item: str) -> Callable[[Series, int], Series]:
    """Return what takes of a unit's values those that count up to a month."""
    level = plan.indicators_by_code[item].aggregation is Aggregation.LEVEL
    return Series.latest if level else Series.through


def _source(plan: Plan, indicator: Indicator) -> str:
    """Return the code of the indicator that units type, from whose figures one is made."""
    derivation = indicator.derivation
    if derivation and derivation.source and derivation.source in plan.indicators_by_code:
        return derivation.source
    return indicator.code


def _certain(indicator: Indicator, reached: float | None) -> bool:
    """Tell whether a target is reached whatever else may be reported: a count only grows."""
    grows = indicator.kind is not IndicatorKind.RATIO and indicator.operator is Operator.AT_LEAST
    return grows and reached is not None and reached >= 1.0


def _combine(pairs: Sequence[tuple[float | None, float]]) -> tuple[float | None, float]:
    """Return mean progress, and mean pace of the same members (of all if none has data)."""
    if len(pairs) == 1:
        return pairs[0]
    known = [(progress, pace) for progress, pace in pairs if progress is not None]
    pace = mean(pace for _, pace in (known or pairs))
    return mean(progress for progress, _ in known), pace if pace is not None else 0.0


def _added(coverages: Sequence[Coverage]) -> Coverage:
    if len(coverages) == 1:
        return coverages[0]
    known = expected = 0
    for each in coverages:
        known, expected = known + each.known, expected + each.expected
    return Coverage(known, expected)


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _capped(reached: float | None) -> float | None:
    return None if reached is None else capped(reached)
