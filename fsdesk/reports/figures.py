"""Charts as matplotlib figures, the same on screen, in files and in black-and-white print.

Lights differ by hatching and by a mark beside the figure as well as by colour. Every bar's length
is the number of the year's status itself, never rounded or capped.
"""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from fsdesk.domain.findings import Place, reject
from fsdesk.domain.lights import Light
from fsdesk.reports.fonts import chart_font
from fsdesk.reports.line_breaking import break_lines
from fsdesk.reports.saving import save_bytes
from fsdesk.reports.wording import missing_text, percent_text, units_with_reports, value_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from fsdesk.domain.results import IndicatorResult, UnitResult, YearStatus

SCREEN_DPI = 100.0
PRINT_DPI = 200.0
TITLE_SIZE = 13.0
TEXT_SIZE = 9.0
ROW_INCHES = 0.36
WIDTH_INCHES = 10.0
# Bars beyond 120 % run out of the picture; the figure beside them still says how far.
AXIS_END = 1.2
LABEL_CHARACTERS = 14
HATCHES = {Light.GREEN: "", Light.YELLOW: "///", Light.RED: "xxx", Light.GREY: "..."}


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """Colours of a chart, as ``#rrggbb``.

    Attributes:
        ground: Behind everything.
        text: Titles and labels.
        muted: Explanations and axes.
        line: Grid.
        green: Fill for 正常.
        yellow: Fill for 偏慢.
        red: Fill for 滞后.
        grey: Fill for 无数据.
    """

    ground: str = "#ffffff"
    text: str = "#1d2530"
    muted: str = "#55606e"
    line: str = "#dce0e6"
    green: str = "#3f8fc4"
    yellow: str = "#e0a526"
    red: str = "#b8432f"
    grey: str = "#b5bcc6"

    def fill(self, light: Light) -> str:
        """Return the fill for a light."""
        return {
            Light.GREEN: self.green,
            Light.YELLOW: self.yellow,
            Light.RED: self.red,
            Light.GREY: self.grey,
        }[light]


# Blue instead of green for 正常: told from red by every kind of colour vision.
LIGHT_STYLE = FigureStyle()
DARK_STYLE = FigureStyle(
    ground="#1f2329",
    text="#e6e9ed",
    muted="#a6afbb",
    line="#343b45",
    green="#5aa9dd",
    yellow="#e3b758",
    red="#e0735f",
    grey="#717b8a",
)


class _InchMargins(LayoutEngine):
    """Keeps margins in inches at any size of the figure, without measuring text."""

    _adjust_compatible = True
    _colorbar_gridspec = True

    def __init__(self, left: float, right: float, top: float, bottom: float) -> None:
        super().__init__()
        self._inches = (left, right, top, bottom)

    def execute(self, fig: Figure) -> None:
        """Place the axes."""
        width, height = fig.get_size_inches()
        left, right, top, bottom = self._inches
        right_edge = max(1 - right / width, left / width + 0.05)
        top_edge = max(1 - top / height, bottom / height + 0.05)
        fig.subplots_adjust(
            left=min(left / width, 0.9),
            right=min(right_edge, 1.0),
            top=min(top_edge, 1.0),
            bottom=min(bottom / height, 0.9),
        )


def overview_figure(
    status: YearStatus, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False
) -> Figure:
    """Draw every indicator's attainment as a bar with a mark for its pace (指标完成情况).

    Args:
        status: The year judged.
        style: Colours.
        compact: For a narrow place on the screen: percentages alone, no title, no legend.
    """
    rows = [
        _Row(
            found.indicator.name, found.attainment, found.pace, found.light, _indicator_note(found)
        )
        for found in status.indicators
    ]
    return _bars(f"{status.period.label}主要指标完成率", rows, style, compact=compact)


