"""How figures are worded in every report, so that table, chart and letter say the same."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fsdesk.domain.output.light_colours import ON_PAPER
from fsdesk.domain.plan.indicators import IndicatorKind, number_text
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.records.records import Status
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import MISSING, number_beside, paced, share_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.records.figures import Figure
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import (
        DeliverableResult,
        IndicatorResult,
        TaskResult,
        YearStatus,
    )

NOT_REPORTED = "未报"
NO_DATA = MISSING
# Before what should have been reached by now, in the measure unit; its share is the 序时进度.
DUE = "序时应完成"
# On white paper, each at least 4.5:1.
LIGHT_COLOURS = {light.value: tones.ink for light, tones in ON_PAPER.items()}


# What may have become of a report: its light and its word.
REPORT_STATES: Mapping[str, tuple[Light, str]] = {
    "on_time": (Light.GREEN, "按时"),
    "late": (Light.YELLOW, "逾期"),
    "returned": (Light.GREY, "退回待重报"),
    "missing": (Light.RED, "未报"),
}


def missing_text(*, reported: bool) -> str:
    """Return what stands for a missing figure: 未报 or, when something was reported, —."""
    return NO_DATA if reported else NOT_REPORTED


def value_text(
    indicator: Indicator, figure: Figure, period: Period, target: float | None = None
) -> str:
    """Write a figure with its measure unit: 650批次, 66.67%（截至3月）; 未报 or — without one.

    `period`: that it is shown for.
    `target`: what it is held against, which it must not read as while it misses it; without one
        the indicator's own.
    """
    if figure.value is None:
        return missing_text(reported=figure.reported)
    number = number_beside(figure.value, indicator.target if target is None else target)
    return f"{number}{indicator.measure_unit}{figure.beside(period)}"


def parts_text(indicator: Indicator, figure: Figure) -> str:
    """Write what a ratio is made of, e.g. 20/30; empty for counts and without data."""
    if indicator.kind is IndicatorKind.COUNT or figure.numerator is None:
        return ""
    if figure.denominator is None:
        return ""
    return f"{number_text(figure.numerator)}/{number_text(figure.denominator)}"


def light_text(light: Light) -> str:
    """Write a light as mark and word: ▲ 偏慢."""
    return f"{light.mark} {light.label}"


def day_text(moment: str) -> str:
    """Write the day of a moment of the log, by this PC's calendar: 3月5日."""
    day = datetime.fromisoformat(moment).astimezone()
    return f"{day.month}月{day.day}日"


def numbered(number: int, title: str) -> str:
    """Number a section as documents do: 一、压实责任."""
    digits = "一二三四五六七八九十"
    return f"{digits[number - 1]}、{title}" if 1 <= number <= len(digits) else title


def target_text(status: YearStatus, result: IndicatorResult) -> str:
    """Write a target; of one that units reach together it says so beside a single unit's figure."""
    own = result.indicator.target_text
    together = status.unit and any(part.target is None for part in result.by_unit)
    return f"合计{own}" if together else own


def indicator_line(status: YearStatus, result: IndicatorResult) -> str:
    """Say in one line what an indicator has come to."""
    indicator, figure = result.indicator, result.figure
    value = value_text(indicator, figure, status.period)
    made_of = parts_text(indicator, figure)
    value += f"（{made_of}）" if made_of else ""
    reached = ""
    if result.attainment is not None:
        share = paced(result.attainment, result.pace, status.rules).reached
        reached = f"，{Measure.ATTAINMENT.label}{share}"
    return (
        f"{result.light.mark} {indicator.name}：{value}，目标{target_text(status, result)}{reached}"
    )


def gap_text(task: TaskResult, rules: Rules) -> str:
    """Say why a task is behind: by how much, or that a date was missed."""
    if any(part.deadline_missed for part in task.parts):
        return "逾期未完成"
    if task.progress is None:
        return missing_text(reported=False)
    return f"{paced(task.progress, task.pace, rules).gap}个百分点"


def deliverable_line(result: DeliverableResult) -> str:
    """Say in one line how many units have done a deliverable."""
    statuses = [*result.by_unit.values()]
    thing = result.deliverable
    head = f"{result.light.mark} {thing.title}（{thing.schedule_text}）："
    if len(statuses) == 1:
        return head + (NOT_REPORTED if statuses[0] is None else statuses[0].label)
    counts = [(status.label, statuses.count(status)) for status in reversed(Status)]
    counts.append((NOT_REPORTED, statuses.count(None)))
    return head + "、".join(f"{word}{count}家" for word, count in counts if count)


def task_reported(
    task: TaskResult,
    indicators: dict[str, IndicatorResult],
    deliverables: dict[str, DeliverableResult],
) -> bool:
    """Tell whether anything of a task was reported, were it only 无此项."""
    return any(
        (indicators[part.code].figure.reported if part.code in indicators else False)
        or (part.code in deliverables and deliverables[part.code].reported_units > 0)
        for part in task.parts
    )


def units_with_reports(status: YearStatus) -> frozenset[str]:
    """Return the codes of the units that have reported anything, were it only 无此项."""
    values = {
        part.unit for result in status.indicators for part in result.by_unit if part.figure.reported
    }
    states = {
        unit
        for result in status.deliverables
        for unit, state in result.by_unit.items()
        if state is not None
    }
    return frozenset(values | states)


def rules_line(rules: Rules) -> str:
    """Say by which rule lights are given."""
    margin = number_text(rules.yellow_margin * PER_CENT, 1)
    return (
        f"亮灯规则：● 正常，达到或超过序时进度；▲ 偏慢，落后不超过{margin}个百分点；"
        f"■ 滞后，落后超过{margin}个百分点或逾期未完成；"
        f"○ 数据不足，没有数据或数据覆盖不到{share_text(rules.least_coverage)}。"
    )


def published_lines(status: YearStatus) -> tuple[str, ...]:
    """Say of a published period whether the figures are those that were published."""
    if status.publication is None:
        return ()
    if status.as_published:
        return (f"以上为{status.publication}的数字，以后的变动不在其内。",)
    return (f"以上为最新数据，不是{status.publication}的数字。",)


def missing_line() -> str:
    """Say what 未报 and — mean."""
    return (
        f"“{NOT_REPORTED}”表示责任单位尚未报送，“{NO_DATA}”表示没有可计算的数据；两者都不按零计算。"
    )
