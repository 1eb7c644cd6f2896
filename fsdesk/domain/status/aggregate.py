"""The aggregate: indicators, tasks, units and the whole year judged together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fsdesk.domain.periods import MONTHS, Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.records.figures import Figure, ValueTable, indicator_figure, value_table
from fsdesk.domain.records.records import Milestone, Record, Status
from fsdesk.domain.status.lights import attainment, capped, judge, mean, pace_of
from fsdesk.domain.status.results import (
    DeliverableResult,
    IndicatorResult,
    Part,
    TaskResult,
    UnitFigure,
    UnitResult,
    YearStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan, Task
    from fsdesk.domain.settings import Rules


def indicator_result(
    plan: Plan, indicator: Indicator, table: ValueTable, period: Period, rules: Rules
) -> IndicatorResult:
    """Judge one indicator up to a period."""
    figure, parts = indicator_figure(plan, indicator, table, period)
    reached = attainment(figure.value, indicator.target, indicator.operator)
    pace = pace_of(indicator, period)
    by_unit = tuple(
        _unit_figure(indicator, unit, part, pace, rules, alone=len(parts) == 1)
        for unit, part in parts.items()
    )
    return IndicatorResult(
        indicator=indicator,
        task=plan.task_of[indicator.code].code,
        figure=figure,
        attainment=reached,
        pace=pace,
        light=judge(reached, pace, rules),
        by_unit=by_unit,
    )


def _unit_figure(
    indicator: Indicator, unit: str, part: Figure, pace: float, rules: Rules, *, alone: bool
) -> UnitFigure:
    target = indicator.share_of(unit)
    if target is None and (alone or indicator.kind is not IndicatorKind.COUNT):
        target = indicator.target
    reached = None if target is None else attainment(part.value, target, indicator.operator)
    return UnitFigure(unit, part, target, reached, judge(reached, pace, rules))


def latest_milestones(
    records: Iterable[Record], period: Period
) -> Mapping[str, Mapping[str, Milestone]]:
    """Return each unit's latest milestone by deliverable code, up to a period."""
    latest: dict[str, dict[str, tuple[tuple[int, int, int], Milestone]]] = defaultdict(dict)
    for record in records:
        content = record.content
        if not isinstance(content, Milestone) or content.status is None:
            continue
        when = Period.parse(record.key.period)
        if not when.within(period):
            continue
        held = latest[record.key.item].get(record.key.unit)
        if held is None or held[0] < when.order:
            latest[record.key.item][record.key.unit] = (when.order, content)
    return {item: {u: pair[1] for u, pair in units.items()} for item, units in latest.items()}


def deliverable_result(
    plan: Plan,
    deliverable: Deliverable,
    milestones: Mapping[str, Milestone],
    period: Period,
    rules: Rules,
) -> DeliverableResult:
    """Judge one deliverable up to a period.

    The pace is linear to the month of its due date, or over the year without one. A unit that
    has not reported is left out of the mean, not taken as zero.
    """
    task = plan.task_of[deliverable.code]
    by_unit = {
        unit: milestones[unit].status if unit in milestones else None
        for unit in plan.roles(task.code)
    }
    progress = mean(None if status is None else status.progress for status in by_unit.values())
    due = deliverable.due
    pace = min(period.last_month / (due.month if due else MONTHS), 1.0)
    missed = due is not None and period.last_day > due and (progress or 0.0) < 1.0
    return DeliverableResult(
        deliverable=deliverable,
        task=task.code,
        progress=progress,
        pace=pace,
        light=judge(progress, pace, rules, deadline_missed=missed),
        deadline_missed=missed,
        by_unit=by_unit,
    )


def year_status(
    plan: Plan,
    records: Sequence[Record],
    reports: Mapping[str, bool],
    period: Period,
    rules: Rules,
) -> YearStatus:
    """Judge the whole plan up to a period.

    `records`: all records of the year, of all units, in any order.
    `reports`: for the period, unit code of each report received, and whether it was on time.
    `period`: last period that counts.
    `rules`: margins and days.
    """
    table = value_table(records)
    milestones = latest_milestones(records, period)
    indicators = tuple(indicator_result(plan, i, table, period, rules) for i in plan.indicators)
    deliverables = tuple(
        deliverable_result(plan, item, milestones.get(item.code, {}), period, rules)
        for item in plan.deliverables_by_code.values()
    )
    figures = {result.indicator.code: result for result in indicators}
    things = {result.deliverable.code: result for result in deliverables}

    def task_for(unit: str, task: Task) -> TaskResult:
        return _unit_task(unit, task, figures, things, rules)

    tasks = tuple(_whole_task(task, figures, things, rules) for task in plan.tasks)
    units = tuple(
        _unit_result(plan, unit.code, rules, task_for)
        for unit in plan.directory.units
        if plan.tasks_for(unit.code)
    )
    progress, pace = _combine([(task.progress, task.pace) for task in tasks])
    expected = expected_units(plan)
    return YearStatus(
        plan=plan,
        period=period,
        progress=progress,
        pace=pace,
        light=judge(progress, pace, rules),
        reporting_rate=_rate(sum(unit in reports for unit in expected), len(expected)),
        timeliness=_rate(sum(reports.get(unit, False) for unit in expected), len(expected)),
        indicators=indicators,
        deliverables=deliverables,
        tasks=tasks,
        units=units,
        rules=rules,
    )


