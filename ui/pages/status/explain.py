"""Why a figure is what it is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.drill_down import figure_text as reported_text
from fsdesk.domain.status.drill_down import formula_text
from ui.widgets.pictures.pace_bar import percentage

if TYPE_CHECKING:
    from fsdesk.domain.status.results import (
        IndicatorResult,
        Part,
        TaskResult,
        UnitResult,
        YearStatus,
    )


def _headline(name: str, result: TaskResult | UnitResult) -> str:
    progress, pace = percentage(result.progress), percentage(result.pace)
    return f"{name}：进度 {progress}，序时 {pace}，{result.light.label}"


def explain_task(result: TaskResult) -> str:
    """Say in words how a task's progress came about."""
    head = f"{result.task.code} {result.task.title}"
    lines = [
        _headline(head, result),
        f"进度是下列 {result.known_parts} 项有数据的指标完成率（最多计 100%）和事项进度的平均数：",
    ]
    return "\n".join(lines + [_part_line(part) for part in result.parts])


def _part_line(part: Part) -> str:
    shown = "无数据，不计入" if part.progress is None else percentage(part.progress)
    missed = "，已过期限" if part.deadline_missed else ""
    pace = f"（序时 {percentage(part.pace)}{missed}）"
    return f"  {part.light.mark} {part.code} {part.name}：{shown}{pace}"


def explain_unit(result: UnitResult) -> str:
    """Say in words how a unit's progress came about."""
    known = sum(task.progress is not None for task in result.tasks)
    lines = [
        _headline(result.name, result),
        f"进度是下列 {known} 项有数据的任务进度的平均数：",
    ]
    for task in result.tasks:
        name = f"{task.task.code} {task.task.title}"
        lines.append(f"{task.light.mark} {name}：{percentage(task.progress)}")
        lines += [f"  {_part_line(part)}" for part in task.parts]
    return "\n".join(lines)


def explain_indicator(status: YearStatus, result: IndicatorResult) -> str:
    """Say in words how an indicator's figure came about."""
    indicator, figure = result.indicator, result.figure
    head = (
        f"{indicator.code} {indicator.name}：{figure_text(result)}，目标 {indicator.target_text}，"
        f"完成率 {percentage(result.attainment)}，序时 {percentage(result.pace)}"
        f"（{indicator.pace.rule.label}），{result.light.label}"
    )
    lines = [head, formula_text(indicator), ""]
    if figure.numerator is not None and figure.denominator is not None:
        sums = f"{number_text(figure.numerator)} ÷ {number_text(figure.denominator)}"
        lines.insert(2, f"合计：{sums}")
    for part in result.by_unit:
        name = status.plan.unit_name(part.unit)
        share = ""
        if indicator.share_of(part.unit) is not None:
            share = f"，分解目标 {number_text(part.target or 0)}"
        lines.append(f"  {name}：{reported_text(part.figure)}{share}")
    return "\n".join(lines)


def figure_text(result: IndicatorResult) -> str:
    """Return an indicator's figure with its unit; 无数据 without one."""
    value = result.figure.value
    if value is None:
        return "无数据"
    return f"{number_text(value)}{result.indicator.measure_unit}"
