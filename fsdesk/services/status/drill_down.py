"""Opening figures of the workspace: 63 % → indicators → units → periods → rows → proof, packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.output.reporting import Reporting, basis_line
from fsdesk.domain.output.wording import target_text
from fsdesk.domain.status.drill_down import (
    Depth,
    DrillLevel,
    DrillLine,
    FigureRef,
    figure_text,
    formula_text,
)
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced
from fsdesk.services.ledger.ledger_figures import told_differently
from fsdesk.services.status import drill_parts, drill_sources
from fsdesk.services.status.aggregation import status_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.results import (
        DeliverableResult,
        IndicatorResult,
        Part,
        TaskResult,
        UnitResult,
        YearStatus,
    )
    from fsdesk.workspace import Workspace

_PACE = Measure.PACE.label
_NUMBERS = (1, 2)


def open_figure(workspace: Workspace, period: Period, spot: FigureRef) -> DrillLevel:
    """Return what lies under a figure that counts up to a period.

    Raises:
        InputRejectedError: When the plan no longer holds it.
    """
    year = status_now(workspace, period)
    try:
        if spot.depth in _DEEP:
            level = _DEEP[spot.depth](workspace, year, spot)
        else:
            level = _SHALLOW[spot.depth](year, spot)
        way = (*_way_to(year, spot), *level.way)
        return replace(level, way=way, words=(*level.words, *_published(year)))
    except (StopIteration, KeyError) as problem:
        raise reject(f"计划中已没有 {spot.item or spot.unit}", "请刷新后再试") from problem


def _published(year: YearStatus) -> tuple[str, ...]:
    if year.publication is None:
        return ()
    return (f"本期数字已于{year.publication}；溯源按最新数据，可能与发布的数字不同。",)


def _way_to(year: YearStatus, spot: FigureRef) -> tuple[tuple[FigureRef, str], ...]:
    """Return the figures from the year down to the one above this, each with its name."""
    plan = year.plan
    if spot.depth is Depth.YEAR:
        return ()
    way = [(FigureRef(Depth.YEAR), Measure.OVERALL.label)]
    if spot.depth is Depth.UNIT:
        return tuple(way)
    unit = plan.directory.name(spot.unit)
    if spot.depth is Depth.TASK:
        return (*way, (FigureRef(Depth.UNIT, unit=spot.unit), unit)) if spot.unit else tuple(way)
    task = plan.task_of[spot.item].code
    way.append((FigureRef(Depth.TASK, task), task))
    if spot.depth in (Depth.INDICATOR, Depth.DELIVERABLE):
        return tuple(way)
    is_indicator = spot.item in plan.indicators_by_code
    above = Depth.INDICATOR if is_indicator else Depth.DELIVERABLE
    way.append((FigureRef(above, spot.item), spot.item))
    if spot.depth is not Depth.FIGURE:
        way.append((FigureRef(Depth.FIGURE, spot.item, spot.unit), unit))
    return tuple(way)


def _heads(measure: Measure) -> tuple[str, ...]:
    return ("项目", measure.label, _PACE, "说明")


def _judged(
    year: YearStatus,
    measure: Measure,
    reached: float | None,
    result: YearStatus | UnitResult | TaskResult | IndicatorResult | DeliverableResult,
) -> str:
    """Say a figure, its pace and its light."""
    shown = paced(reached, result.pace, year.rules)
    return f"{measure.label} {shown.reached}，{_PACE} {shown.pace}，{result.light.label}。"


def _covered(result: TaskResult | UnitResult) -> str:
    return f"{Measure.COVERAGE.label} {result.rests_on}"


def _year(year: YearStatus, spot: FigureRef) -> DrillLevel:
    known = sum(task.progress is not None for task in year.tasks)
    return DrillLevel(
        spot,
        (whose := Measure.UNIT_PROGRESS if year.unit else Measure.OVERALL).label,
        (
            f"截至{year.period.label}{_judged(year, whose, year.progress, year)}",
            f"算法：{known} 项有数据的任务进度的平均数。",
            f"数据依据：{basis_line(year, Reporting())}。",
        ),
        _heads(Measure.TASK_PROGRESS),
        tuple(_task_line(year, task, "") for task in year.tasks),
        _NUMBERS,
    )


def _unit(year: YearStatus, spot: FigureRef) -> DrillLevel:
    result = next(each for each in year.units if each.unit == spot.unit)
    known = sum(task.progress is not None for task in result.tasks)
    return DrillLevel(
        spot,
        result.name,
        (
            f"{result.name}{_judged(year, Measure.UNIT_PROGRESS, result.progress, result)}",
            f"算法：{known} 项有数据的任务进度的平均数；{_covered(result)}。",
        ),
        _heads(Measure.TASK_PROGRESS),
        tuple(_task_line(year, task, spot.unit) for task in result.tasks),
        _NUMBERS,
    )


def _task_line(year: YearStatus, result: TaskResult, unit: str) -> DrillLine:
    shown = paced(result.progress, result.pace, year.rules)
    cells = (
        f"{result.task.code} {result.task.title}",
        shown.reached,
        shown.pace,
        _covered(result),
    )
    to = FigureRef(Depth.TASK, result.task.code, unit)
    return DrillLine(cells, result.light, to, values=(result.progress, result.pace))


def _task(year: YearStatus, spot: FigureRef) -> DrillLevel:
    among = year.tasks
    whose = ""
    if spot.unit:
        unit = next(each for each in year.units if each.unit == spot.unit)
        among, whose = unit.tasks, f"{unit.name} · "
    result = next(each for each in among if each.task.code == spot.item)
    return DrillLevel(
        spot,
        f"{whose}{result.task.code} {result.task.title}",
        (
            _judged(year, Measure.TASK_PROGRESS, result.progress, result),
            (
                f"算法：{result.known_parts} 项有数据的指标完成率（最多计 100%）"
                f"和事项进度的平均数；{_covered(result)}。"
            ),
        ),
        ("项目", "完成率或事项进度", _PACE, "说明"),
        tuple(_part(year, part, spot.unit) for part in result.parts),
        _NUMBERS,
    )


def _part(year: YearStatus, part: Part, unit: str) -> DrillLine:
    is_indicator = part.code in year.plan.indicators_by_code
    kind = "指标" if is_indicator else "事项"
    if is_indicator:
        to = (
            FigureRef(Depth.FIGURE, part.code, unit)
            if unit
            else FigureRef(Depth.INDICATOR, part.code)
        )
    else:
        to = FigureRef(Depth.DELIVERABLE, part.code, unit)
    missed = "，已逾期" if part.deadline_missed else ""
    shown = paced(part.progress, part.pace, year.rules)
    cells = (
        f"{part.code} {part.name}",
        shown.reached,
        shown.pace,
        f"{kind}{missed}",
    )
    return DrillLine(cells, part.light, to, values=(part.progress, part.pace))


def _indicator(workspace: Workspace, year: YearStatus, spot: FigureRef) -> DrillLevel:
    result = next(each for each in year.indicators if each.indicator.code == spot.item)
    indicator = result.indicator
    both = told_differently(workspace, year.period).get(indicator.code)
    return DrillLevel(
        spot,
        f"{indicator.code} {indicator.name}",
        (
            (
                f"{figure_text(result.figure, indicator.measure_unit, year.period)}，"
                f"目标 {target_text(year, result)}，"
                f"{_judged(year, Measure.ATTAINMENT, result.attainment, result)}"
            ),
            formula_text(indicator),
            *([both.text(year.period)] if both else ()),
        ),
        ("单位", "数值", "分解目标", Measure.ATTAINMENT.label),
        tuple(
            DrillLine(
                (
                    year.plan.directory.name(part.unit),
                    figure_text(part.figure, indicator.measure_unit, year.period),
                    "" if part.target is None else indicator.text_of(part.target),
                    ""
                    if part.attainment is None
                    else paced(part.attainment, result.pace, year.rules).reached,
                ),
                # What counts only together with others is not judged by itself.
                None if part.figure.reported and part.target is None else part.light,
                FigureRef(Depth.FIGURE, spot.item, part.unit),
                values=(part.figure.value, part.target, part.attainment),
            )
            for part in result.by_unit
        ),
        (1, 2, 3),
    )


def _deliverable(year: YearStatus, spot: FigureRef) -> DrillLevel:
    result = next(each for each in year.deliverables if each.deliverable.code == spot.item)
    thing = result.deliverable
    units = [spot.unit] if spot.unit else list(result.by_unit)
    return DrillLevel(
        spot,
        f"{thing.code} {thing.title}",
        (
            (
                f"{thing.schedule_text}，"
                f"{_judged(year, Measure.THING_PROGRESS, result.progress, result)}"
            ),
            "算法：已填报单位的平均数，已完成计 100%，进行中计 50%，未启动计 0%。",
        ),
        ("单位", "状态"),
        tuple(
            DrillLine(
                (
                    year.plan.directory.name(unit),
                    state.label if (state := result.by_unit.get(unit)) is not None else "未报",
                ),
                None,
                FigureRef(Depth.FIGURE, spot.item, unit),
            )
            for unit in units
        ),
    )


_SHALLOW: dict[Depth, Callable[[YearStatus, FigureRef], DrillLevel]] = {
    Depth.YEAR: _year,
    Depth.UNIT: _unit,
    Depth.TASK: _task,
    Depth.DELIVERABLE: _deliverable,
}
_DEEP: dict[Depth, Callable[[Workspace, YearStatus, FigureRef], DrillLevel]] = {
    Depth.INDICATOR: _indicator,
    Depth.FIGURE: drill_sources.figure_level,
    Depth.RECORD: drill_sources.record_level,
    Depth.ROWS: drill_sources.rows_level,
    Depth.PARTS: drill_parts.parts_level,
    Depth.PART: drill_parts.part_level,
    Depth.PART_ROWS: drill_parts.part_rows_level,
}


def further(level: DrillLevel) -> FigureRef:
    """Return the rows behind those that a level shows."""
    return replace(level.spot, start=level.spot.start + len(level.lines))
