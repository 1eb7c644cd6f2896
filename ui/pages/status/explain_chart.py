"""The numbers behind a spot of a chart, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.wording import DUE, REPORT_STATES, target_text, value_text
from fsdesk.domain.periods import MONTHS, Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced
from ui.pages.status.explain import explain_indicator, explain_task, explain_unit

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
    unit = next(unit for unit in found.status.units if unit.unit == codes[0])
    return explain_unit(unit, found.status.rules)


def _unit_task(found: ChartNumbers, codes: list[str]) -> str:
    unit = next(unit for unit in found.status.units if unit.unit == codes[0])
    task = next(task for task in unit.tasks if task.task.code == codes[1])
    return f"{unit.name}\n{explain_task(task, found.status.rules)}"


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
        f"  {task.task.code} {task.task.title}：{shown.reached}"
        f"（{Measure.PACE.label} {shown.pace}）"
        for task in tasks
        for shown in [paced(task.progress, task.pace, found.status.rules)]
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
        reached, due = trend.month_texts(number + 1)
        mark = "▶" if codes[1] == str(number + 1) else "  "
        lines.append(f"{mark}{month.label}：{f'{reached}，' if reached else ''}{DUE} {due}")
    return "\n".join([*lines, _ahead(trend)])


def _ahead(trend: Trend) -> str:
    if trend.forecast is None:
        return "数据不足或年度已结束，不作预测。"
    low, high = (trend.estimate_text(end) for end in (trend.forecast.low, trend.forecast.high))
    return (
        f"{Measure.FORECAST.label} {trend.estimate_text(trend.forecast.expected)}，"
        f"区间 {low} 至 {high}：后续各月按已有月份的平均进度推算，区间按月际波动估计，"
        "假定以后各月与以前相似。"
    )


def _years(found: ChartNumbers, codes: list[str]) -> str:
    if found.before is None:
        return ""
    now = next(r for r in found.status.indicators if r.indicator.code == codes[0])
    name = now.indicator.name
    then = next(r for r in found.before.indicators if r.indicator.name == name)
    lines = [
        f"{status.plan.year} 年：{value_text(result.indicator, result.figure, status.period)}，"
        f"目标 {target_text(status, result)}，{Measure.ATTAINMENT.label} "
        f"{paced(result.attainment, result.pace, status.rules).reached}"
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