def unit_figure(
    status: YearStatus, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False
) -> Figure:
    """Draw the units' progress, the furthest first, those without data last (单位进度排名).

    Arguments are those of `overview_figure`.
    """
    ranked = sorted(status.units, key=lambda unit: (unit.progress is None, -(unit.progress or 0)))
    active = units_with_reports(status)
    rows = [
        _Row(
            unit.name,
            unit.progress,
            unit.pace,
            unit.light,
            _unit_note(unit, reported=unit.unit in active),
        )
        for unit in ranked
    ]
    return _bars(f"{status.period.label}各单位任务进度", rows, style, compact=compact)


def section_figure(
    status: YearStatus, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False
) -> Figure:
    """Draw how many tasks of each section have which light (各部分亮灯情况).

    Arguments are those of `overview_figure`.
    """
    plan = status.plan
    names = [section.title for section in plan.sections]
    counts = {
        light: [
            sum(
                task.light is light and plan.section_of[task.task.code] is section
                for task in status.tasks
            )
            for section in plan.sections
        ]
        for light in Light
    }
    title = "" if compact else f"{status.period.label}各部分任务亮灯情况"
    figure, axes = _axes(title, names, style, right=0.4)
    done = [0] * len(names)
    for light, numbers in counts.items():
        _stack(axes, light, numbers, done, style)
        done = [before + number for before, number in zip(done, numbers, strict=True)]
    axes.set_xlim(0, max([*done, 1]) * 1.02)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _set_font(axes, style)
    if not compact:
        _legend(axes, style, [f"{light.mark} {light.label}" for light in Light])
    return figure


def _stack(
    axes: Axes, light: Light, numbers: Sequence[int], left: Sequence[int], style: FigureStyle
) -> None:
    bars = axes.barh(
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
    for bar, number in zip(bars, numbers, strict=True):
        if number:
            axes.text(
                bar.get_x() + bar.get_width() / 2,
                bar.get_y() + bar.get_height() / 2,
                f"{light.mark}{number}",
                ha="center",
                va="center",
                color=style.text,
                fontproperties=chart_font(),
                fontsize=TEXT_SIZE,
                bbox={"facecolor": style.ground, "edgecolor": "none", "pad": 1.2},
            )


@dataclass(frozen=True, slots=True)
class _Row:
    """A bar: its name, length (None without data), pace, light and the words beside it."""

    name: str
    reached: float | None
    pace: float
    light: Light
    note: str


def _indicator_note(found: IndicatorResult) -> str:
    if found.attainment is None:
        return missing_text(reported=found.figure.reported)
    value = value_text(found.figure, found.indicator.measure_unit)
    return f"{percent_text(found.attainment)}  {value} / {found.indicator.target_text}"


def _unit_note(unit: UnitResult, *, reported: bool) -> str:
    if unit.progress is None:
        return missing_text(reported=reported)
    lagging = sum(task.light is Light.RED for task in unit.tasks)
    behind = f"，滞后{lagging}项" if lagging else ""
    return f"{percent_text(unit.progress)}  任务{len(unit.tasks)}项{behind}"


def _bars(title: str, rows: Sequence[_Row], style: FigureStyle, *, compact: bool) -> Figure:
    names = [row.name for row in rows]
    figure, axes = _axes("" if compact else title, names, style, right=0.9 if compact else 2.9)
    for position, row in enumerate(rows):
        if row.reached is not None:
            axes.barh(
                position,
                row.reached,
                height=0.58,
                color=style.fill(row.light),
                edgecolor=style.ground,
                hatch=HATCHES[row.light],
                linewidth=0,
            )
        axes.text(
            1.015,
            position,
            f"{row.light.mark} {percent_text(row.reached) if compact else row.note}",
            transform=axes.get_yaxis_transform(),
            va="center",
            color=style.text,
            fontproperties=chart_font(),
            fontsize=TEXT_SIZE,
        )
    axes.vlines(
        [row.pace for row in rows],
        [position - 0.42 for position in range(len(rows))],
        [position + 0.42 for position in range(len(rows))],
        colors=style.text,
        linewidth=1.8,
        zorder=3,
    )
    axes.set_xlim(0, AXIS_END)
    ticks = (0, 50, 100) if compact else (0, 25, 50, 75, 100)
    axes.set_xticks([tick / 100 for tick in ticks], [f"{tick}%" for tick in ticks])
    _set_font(axes, style)
    if not compact:
        _legend(axes, style, [*(f"{light.mark} {light.label}" for light in Light), "┃ 序时进度"])
    return figure


def _axes(
    title: str, names: Sequence[str], style: FigureStyle, *, right: float
) -> tuple[Figure, Axes]:
    """Make a figure with a named row for each bar, the first on top."""
    labels = ["\n".join(break_lines(name, LABEL_CHARACTERS, len)) for name in names]
    longest = max((len(line) for label in labels for line in label.split("\n")), default=4)
    height = ROW_INCHES * max(len(names), 3) + 1.35
    figure = Figure(figsize=(WIDTH_INCHES, height), facecolor=style.ground)
    FigureCanvasAgg(figure)
    left = longest * TEXT_SIZE / 72 + 0.35
    top, bottom = (0.6, 0.75) if title else (0.1, 0.35)
    figure.set_layout_engine(_InchMargins(left, right, top, bottom))
    axes = figure.add_subplot()
    axes.set_facecolor(style.ground)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(max(len(labels), 1) - 0.4, -0.6)
    axes.set_title(
        title, fontproperties=chart_font(), fontsize=TITLE_SIZE, color=style.text, loc="left"
    )
    axes.grid(visible=True, axis="x", color=style.line, linewidth=0.8)
    axes.set_axisbelow(True)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "left")
        spine.set_color(style.muted)
    axes.tick_params(length=0)
    return figure, axes


