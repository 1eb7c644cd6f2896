"""What all charts share: colours, marks, margins, words, and the spots under the mouse.

Lights differ by hatching and by a mark as well as by colour, so that a chart reads the same on a
screen, on a black-and-white printer and for every kind of colour vision.
"""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.patches import Patch
from matplotlib.text import Text

from fsdesk.domain.status.lights import Light
from fsdesk.reports.paper.fonts import chart_font
from fsdesk.reports.paper.line_breaking import break_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from fsdesk.domain.output.drawing import ChartSpot

TITLE_SIZE = 13.0
TEXT_SIZE = 9.0
ROW_INCHES = 0.36
WIDTH_INCHES = 10.0
LABEL_CHARACTERS = 14
ROW_NAME, ROW_WORDS = "row-name", "row-words"
HATCHES = {Light.GREEN: "", Light.YELLOW: "///", Light.RED: "xxx", Light.GREY: "..."}
# matplotlib's names of the shapes that the lights' marks have.
MARKERS = {Light.GREEN: "o", Light.YELLOW: "^", Light.RED: "s", Light.GREY: "o"}


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """Colours of a chart, as ``#rrggbb``.

    Attributes:
        muted: Explanations and axes.
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


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its spots, none over another, and a title that says what it shows."""

    figure: Figure
    spots: tuple[ChartSpot, ...]
    title: str


def with_mark(chart: Chart, mark: str) -> Chart:
    """Put words behind a chart's title, in the picture too where it stands there."""
    if not mark:
        return chart
    for text in chart.figure.findobj(Text):
        if text.get_text() == chart.title:
            text.set_text(f"{chart.title}{mark}")
    return replace(chart, title=f"{chart.title}{mark}")


class InchMargins(LayoutEngine):
    """Keeps margins in inches at any size of the figure, without measuring text."""

    _adjust_compatible = True
    _colorbar_gridspec = True

    def __init__(self, left: float, right: float, top: float, bottom: float) -> None:
        """Set the four margins."""
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


@dataclass(frozen=True, slots=True)
class Margins:
    """Room around the axes in inches."""

    left: float
    right: float
    top: float
    bottom: float


def new_axes(height: float, margins: Margins, style: FigureStyle) -> tuple[Figure, Axes]:
    """Make a figure with one plain axes; the height is in inches, at print size."""
    figure = Figure(figsize=(WIDTH_INCHES, height), facecolor=style.ground)
    FigureCanvasAgg(figure)
    figure.set_layout_engine(InchMargins(margins.left, margins.right, margins.top, margins.bottom))
    axes = figure.add_subplot()
    axes.set_facecolor(style.ground)
    axes.tick_params(length=0)
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
        spine.set_color(style.muted)
    return figure, axes


def row_axes(
    title: str, names: Sequence[str], style: FigureStyle, *, right: float
) -> tuple[Figure, Axes]:
    """Make a figure with a named row for each bar, the first on top.

    ``right`` is the room for words at the right, in inches.
    """
    labels = broken_labels(names)
    height = ROW_INCHES * max(len(names), 3) + 1.35
    top, bottom = (0.6, 0.75) if title else (0.1, 0.35)
    figure, axes = new_axes(height, Margins(label_inches(labels), right, top, bottom), style)
    name_rows(axes, labels, style)
    axes.set_ylim(max(len(labels), 1) - 0.4, -0.6)
    put_title(axes, title, style)
    axes.spines["left"].set_visible(True)
    return figure, axes


def broken_labels(names: Sequence[str]) -> list[str]:
    """Break names of rows into lines that fit beside a chart."""
    return ["\n".join(break_lines(name, LABEL_CHARACTERS, len)) for name in names]


def label_inches(labels: Sequence[str]) -> float:
    """Return the room that labels need beside a chart, in inches."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=4)
    return longest * TEXT_SIZE / 72 + 0.35


def put_title(axes: Axes, title: str, style: FigureStyle, pad: float = 6.0) -> None:
    """Put a title over the axes, flush left; `pad` points above them."""
    if title:
        axes.set_title(
            title,
            fontproperties=chart_font(),
            fontsize=TITLE_SIZE,
            color=style.text,
            loc="left",
            pad=pad,
            y=1.0,  # else its place is sought anew at every drawing
        )


def name_rows(
    axes: Axes, labels: Sequence[str], style: FigureStyle, size: float = TEXT_SIZE
) -> None:
    """Name the rows at the left; plain texts draw twice as fast as matplotlib's ticks."""
    for row, words in enumerate(labels):
        axes.text(
            -0.008,
            row,
            words,
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            color=style.text,
            fontproperties=chart_font(),
            fontsize=size,
            gid=ROW_NAME,
        )


def name_columns(
    axes: Axes,
    places: Sequence[float],
    labels: Sequence[str],
    style: FigureStyle,
    *,
    upright: bool = False,
) -> None:
    """Name places along the lower edge, upright where there are many."""
    axes.set_xticks([])
    for place, words in zip(places, labels, strict=True):
        axes.annotate(
            words,
            (place, 0.0),
            (0.0, -4.0),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            ha="center",
            va="top",
            rotation=90 if upright else 0,
            color=style.text,
            fontproperties=chart_font(),
            fontsize=TEXT_SIZE,
        )


def grid_lines(axes: Axes, places: Sequence[float], style: FigureStyle) -> None:
    """Draw upright lines behind the bars."""
    axes.vlines(
        list(places), 0, 1, transform=axes.get_xaxis_transform(), colors=style.line,
        linewidth=0.8, zorder=0.5,
    )  # fmt: skip


def write_beside(
    axes: Axes, row: float, words: str, style: FigureStyle, size: float = TEXT_SIZE
) -> None:
    """Write words at the right of a row."""
    axes.text(
        1.015,
        row,
        words,
        transform=axes.get_yaxis_transform(),
        va="center",
        color=style.text,
        fontproperties=chart_font(),
        fontsize=size,
        gid=ROW_WORDS,
    )


def light_patches(style: FigureStyle) -> list[Artist]:
    """Return swatches of the lights with the same hatching as their bars."""
    return [
        Patch(
            facecolor=style.fill(light), edgecolor=style.ground, hatch=HATCHES[light], linewidth=0
        )
        for light in Light
    ]


def light_words() -> list[str]:
    """Return mark and word of every light."""
    return [f"{light.mark} {light.label}" for light in Light]


def put_legend(
    axes: Axes, style: FigureStyle, handles: Sequence[Artist], words: Sequence[str]
) -> None:
    """Explain signs under the chart, one word for each handle."""
    font = chart_font().copy()
    font.set_size(TEXT_SIZE)
    legend = axes.figure.legend(
        list(handles), list(words), loc="lower left", ncols=len(words), frameon=False, prop=font
    )
    for text in legend.get_texts():
        text.set_color(style.muted)


def mixed(colour: str, ground: str, share: float) -> tuple[float, float, float]:
    """Mix a share of a colour into the ground; returns red, green and blue from 0 to 1."""
    over, under = rgb(colour), rgb(ground)
    red, green, blue = (
        top * share + below * (1 - share) for top, below in zip(over, under, strict=True)
    )
    return (red, green, blue)


def rgb(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue from 0 to 1 of a colour written as ``#rrggbb``."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (red, green, blue)
