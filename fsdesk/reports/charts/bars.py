"""Bar charts: indicators, units, sections, and this year beside the last.

Every bar's length is the number of the year's status itself, never rounded or capped.
"""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Patch
from msgspec import Struct

from fsdesk.domain.output.drawing import ChartSpot
from fsdesk.domain.output.wording import missing_text, target_text, units_with_reports, value_text
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import PacedText, paced, share_text
from fsdesk.reports.charts.frame import (
    HATCHES,
    LIGHT_STYLE,
    Chart,
    FigureStyle,
    grid_lines,
    light_patches,
    light_words,
    name_columns,
    put_legend,
    row_axes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from fsdesk.domain.plan.plan import Section
    from fsdesk.domain.status.results import IndicatorResult, UnitResult, YearStatus

# Bars beyond 120 % run out of the picture; the figure beside them still says how far.
AXIS_END = 1.2


def overview_figure(
    status: YearStatus, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False
) -> Chart:
    """Draw every indicator's attainment as a bar with a mark for its pace (指标完成情况).

    Compact, for a narrow place on the screen: percentages alone, no title, no legend.
    """
    title = f"{status.period.label}主要指标完成率"
    return _bars(title, indicator_rows(status), style, compact=compact)


def indicator_rows(status: YearStatus) -> list[BarRow]:
    """Return a bar for each indicator, in the plan's order."""
    return [
        BarRow(
            found.indicator.name,
            found.attainment,
            found.pace,
            found.light,
            shown := paced(found.attainment, found.pace, status.rules),
            _indicator_note(status, found, shown),
            ("indicator", found.indicator.code),
        )
        for found in status.indicators
    ]


def unit_figure(
    status: YearStatus, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False
) -> Chart:
    """Draw the units' progress, the furthest first, those without data last (单位进度排名).

    Arguments are those of `overview_figure`.
    """
    title = f"{status.period.label}各单位进度"
    return _bars(title, unit_rows(status), style, compact=compact)


def unit_rows(status: YearStatus) -> list[BarRow]:
    """Return a bar for each unit, the furthest first, those without data last."""
    active = units_with_reports(status)
    return [
        BarRow(
            unit.name,
            unit.progress,
            unit.pace,
            unit.light,
            shown := paced(unit.progress, unit.pace, status.rules),
            _unit_note(unit, shown, reported=unit.unit in active),
            ("unit", unit.unit),
        )
        for unit in status.ranking
    ]


def section_figure(
    status: YearStatus, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False
) -> Chart:
    """Draw how many tasks of each section have which light (各部分亮灯情况).

    Arguments are those of `overview_figure`.
    """
    names = [section.title for section in sections_shown(status)]
    counts = section_counts(status)
    title = f"{status.period.label}各部分任务亮灯情况"
    beside = [stack_words(counts, row) for row in range(len(names))]
    figure, axes = row_axes("" if compact else title, names, style, beside=beside)
    done = [0] * len(names)
    spots: list[ChartSpot] = []
    for light, numbers in counts.items():
        draw_stack(axes, light, numbers, done, style)
        spots += _section_spots(status, light, numbers, done)
        done = [before + number for before, number in zip(done, numbers, strict=True)]
    most = max([*done, 1])
    axes.set_xlim(0, most * 1.02)
    ticks = range(0, most + 1, max(1, round(most / 6)))
    name_columns(axes, ticks, [str(tick) for tick in ticks], style)
    grid_lines(axes, ticks, style)
    if not compact:
        put_legend(axes, style, light_patches(style), light_words())
    return Chart(figure, tuple(spots), title)


def sections_shown(status: YearStatus) -> tuple[Section, ...]:
    """Return the plan's sections that hold a task of a status; a unit's are not all."""
    held = {status.plan.section_of[task.task.code].number for task in status.tasks}
    return tuple(each for each in status.plan.sections if each.number in held)


def section_counts(status: YearStatus) -> dict[Light, list[int]]:
    """Return by light how many tasks of each section have it, in the plan's order."""
    plan = status.plan
    return {
        light: [
            sum(
                task.light is light and plan.section_of[task.task.code] is section
                for task in status.tasks
            )
            for section in sections_shown(status)
        ]
        for light in Light
    }


def _section_spots(
    status: YearStatus, light: Light, numbers: Sequence[int], left: Sequence[int]
) -> list[ChartSpot]:
    return [
        ChartSpot(
            start,
            start + number,
            row - 0.3,
            row + 0.3,
            f"{section.title}：{light.mark} {light.label} {number} 项",
            ("section", str(section.number), light.value),
        )
        for row, (section, number, start) in enumerate(
            zip(sections_shown(status), numbers, left, strict=True)
        )
        if number
    ]


def draw_stack(
    axes: Axes, light: Light, numbers: Sequence[int], left: Sequence[int], style: FigureStyle
) -> None:
    """Draw one light's part of stacked bars; ``left`` is where each part begins."""
    axes.barh(
        range(len(numbers)),
        numbers,
        left=left,
        height=0.6,
        color=style.fill(light),
        edgecolor=style.ground,
        hatch=HATCHES[light],
        label=f"{light.mark} {light.label}",
        linewidth=0.8,
    )


def stack_words(counts: Mapping[Light, Sequence[int]], row: int) -> str:
    """Say how many of each light a stacked bar has, e.g. ●3 ■1."""
    shown = ((light, numbers[row]) for light, numbers in counts.items())
    return " ".join(f"{light.mark}{number}" for light, number in shown if number)


class BarRow(Struct, frozen=True):
    """A bar: its name, length (None without data), pace, light and the words beside it.

    `shown`: length and pace as they are written.
    """

    name: str
    reached: float | None
    pace: float
    light: Light
    shown: PacedText
    note: str
    target: tuple[str, str]


def _indicator_note(status: YearStatus, found: IndicatorResult, shown: PacedText) -> str:
    if found.attainment is None:
        return missing_text(reported=found.figure.reported)
    value = value_text(found.indicator, found.figure, status.period)
    return f"{shown.reached}  {value} / {target_text(status, found)}"


def _unit_note(unit: UnitResult, shown: PacedText, *, reported: bool) -> str:
    if unit.progress is None:
        return missing_text(reported=reported)
    lagging = sum(task.light is Light.RED for task in unit.tasks)
    behind = f"，滞后{lagging}项" if lagging else ""
    return f"{shown.reached}  任务{len(unit.tasks)}项{behind}"


def _bars(title: str, rows: Sequence[BarRow], style: FigureStyle, *, compact: bool) -> Chart:
    names = [row.name for row in rows]
    beside = [f"{row.light.mark} {row.shown.reached if compact else row.note}" for row in rows]
    figure, axes = row_axes("" if compact else title, names, style, beside=beside)
    for light in Light:
        draw_bars(axes, light, rows, style)
    draw_paces(axes, [row.pace for row in rows], style)
    _percent_axis(axes, style, compact=compact)
    if not compact:
        pace = Patch(facecolor="none", edgecolor="none", linewidth=0)
        handles, words = [*light_patches(style), pace], [*light_words(), f"┃ {Measure.PACE.label}"]
        put_legend(axes, style, handles, words)
    return Chart(figure, tuple(_row_spots(rows)), title)


def _row_spots(rows: Sequence[BarRow]) -> list[ChartSpot]:
    return [
        ChartSpot(
            0.0,
            AXIS_END,
            position - 0.5,
            position + 0.5,
            f"{row.name}：{row.note}，{Measure.PACE.label} {row.shown.pace}，{row.light.label}",
            row.target,
        )
        for position, row in enumerate(rows)
    ]


def draw_bars(axes: Axes, light: Light, rows: Sequence[BarRow], style: FigureStyle) -> None:
    """Draw the bars of one light together, which is quicker than one by one."""
    known = [
        (position, row.reached)
        for position, row in enumerate(rows)
        if row.light is light and row.reached is not None
    ]
    if known:
        axes.barh(
            [position for position, _ in known],
            [reached for _, reached in known],
            height=0.58,
            color=style.fill(light),
            edgecolor=style.ground,
            hatch=HATCHES[light],
            linewidth=0,
        )


def draw_paces(axes: Axes, paces: Sequence[float], style: FigureStyle) -> None:
    """Draw a mark across each row where its pace is."""
    axes.vlines(
        list(paces),
        [position - 0.42 for position in range(len(paces))],
        [position + 0.42 for position in range(len(paces))],
        colors=style.text,
        linewidth=1.8,
        zorder=3,
    )


def _percent_axis(axes: Axes, style: FigureStyle, *, compact: bool) -> None:
    axes.set_xlim(0, AXIS_END)
    ticks = (0, 50, 100) if compact else (0, 25, 50, 75, 100)
    places = [tick / PER_CENT for tick in ticks]
    name_columns(axes, places, [f"{tick}%" for tick in ticks], style)
    grid_lines(axes, places, style)


def year_on_year_figure(
    status: YearStatus,
    before: YearStatus,
    style: FigureStyle = LIGHT_STYLE,
    *,
    compact: bool = False,
) -> Chart:
    """Draw each indicator's attainment beside that of the same time last year (同比).

    Indicators are the same when their names are; one without a figure in both years is left out.
    """
    pairs = year_pairs(status, before)
    title = f"{status.period.label}指标完成率与去年同期比较"
    names = [now.indicator.name for now, _ in pairs]
    told = [_year_words(status, before, now, then) for now, then in pairs]
    beside = [change if compact else f"{change}  {note}" for note, change in told]
    figure, axes = row_axes("" if compact else title, names, style, beside=beside)
    sides = ((0, -0.19, style.series, ""), (1, 0.19, style.before, "..."))
    for which, shift, fill, hatch in sides:
        axes.barh(
            [row + shift for row in range(len(pairs))],
            [pair[which].attainment or 0.0 for pair in pairs],
            height=0.34,
            color=fill,
            edgecolor=style.ground,
            hatch=hatch,
            linewidth=0,
        )
    spots: list[ChartSpot] = []
    for row, ((now, _), (note, change)) in enumerate(zip(pairs, told, strict=True)):
        words = f"{now.indicator.name}：{note}，{change}"
        target = ("years", now.indicator.code)
        spots.append(ChartSpot(0.0, AXIS_END, row - 0.5, row + 0.5, words, target))
    _percent_axis(axes, style, compact=compact)
    if not compact:
        handles = [
            Patch(facecolor=fill, edgecolor=style.ground, hatch=hatch, linewidth=0)
            for _, _, fill, hatch in sides
        ]
        put_legend(axes, style, handles, [f"{status.plan.year}年", f"{before.plan.year}年同期"])
    return Chart(figure, tuple(spots), title)


def _year_words(
    status: YearStatus, before: YearStatus, now: IndicatorResult, then: IndicatorResult
) -> tuple[str, str]:
    """Return both years' figures, and how they differ."""
    here = value_text(now.indicator, now.figure, status.period)
    there = value_text(then.indicator, then.figure, before.period)
    return f"{here}，去年同期{there}", change_text(now, then)


def year_pairs(
    status: YearStatus, before: YearStatus
) -> tuple[tuple[IndicatorResult, IndicatorResult], ...]:
    """Return the indicators that have a figure in both years, this year's first."""
    earlier = {result.indicator.name: result for result in before.indicators}
    return tuple(
        (result, earlier[result.indicator.name])
        for result in status.indicators
        if result.indicator.name in earlier
        and result.attainment is not None
        and earlier[result.indicator.name].attainment is not None
    )


def change_text(now: IndicatorResult, then: IndicatorResult) -> str:
    """Say how a figure has changed since last year: counts in per cent, ratios in points."""
    if now.figure.value is None or then.figure.value is None:
        return missing_text(reported=True)
    change = now.figure.value - then.figure.value
    if not change:
        return "持平"
    sign = "+" if change > 0 else ""
    if now.indicator.kind is IndicatorKind.RATIO:
        return f"{sign}{share_text(change / PER_CENT).removesuffix('%')}个百分点"
    if not then.figure.value:
        return "去年同期为0"
    return f"{sign}{share_text(change / then.figure.value)}"
