"""Charts of many small cells: lights by unit and task, reports by unit and month."""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from msgspec import Struct

from fsdesk.domain.output.drawing import ChartSpot
from fsdesk.domain.output.wording import REPORT_STATES
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced
from fsdesk.reports.charts.frame import (
    LIGHT_STYLE,
    MARKERS,
    POINTS,
    TEXT_SIZE,
    Chart,
    FigureStyle,
    Margins,
    broken_labels,
    figure_of,
    frame_of,
    inches_of,
    label_inches,
    light_words,
    mixed,
    name_columns,
    name_rows,
    new_axes,
    put_legend,
    put_title,
    write_beside,
)
from fsdesk.reports.paper.fonts import chart_font, text_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.results import TaskResult, UnitResult, YearStatus

ROW_INCHES = 0.27
# How much of a light's colour is in its cell, its mark has the whole. A cell without data is grey
# enough to be told from a blank one in print.
TINTS = {Light.GREEN: 0.3, Light.YELLOW: 0.3, Light.RED: 0.3, Light.GREY: 0.75}
MARK_POINTS = 4.6
_SMALL = TEXT_SIZE - 1
# What a cell without anything in it means.
_NOT_ITS_TASK, _NOT_DUE = "空白为非本单位任务", "空白为不要求报送或未到报送期"


class _Cell(Struct, frozen=True):
    row: int
    column: int
    light: Light
    words: str
    target: tuple[str, ...]


class _Grid(Struct, frozen=True):
    """What a chart of cells shows; `notes` stand at the right of the rows."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[_Cell]
    notes: Sequence[str]


def heat_figure(
    status: YearStatus, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False
) -> Chart:
    """Draw the light of every task of every unit (单位任务亮灯图)."""
    codes = [task.code for task in status.plan.tasks]
    places = {code: number for number, code in enumerate(codes)}
    cells = [
        _task_cell(status, row, places[task.task.code], unit, task)
        for row, unit in enumerate(status.units)
        for task in unit.tasks
    ]
    grid = _Grid(
        f"{status.period.label}各单位任务亮灯情况",
        [unit.name for unit in status.units],
        [code.removeprefix("T") for code in codes],
        cells,
        [
            f"{unit.light.mark} {paced(unit.progress, unit.pace, status.rules).reached}"
            for unit in status.units
        ],
    )
    figure, axes = _draw(grid, style, compact=compact, upright=True)
    if not compact:
        _sections(axes, status, style)
        _explain(axes, style, tuple(Light), light_words(), _NOT_ITS_TASK)
    return Chart(figure, _spots(cells), grid.title)


def _task_cell(
    status: YearStatus, row: int, column: int, unit: UnitResult, task: TaskResult
) -> _Cell:
    shown = paced(task.progress, task.pace, status.rules)
    words = (
        f"{unit.name} {task.task.code} {task.task.title}：{Measure.TASK_PROGRESS.label} "
        f"{shown.reached}，{Measure.PACE.label} {shown.pace}，{task.light.label}"
    )
    return _Cell(row, column, task.light, words, ("unit_task", unit.unit, task.task.code))


def _sections(axes: Axes, status: YearStatus, style: FigureStyle) -> None:
    """Part the plan's sections by lines, and name them above."""
    start = 0
    names: list[tuple[Text, str, int]] = []
    for section in status.plan.sections:
        count = sum(len(point.tasks) for point in section.points)
        if start:
            axes.axvline(start - 0.5, color=style.muted, linewidth=1.2)
        text = axes.annotate(
            str(section.number),
            (start + count / 2 - 0.5, 1.0),
            (0.0, 4.0),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=style.muted,
            fontproperties=chart_font(),
            fontsize=_SMALL,
        )
        names.append((text, section.title, count))
        start += count

    def fit() -> None:
        """Write out the titles that have room over their own columns."""
        room = inches_of(axes)[0] * POINTS / max(start, 1)
        for number, (text, title, count) in enumerate(names, start=1):
            fits = text_width(title, _SMALL) < (count - 0.5) * room
            text.set_text(title if fits else str(number))

    frame_of(figure_of(axes)).fits.append(fit)