def expected_units(plan: Plan) -> tuple[str, ...]:
    """Return the codes of the units whose report is expected: those with a task, but the office.

    The office records its own achievements directly and sends no packet to itself.
    """
    return tuple(u.code for u in plan.directory.reporting_units if plan.tasks_for(u.code))


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _combine(pairs: Sequence[tuple[float | None, float]]) -> tuple[float | None, float]:
    """Return mean progress, and mean pace of the same members (of all if none has data)."""
    known = [(progress, pace) for progress, pace in pairs if progress is not None]
    pace = mean(pace for _, pace in (known or pairs))
    return mean(progress for progress, _ in known), pace if pace is not None else 0.0


def _task_result(task: Task, parts: tuple[Part, ...], rules: Rules) -> TaskResult:
    progress, pace = _combine([(part.progress, part.pace) for part in parts])
    missed = any(part.deadline_missed for part in parts)
    light = judge(progress, pace, rules, deadline_missed=missed)
    return TaskResult(task, progress, pace, light, parts)


def _whole_task(
    task: Task,
    indicators: Mapping[str, IndicatorResult],
    deliverables: Mapping[str, DeliverableResult],
    rules: Rules,
) -> TaskResult:
    figures = (indicators[indicator.code] for indicator in task.indicators)
    things = (deliverables[item.code] for item in task.deliverables)
    parts = (
        *(_part(r.indicator.code, r.indicator.name, _capped(r.attainment), r) for r in figures),
        *(_part(r.deliverable.code, r.deliverable.title, r.progress, r) for r in things),
    )
    return _task_result(task, parts, rules)


def _part(
    code: str, name: str, progress: float | None, result: IndicatorResult | DeliverableResult
) -> Part:
    missed = isinstance(result, DeliverableResult) and result.deadline_missed
    return Part(code, name, progress, result.pace, result.light, missed)


def _unit_result(
    plan: Plan, unit: str, rules: Rules, task_for: Callable[[str, Task], TaskResult]
) -> UnitResult:
    tasks = tuple(task_for(unit, task) for task in plan.tasks_for(unit))
    progress, pace = _combine([(task.progress, task.pace) for task in tasks])
    light = judge(progress, pace, rules)
    return UnitResult(unit, plan.directory.name(unit), progress, pace, light, tasks)


def _unit_task(
    unit: str,
    task: Task,
    indicators: Mapping[str, IndicatorResult],
    deliverables: Mapping[str, DeliverableResult],
    rules: Rules,
) -> TaskResult:
    parts: list[Part] = []
    for indicator in task.indicators:
        result = indicators[indicator.code]
        own = next((part for part in result.by_unit if part.unit == unit), None)
        if own is not None:
            parts.append(_unit_indicator_part(result, own, rules))
    parts.extend(
        _unit_deliverable_part(deliverables[item.code], unit, rules) for item in task.deliverables
    )
    return _task_result(task, tuple(parts), rules)


def _unit_deliverable_part(result: DeliverableResult, unit: str, rules: Rules) -> Part:
    status = result.by_unit.get(unit)
    progress = None if status is None else status.progress
    missed = result.deadline_missed and status is not Status.DONE
    light = judge(progress, result.pace, rules, deadline_missed=missed)
    thing = result.deliverable
    return Part(thing.code, thing.title, progress, result.pace, light, missed)


def _unit_indicator_part(result: IndicatorResult, own: UnitFigure, rules: Rules) -> Part:
    """Return a unit's part of an indicator.

    Without a share of its own, a unit that reports a shared count is judged by what all of its
    units have reached together; one that has reported nothing has no data.
    """
    reached = own.attainment
    if own.target is None and own.figure.reported:
        reached = result.attainment
    light = judge(reached, result.pace, rules)
    indicator = result.indicator
    return Part(indicator.code, indicator.name, _capped(reached), result.pace, light)


def _capped(reached: float | None) -> float | None:
    return None if reached is None else capped(reached)
