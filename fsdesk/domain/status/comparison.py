"""What differs between two judgements of the same period, figure by figure, as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.status.drill_down import figure_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.domain.records.figures import Figure
    from fsdesk.domain.status.lights import Light
    from fsdesk.domain.status.results import YearStatus

# Stands for a figure that one of the two judgements doesn't have at all.
ABSENT = "无"
_SHARE_DIGITS = 1


class Judged(LabelledEnum):
    """What a figure is about."""

    YEAR = "year", "全区"
    INDICATOR = "indicator", "指标"
    PART = "part", "单位指标"
    DELIVERABLE = "deliverable", "事项"
    TASK = "task", "任务"
    UNIT = "unit", "单位"


_ORDER = {judged: position for position, judged in enumerate(Judged)}


@dataclass(frozen=True, slots=True)
class FigureChange:
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


@dataclass(frozen=True, slots=True)
class _Line:
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
    year = (
        ("progress", "总进度", _judged(status.progress, status.pace, status.light)),
        ("reporting_rate", "报送率", _share(status.reporting_rate)),
        ("timeliness", "及时率", _share(status.timeliness)),
    )
    for code, name, words in year:
        yield (Judged.YEAR, code, ""), _Line(name, words)
    for result in status.indicators:
        indicator = result.indicator
        words = _measured(
            result.figure, indicator.measure_unit, indicator.target_text, result.attainment
        )
        words += _against(result.pace, result.light)
        yield (Judged.INDICATOR, indicator.code, ""), _Line(indicator.name, words)
        for part in result.by_unit:
            if part.figure.reported:
                target = "" if part.target is None else number_text(part.target)
                words = _measured(part.figure, indicator.measure_unit, target, part.attainment)
                name = f"{indicator.name}（{status.plan.unit_name(part.unit)}）"
                key = (Judged.PART, indicator.code, part.unit)
                yield key, _Line(name, f"{words}，{part.light.mark} {part.light.label}")
    for deliverable in status.deliverables:
        words = _judged(deliverable.progress, deliverable.pace, deliverable.light)
        item = deliverable.deliverable
        yield (Judged.DELIVERABLE, item.code, ""), _Line(item.title, words)
    for task in status.tasks:
        words = _judged(task.progress, task.pace, task.light)
        yield (Judged.TASK, task.task.code, ""), _Line(task.task.title, words)
    for unit in status.units:
        words = _judged(unit.progress, unit.pace, unit.light)
        yield (Judged.UNIT, unit.unit, ""), _Line(unit.name, words)


def _measured(figure: Figure, measure_unit: str, target: str, reached: float | None) -> str:
    words = figure_text(figure, measure_unit)
    words += f"，目标{target}" if target else ""
    return words + (f"，完成{_share(reached)}" if reached is not None else "")


def _judged(progress: float | None, pace: float, light: Light) -> str:
    return _share(progress) + _against(pace, light)


def _against(pace: float, light: Light) -> str:
    return f"，序时{_share(pace)}，{light.mark} {light.label}"


def _share(fraction: float | None) -> str:
    return ABSENT if fraction is None else f"{number_text(fraction * PER_CENT, _SHARE_DIGITS)}%"
