"""The numbers behind a spot of a chart, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.wording import REPORT_STATES
from fsdesk.domain.periods import MONTHS, Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.lights import Light
from ui.pages.status.explain import explain_indicator, explain_task, explain_unit, figure_text
from ui.widgets.pictures.pace_bar import percentage

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.output.drawing import ChartSpot
    from fsdesk.domain.status.trend import Trend
    from fsdesk.services.output.charts import ChartNumbers


def explain_spot(found: ChartNumbers, spot: ChartSpot) -> str:
    """Return the numbers that a spot of a chart stands for; its own words where it has no more."""
    kind, *codes = spot.target
    explain = _EXPLAIN.get(kind)
    return explain(found, codes) if explain else spot.words


def _indicator(found: ChartNumbers, codes: list[str]) -> str:
    result = next(r for r in found.status.indicators if r.indicator.code == codes[0])
    return explain_indicator(found.status, result)


def _unit(found: ChartNumbers, codes: list[str]) -> str:
    return explain_unit(next(unit for unit in found.status.units if unit.unit == codes[0]))


def _unit_task(found: ChartNumbers, codes: list[str]) -> str:
    unit = next(unit for unit in found.status.units if unit.unit == codes[0])
    task = next(task for task in unit.tasks if task.task.code == codes[1])
    return f"{unit.name}\n{explain_task(task)}"


def _section(found: ChartNumbers, codes: list[str]) -> str:
    plan = found.status.plan
    section = next(s for s in plan.sections if str(s.number) == codes[0])
    light = Light(codes[1])
    tasks = [
        task
        for task in found.status.tasks
        if task.light is light and plan.section_of[task.task.code] is section
    ]
    lines = [f"{section.title}：{light.mark} {light.label} {len(tasks)} 项"]
    lines += [
        f"  {task.task.code} {task.task.title}：{percentage(task.progress)}"
        f"（序时 {percentage(task.pace)}）"
        for task in tasks
    ]
    return "\n".join(lines)


def _report(found: ChartNumbers, codes: list[str]) -> str:
    if found.reports is None:
        return ""
    unit = codes[0]
    name = dict(zip(found.reports.units, found.reports.names, strict=True))[unit]
    lines = [f"{name}各月报送情况"]
    for month in found.reports.months:
        state = (found.states or {}).get((unit, str(month)))
        if state is not None:
            light, word = REPORT_STATES[state]
            lines.append(f"  {month.label}：{light.mark} {word}")
    return "\n".join(lines)


def _trend(found: ChartNumbers, codes: list[str]) -> str:
    trend = found.trend
    if trend is None:
        return ""
    lines = [f"{trend.name}各月累计（目标 {number_text(trend.target)}{trend.measure_unit}）"]
    for number in range(MONTHS):
        month = Period.month(trend.period.year, number + 1)
        value = trend.values[number] if number < len(trend.values) else None
        unit = trend.measure_unit
        reached = "" if value is None else f"{number_text(value)}{unit}，"
        mark = "▶" if codes[1] == str(number + 1) else "  "
        lines.append(f"{mark}{month.label}：{reached}序时 {number_text(trend.pace[number])}{unit}")
    return "\n".join([*lines, _ahead(trend)])


def _ahead(trend: Trend) -> str:
    if trend.forecast is None:
        return "数据不足或年度已结束，不作预测。"
    low, high = number_text(trend.forecast.low), number_text(trend.forecast.high)
    return (
        f"全年预计 {number_text(trend.forecast.expected)}{trend.measure_unit}，"
        f"区间 {low} 至 {high}：后续各月按已有月份的平均进度推算，区间按月际波动估计，有八成把握。"
    )


def _years(found: ChartNumbers, codes: list[str]) -> str:
    if found.before is None:
        return ""
    now = next(r for r in found.status.indicators if r.indicator.code == codes[0])
    name = now.indicator.name
    then = next(r for r in found.before.indicators if r.indicator.name == name)
    lines = [
        f"{status.plan.year} 年：{figure_text(result)}，目标 {result.indicator.target_text}，"
        f"完成率 {percentage(result.attainment)}"
        for status, result in ((found.status, now), (found.before, then))
    ]
    return "\n".join([f"{name}（均截至同一月份）", *lines])


_EXPLAIN: dict[str, Callable[[ChartNumbers, list[str]], str]] = {
    "indicator": _indicator,
    "unit": _unit,
    "unit_task": _unit_task,
    "section": _section,
    "report": _report,
    "course": _trend,
    "years": _years,
}