def _set_font(axes: Axes, style: FigureStyle) -> None:
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(chart_font())
        label.set_fontsize(TEXT_SIZE)
        label.set_color(style.text)


def _legend(axes: Axes, style: FigureStyle, words: Sequence[str]) -> None:
    """Explain lights by swatches with the same hatching, under the chart."""
    handles = [
        Patch(
            facecolor=style.fill(light), edgecolor=style.ground, hatch=HATCHES[light], linewidth=0
        )
        for light in Light
    ]
    if len(words) > len(handles):
        handles.append(Patch(facecolor="none", edgecolor="none", linewidth=0))
    font = chart_font().copy()
    font.set_size(TEXT_SIZE)
    legend = axes.figure.legend(
        handles, words, loc="lower left", ncols=len(words), frameon=False, prop=font
    )
    for text in legend.get_texts():
        text.set_color(style.muted)


def render_png(figure: Figure, width_px: int, height_px: int, ratio: float = 1.0) -> bytes:
    """Draw a figure as PNG for the screen.

    Args:
        figure: It takes the new size.
        width_px: Width in logical pixels.
        height_px: Height in logical pixels.
        ratio: Device pixels per logical pixel.
    """
    figure.set_size_inches(width_px / SCREEN_DPI, height_px / SCREEN_DPI)
    return _drawn(figure, "png", SCREEN_DPI * ratio)


def save_figure(figure: Figure, path: Path) -> None:
    """Save a figure; the file's ending picks .png, .svg or .pdf.

    Raises:
        InputRejectedError: For another ending, or when the file can't be written.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in {"png", "svg", "pdf"}:
        raise reject(
            f"图表不能保存为“{path.suffix}”格式",
            "请使用以 .png、.svg 或 .pdf 结尾的文件名",
            Place(file=path.name),
        )
    save_bytes(path, _drawn(figure, ending, PRINT_DPI))


def _drawn(figure: Figure, ending: str, dpi: float) -> bytes:
    buffer = BytesIO()
    # No date and no random ids, so that the same figures give the same file. Letters in an SVG are
    # shapes: the font is missing where it is opened.
    undated = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[ending]
    settings = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "fsdesk"}
    with rc_context(settings):
        figure.savefig(
            buffer, format=ending, dpi=dpi, facecolor=figure.get_facecolor(), metadata=undated
        )
    return buffer.getvalue()
