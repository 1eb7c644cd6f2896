"""Why a figure is what it is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.wording import target_text, value_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.drill_down import figure_text, formula_text
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced

if TYPE_CHECKING:
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import (
        IndicatorResult,
        Part,
        TaskResult,
        UnitResult,
        YearStatus,
    )
    from fsdesk.services.ledger.ledger_figures import TwoFigures


def _headline(name: str, measure: Measure, result: TaskResult | UnitResult, rules: Rules) -> str:
    shown = paced(result.progress, result.pace, rules)
    return (
        f"{name}：{measure.label} {shown.reached}，{Measure.PACE.label} {shown.pace}，"
        f"{result.light.label}"
    )


def explain_task(result: TaskResult, rules: Rules) -> str:
    """Say in words how a task's progress came about."""
    head = f"{result.task.code} {result.task.title}"
    lines = [
        _headline(head, Measure.TASK_PROGRESS, result, rules),
        (
            f"任务进度是下列 {result.known_parts} 项有数据的指标完成率（最多计 100%）"
            "和事项进度的平均数："
        ),
    ]
    return "\n".join(lines + [_part_line(part, rules) for part in result.parts])


def _part_line(part: Part, rules: Rules) -> str:
    shown = paced(part.progress, part.pace, rules)
    reached = "无数据，不计入" if part.progress is None else shown.reached
    missed = "，已逾期" if part.deadline_missed else ""
    pace = f"（{Measure.PACE.label} {shown.pace}{missed}）"
    return f"  {part.light.mark} {part.code} {part.name}：{reached}{pace}"


def explain_unit(result: UnitResult, rules: Rules) -> str:
    """Say in words how a unit's progress came about."""
    known = sum(task.progress is not None for task in result.tasks)
    lines = [
        _headline(result.name, Measure.UNIT_PROGRESS, result, rules),
        f"单位进度是下列 {known} 项有数据的任务进度的平均数：",
    ]
    for task in result.tasks:
        name = f"{task.task.code} {task.task.title}"
        share = paced(task.progress, task.pace, rules).reached
        lines.append(f"{task.light.mark} {name}：{share}")
        lines += [f"  {_part_line(part, rules)}" for part in task.parts]
    return "\n".join(lines)


def explain_indicator(
    status: YearStatus, result: IndicatorResult, both: TwoFigures | None = None
) -> str:
    """Say in words how an indicator's figure came about.

    `both`: what its two sources tell, where they differ.
    """
    indicator, figure = result.indicator, result.figure
    shown = paced(result.attainment, result.pace, status.rules)
    head = (
        f"{indicator.code} {indicator.name}：{value_text(indicator, figure, status.period)}，"
        f"目标 {target_text(status, result)}，{Measure.ATTAINMENT.label} {shown.reached}，"
        f"{Measure.PACE.label} {shown.pace}（{indicator.pace.rule.label}），{result.light.label}"
    )
    lines = [head, formula_text(indicator), ""]
    if both is not None:
        lines.insert(1, both.text(status.period))
    if figure.numerator is not None and figure.denominator is not None:
        sums = f"{number_text(figure.numerator)} ÷ {number_text(figure.denominator)}"
        lines.insert(-1, f"合计：{sums}")
    for part in result.by_unit:
        name = status.plan.unit_name(part.unit)
        share = ""
        if indicator.share_of(part.unit) is not None:
            share = f"，分解目标 {indicator.text_of(part.target or 0)}"
        lines.append(
            f"  {name}：{figure_text(part.figure, indicator.measure_unit, status.period)}{share}"
        )
    return "\n".join(lines)
