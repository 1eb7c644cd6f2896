"""What differs between two judgements of the same period, figure by figure, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.drill_down import figure_text
from fsdesk.domain.status.shares import paced, share_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.lights import Light
    from fsdesk.domain.status.results import (
        DeliverableResult,
        IndicatorResult,
        TaskResult,
        UnitResult,
        YearStatus,
    )

    _Paced = YearStatus | DeliverableResult | TaskResult | UnitResult

# Stands for a figure that one of the two judgements doesn't have at all.
ABSENT = "无"


class Judged(LabelledEnum):
    """What a figure is about."""

    YEAR = "year", "全部单位"
    INDICATOR = "indicator", "指标"
    PART = "part", "单位指标"
    DELIVERABLE = "deliverable", "事项"
    TASK = "task", "任务"
    UNIT = "unit", "单位"


_ORDER = {judged: position for position, judged in enumerate(Judged)}


class FigureChange(Struct, frozen=True):
    """A figure or a light that is another one.

    Attributes:
        code: Of the indicator, deliverable, task or unit; for the year what of it, e.g. ``pace``.
        name: What stands on screen for it.
        before: The figure and its light in words; 无 where it wasn't judged.
        after: The same, as it is now.
        unit: Whose part of an indicator it is; else empty.
    """

    what: Judged
    code: str
    name: str
    before: str
    after: str
    unit: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.what.label} {self.name}：{self.before} → {self.after}"


# What it is about, its code, and the unit for a part of an indicator.
_Key = tuple[Judged, str, str]


class _Line(Struct, frozen=True):
    name: str
    words: str


def compare_status(before: YearStatus, after: YearStatus) -> tuple[FigureChange, ...]:
    """Return every figure and light that people would read differently, in the plan's order.

    Both are judgements of one period. A name or a title that is another one is no change; what
    only one of the two holds is told against 无.
    """
    old, new = dict(_lines(before)), dict(_lines(after))
    found: list[FigureChange] = []
    for key in sorted({**new, **old}, key=lambda key: _ORDER[key[0]]):
        what, code, unit = key
        was, now = (lines[key].words if key in lines else ABSENT for lines in (old, new))
        if was != now:
            name = (new.get(key) or old[key]).name
            found.append(FigureChange(what, code, name, was, now, unit))
    return tuple(found)


def _lines(status: YearStatus) -> Iterator[tuple[_Key, _Line]]:
    rules = status.rules
    year = (
        ("progress", "总进度", _judged(status, rules)),
        ("reporting_rate", "报送率", share_text(status.reporting_rate)),
        ("timeliness", "及时率", share_text(status.timeliness)),
    )
    for code, name, words in year:
        yield (Judged.YEAR, code, ""), _Line(name, words)
    for result in status.indicators:
        yield from _indicator_lines(status, result)
    for thing in status.deliverables:
        item = thing.deliverable
        yield (Judged.DELIVERABLE, item.code, ""), _Line(item.title, _judged(thing, rules))
    for task in status.tasks:
        yield (Judged.TASK, task.task.code, ""), _Line(task.task.title, _judged(task, rules))
    for unit in status.units:
        yield (Judged.UNIT, unit.unit, ""), _Line(unit.name, _judged(unit, rules))


def _indicator_lines(status: YearStatus, result: IndicatorResult) -> Iterator[tuple[_Key, _Line]]:
    indicator = result.indicator
    shown = paced(result.attainment, result.pace, status.rules)
    figure = figure_text(result.figure, indicator.measure_unit, status.period)
    words = (
        f"{_lit(result.light)}，{figure}，目标{indicator.target_text}，"
        f"完成{shown.reached}，序时{shown.pace}"
    )
    yield (Judged.INDICATOR, indicator.code, ""), _Line(indicator.name, words)
    for part in result.by_unit:
        if part.figure.reported:
            name = f"{indicator.name}（{status.plan.unit_name(part.unit)}）"
            figure = figure_text(part.figure, indicator.measure_unit, status.period)
            target = "" if part.target is None else f"，目标{number_text(part.target)}"
            words = f"{_lit(part.light)}，{figure}{target}"
            if part.attainment is not None:
                words += f"，完成{paced(part.attainment, result.pace, status.rules).reached}"
            yield (Judged.PART, indicator.code, part.unit), _Line(name, words)


def _judged(result: _Paced, rules: Rules) -> str:
    shown = paced(result.progress, result.pace, rules)
    return f"{_lit(result.light)}，{shown.reached}，序时{shown.pace}"


def _lit(light: Light) -> str:
    return f"{light.mark} {light.label}"
