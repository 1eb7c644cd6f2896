"""Opening figures of the workspace: 63 % → indicators → units → periods → rows → proof, packet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.drill_down import (
    Depth,
    DrillLevel,
    DrillLine,
    FigureRef,
    figure_text,
    formula_text,
    per_cent,
)
from fsdesk.services.status import drill_sources
from fsdesk.services.status.aggregation import status

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.results import (
        Part,
        TaskResult,
        YearStatus,
    )
    from fsdesk.workspace import Workspace

_PROGRESS = ("项目", "进度", "序时", "说明")
_NUMBERS = (1, 2)


def open_figure(workspace: Workspace, period: Period, spot: FigureRef) -> DrillLevel:
    """Return what lies under a figure that counts up to a period.

    Raises:
        InputRejectedError: When the plan no longer holds it.
    """
    year = status(workspace, period)
    try:
        if spot.depth in _DEEP:
            level = _DEEP[spot.depth](workspace, year, spot)
        else:
            level = _SHALLOW[spot.depth](year, spot)
        return replace(level, way=_way_to(year, spot))
    except (StopIteration, KeyError) as problem:
        raise reject(f"计划中已没有 {spot.item or spot.unit}", "请刷新后再试") from problem


def _way_to(year: YearStatus, spot: FigureRef) -> tuple[tuple[FigureRef, str], ...]:
    """Return the figures from the year down to the one above this, each with its name."""
    plan = year.plan
    if spot.depth is Depth.YEAR:
        return ()
    way = [(FigureRef(Depth.YEAR), "全年进度")]
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


def _year(year: YearStatus, spot: FigureRef) -> DrillLevel:
    known = sum(task.progress is not None for task in year.tasks)
    return DrillLevel(
        spot,
        "全年进度",
        (
            (
                f"截至{year.period.label}总体进度 {per_cent(year.progress)}，"
                f"序时进度 {per_cent(year.pace)}，{year.light.label}。"
            ),
            f"算法：{known} 项有数据的任务进度的平均数。",
        ),
        _PROGRESS,
        tuple(_task_line(task, "") for task in year.tasks),
        _NUMBERS,
    )


def _unit(year: YearStatus, spot: FigureRef) -> DrillLevel:
    result = next(each for each in year.units if each.unit == spot.unit)
    known = sum(task.progress is not None for task in result.tasks)
    return DrillLevel(
        spot,
        result.name,
        (
            (
                f"{result.name}进度 {per_cent(result.progress)}，序时进度 {per_cent(result.pace)}，"
                f"{result.light.label}。"
            ),
            f"算法：{known} 项有数据的任务进度的平均数。",
        ),
        _PROGRESS,
        tuple(_task_line(task, spot.unit) for task in result.tasks),
        _NUMBERS,
    )


def _task_line(result: TaskResult, unit: str) -> DrillLine:
    cells = (
        f"{result.task.code} {result.task.title}",
        per_cent(result.progress),
        per_cent(result.pace),
        f"{result.known_parts}/{len(result.parts)} 项有数据",
    )
    return DrillLine(cells, result.light, FigureRef(Depth.TASK, result.task.code, unit))


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
            (
                f"进度 {per_cent(result.progress)}，序时进度 {per_cent(result.pace)}，"
                f"{result.light.label}。"
            ),
            f"算法：{result.known_parts} 项有数据的指标完成率（最多计 100%）和事项进度的平均数。",
        ),
        _PROGRESS,
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
    missed = "，已过期限" if part.deadline_missed else ""
    cells = (
        f"{part.code} {part.name}",
        per_cent(part.progress),
        per_cent(part.pace),
        f"{kind}{missed}",
    )
    return DrillLine(cells, part.light, to)


def _indicator(year: YearStatus, spot: FigureRef) -> DrillLevel:
    result = next(each for each in year.indicators if each.indicator.code == spot.item)
    indicator = result.indicator
    return DrillLevel(
        spot,
        f"{indicator.code} {indicator.name}",
        (
            (
                f"{figure_text(result.figure, indicator.measure_unit)}，"
                f"目标 {indicator.target_text}，"
                f"完成率 {per_cent(result.attainment)}，序时进度 {per_cent(result.pace)}，"
                f"{result.light.label}。"
            ),
            formula_text(indicator),
        ),
        ("单位", "数值", "分解目标", "完成率"),
        tuple(
            DrillLine(
                (
                    year.plan.directory.name(part.unit),
                    figure_text(part.figure, indicator.measure_unit),
                    "" if part.target is None else number_text(part.target),
                    "" if part.attainment is None else per_cent(part.attainment),
                ),
                # What counts only together with others is not judged by itself.
                None if part.figure.reported and part.target is None else part.light,
                FigureRef(Depth.FIGURE, spot.item, part.unit),
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
            f"{thing.schedule_text}，进度 {per_cent(result.progress)}，{result.light.label}。",
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
    Depth.INDICATOR: _indicator,
    Depth.DELIVERABLE: _deliverable,
}
_DEEP: dict[Depth, Callable[[Workspace, YearStatus, FigureRef], DrillLevel]] = {
    Depth.FIGURE: drill_sources.figure_level,
    Depth.RECORD: drill_sources.record_level,
    Depth.ROWS: drill_sources.rows_level,
}


def further(level: DrillLevel) -> FigureRef:
    """Return the rows behind those that a level shows."""
    return replace(level.spot, start=level.spot.start + len(level.lines))