def completeness_figure(
    names: Sequence[tuple[str, str]],
    months: Sequence[Period],
    states: Mapping[tuple[str, str], str],
    style: FigureStyle = LIGHT_STYLE,
    *,
    compact: bool = False,
) -> Chart:
    """Draw which unit has reported for which month (单位报送情况图).

    ``names`` are by code; ``states`` holds a key of `REPORT_STATES` by unit code and month, and
    nothing where no report is due yet.
    """
    cells: list[_Cell] = []
    notes: list[str] = []
    for row, (unit, name) in enumerate(names):
        found = [(column, states.get((unit, str(month)))) for column, month in enumerate(months)]
        for column, state in found:
            if state is not None:
                light, word = REPORT_STATES[state]
                words = f"{name} {months[column].label}：{word}"
                target = ("report", unit, str(months[column]))
                cells.append(_Cell(row, column, light, words, target))
        due = [state for _, state in found if state is not None]
        received = sum(state in {"on_time", "late"} for state in due)
        notes.append(f"已报 {received}/{len(due)}，按时 {due.count('on_time')}")
    title = f"{months[0].year}年各单位逐月报送情况"
    columns = [f"{month.last_month}月" for month in months]
    grid = _Grid(title, [name for _, name in names], columns, cells, notes)
    figure, axes = _draw(grid, style, compact=compact, upright=False)
    if not compact:
        lights = [light for light, _ in REPORT_STATES.values()]
        words = [f"{light.mark} {word}" for light, word in REPORT_STATES.values()]
        _explain(axes, style, lights, words, _NOT_DUE)
    return Chart(figure, _spots(cells), title)


def _draw(grid: _Grid, style: FigureStyle, *, compact: bool, upright: bool) -> tuple[Figure, Axes]:
    rows, columns = max(len(grid.rows), 1), max(len(grid.columns), 1)
    labels = broken_labels(grid.rows)
    widest = max((text_width(note, TEXT_SIZE) for note in grid.notes), default=0.0)
    right = widest / POINTS + 0.3
    top, bottom = (0.1, 0.4) if compact else (0.8, 0.9 if upright else 0.75)
    margins = Margins(label_inches(labels), right, top, bottom)
    figure, axes = new_axes(ROW_INCHES * rows + top + bottom, margins, style)
    axes.imshow(_colours(grid, (rows, columns), style), aspect="auto", interpolation="nearest")
    axes.vlines(np.arange(columns - 1) + 0.5, -0.5, rows - 0.5, colors=style.line, linewidth=0.8)
    axes.hlines(np.arange(rows - 1) + 0.5, -0.5, columns - 0.5, colors=style.line, linewidth=0.8)
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(style.line)
    for light in Light:
        _marks(axes, light, grid.cells, style)
    name_rows(axes, labels, style)
    name_columns(axes, range(len(grid.columns)), grid.columns, style, upright=upright)
    for row, note in enumerate(grid.notes):
        write_beside(axes, row, note, style)
    if not compact:
        put_title(axes, grid.title, style, pad=22)
    return figure, axes


def _colours(grid: _Grid, shape: tuple[int, int], style: FigureStyle) -> NDArray[np.float64]:
    """Return red, green and blue of every cell; one with nothing in it is blank, as the ground."""
    colours = np.empty((*shape, 3))
    colours[:] = mixed(style.ground, style.ground, 1.0)
    tints = {light: mixed(style.fill(light), style.ground, TINTS[light]) for light in Light}
    for cell in grid.cells:
        colours[cell.row, cell.column] = tints[cell.light]
    return colours


def _marks(axes: Axes, light: Light, cells: Sequence[_Cell], style: FigureStyle) -> None:
    """Put the light's mark in its cells, filled but for 无数据."""
    own = [cell for cell in cells if cell.light is light]
    tone = mixed(style.fill(light), style.text, 0.6)
    axes.scatter(
        [cell.column for cell in own],
        [cell.row for cell in own],
        s=MARK_POINTS**2 * (0.8 if light is Light.GREEN else 1.25),
        marker=MARKERS[light],
        facecolors="none" if light is Light.GREY else [tone],
        edgecolors=[tone],
        linewidths=1.0,
        zorder=3,
    )


def _explain(
    axes: Axes, style: FigureStyle, lights: Sequence[Light], words: Sequence[str], blank: str
) -> None:
    """Explain the cells under the chart, a blank one too."""
    grounds = [mixed(style.fill(light), style.ground, TINTS[light]) for light in lights]
    signs = [_swatch(style, ground) for ground in (*grounds, style.ground)]
    put_legend(axes, style, signs, [*words, blank])


def _swatch(style: FigureStyle, fill: object) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="none",
        marker="s",
        markersize=9,
        markeredgecolor=style.muted,
        markerfacecolor=fill,  # pyright: ignore[reportArgumentType]
    )


def _spots(cells: Sequence[_Cell]) -> tuple[ChartSpot, ...]:
    return tuple(
        ChartSpot(
            cell.column - 0.5,
            cell.column + 0.5,
            cell.row - 0.5,
            cell.row + 0.5,
            cell.words,
            cell.target,
        )
        for cell in cells
    )
