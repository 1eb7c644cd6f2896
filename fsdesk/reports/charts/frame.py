"""What all charts share: colours, marks, margins, words, and the spots under the mouse.

Lights differ by hatching and by a mark as well as by colour, so that a chart reads the same on a
screen, on a black-and-white printer and for every kind of colour vision.
"""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.patches import Patch
from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.output.light_colours import ON_DARK, ON_PAPER, LightColours
from fsdesk.domain.status.lights import Light
from fsdesk.reports.paper.fonts import chart_font, text_width
from fsdesk.reports.paper.line_breaking import break_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation, Text

    from fsdesk.domain.output.drawing import ChartSpot

TITLE_SIZE = 13.0
TEXT_SIZE = 9.0
ROW_INCHES = 0.36
WIDTH_INCHES = 10.0
LABEL_CHARACTERS = 14
# A name takes no more lines than a row is high; words beside it no more than so many inches.
_LABEL_LINES, _MOST_BESIDE = 2, 3.6
# What may be in the picture only while its row is.
ROW_NAME, ROW_WORDS = "row-name", "row-words"
ROW_TEXTS = frozenset({ROW_NAME, ROW_WORDS})
COLUMN_NAME, TITLE, SOURCE = "column-name", "title", "source"
# Height of a line over the size of its letters; where a line stands in a title of two.
LINE = 1.2
_LOWER_TITLE_SIZE, _TITLE_LINES = 10.0, 2
POINTS = 72.0
SOURCE_SIZE = 8.0
HATCHES = {Light.GREEN: "", Light.YELLOW: "///", Light.RED: "xxx", Light.GREY: "..."}
# matplotlib's names of the shapes that the lights' marks have.
MARKERS = {Light.GREEN: "o", Light.YELLOW: "^", Light.RED: "s", Light.GREY: "o"}


class FigureStyle(Struct, frozen=True):
    """Colours of a chart, as ``#rrggbb``.

    Attributes:
        muted: Explanations and axes.
        series: Lines and bars that are no light, so that no colour of one is taken for it.
        before: The same of the year before.
        lights: The one table of the lights' colours.
    """

    ground: str = "#ffffff"
    text: str = "#1d2530"
    muted: str = "#55606e"
    line: str = "#dce0e6"
    series: str = "#1f5fa8"
    before: str = "#a9c3e0"
    lights: Mapping[Light, LightColours] = field(default_factory=lambda: ON_PAPER)

    def fill(self, light: Light) -> str:
        """Return the fill for a light."""
        return self.lights[light].fill


LIGHT_STYLE = FigureStyle()
DARK_STYLE = FigureStyle(
    ground="#1f2329",
    text="#e6e9ed",
    muted="#a6afbb",
    line="#343b45",
    series="#6aa5e8",
    before="#3f5f86",
    lights=ON_DARK,
)


class Chart(Struct, frozen=True):
    """A figure with its spots, none over another, and a title that says what it shows."""

    figure: Figure
    spots: tuple[ChartSpot, ...]
    title: str

    @property
    def frame(self) -> InchMargins:
        """What places the axes and fits the words."""
        return frame_of(self.figure)


def with_mark(chart: Chart, mark: str) -> Chart:
    """Put words behind a chart's title, in the picture too where it stands there."""
    if not mark:
        return chart
    title = f"{chart.title}{mark}"
    chart.frame.title = title
    return replace(chart, title=title)


class Margins(Struct, frozen=True):
    """Room around the axes in inches."""

    left: float
    right: float
    top: float
    bottom: float


class InchMargins(LayoutEngine):
    """Keeps margins in inches at any size of the figure, and words from running together.

    Attributes:
        title: What stands over the axes; a long one is set smaller, in two lines.
        fits: What else is fitted to the room, after the axes were placed.
    """

    _adjust_compatible = True
    _colorbar_gridspec = True

    def __init__(self, margins: Margins) -> None:
        """Set the four margins."""
        super().__init__()
        self.margins = margins
        self.title = ""
        self.fits: list[Callable[[], object]] = []

    def execute(self, fig: Figure) -> None:
        """Place the axes and fit all words to the room there is."""
        self._place(fig)
        for axes in fig.axes:
            fit_rows(axes)
            _fit_columns(axes)
        for text in fig.findobj(lambda each: each.get_gid() == TITLE):
            self._fit_title(fig, cast("Text", text))
        for fit in self.fits:
            fit()

    def _fit_title(self, fig: Figure, text: Text) -> None:
        room = (float(fig.get_figwidth()) - self.margins.left - 0.1) * POINTS
        size, lines = TITLE_SIZE, [self.title]
        if text_width(self.title, size) > room:
            size = _LOWER_TITLE_SIZE
            lines = lines_of(self.title, room, size, _TITLE_LINES)
        text.set_text("\n".join(lines))
        text.set_fontsize(size)

    def _place(self, fig: Figure) -> None:
        width, height = fig.get_size_inches()
        margins = self.margins
        left, right, top, bottom = margins.left, margins.right, margins.top, margins.bottom
        right_edge = max(1 - right / width, left / width + 0.05)
        top_edge = max(1 - top / height, bottom / height + 0.05)
        fig.subplots_adjust(
            left=min(left / width, 0.9),
            right=min(right_edge, 1.0),
            top=min(top_edge, 1.0),
            bottom=min(bottom / height, 0.9),
        )


def new_axes(height: float, margins: Margins, style: FigureStyle) -> tuple[Figure, Axes]:
    """Make a figure with one plain axes; the height is in inches, at print size."""
    figure = Figure(figsize=(WIDTH_INCHES, height), facecolor=style.ground)
    FigureCanvasAgg(figure)
    figure.set_layout_engine(InchMargins(margins))
    axes = figure.add_subplot()
    axes.set_facecolor(style.ground)
    axes.tick_params(length=0)
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
        spine.set_color(style.muted)
    return figure, axes


def row_axes(
    title: str, names: Sequence[str], style: FigureStyle, *, beside: Sequence[str] = ()
) -> tuple[Figure, Axes]:
    """Make a figure with a named row for each bar, the first on top.

    ``beside`` are words at the right of the rows, if there are any.
    """
    notes = [shortened(words, _MOST_BESIDE * POINTS, TEXT_SIZE) for words in beside]
    right = max((text_width(note, TEXT_SIZE) / POINTS for note in notes), default=0.1) + 0.3
    labels = broken_labels(names)
    height = ROW_INCHES * max(len(names), 3) + 1.35
    top, bottom = (0.6, 0.75) if title else (0.1, 0.35)
    figure, axes = new_axes(height, Margins(label_inches(labels), right, top, bottom), style)
    name_rows(axes, labels, style)
    for row, note in enumerate(notes):
        write_beside(axes, row, note, style)
    axes.set_ylim(max(len(labels), 1) - 0.4, -0.6)
    put_title(axes, title, style)
    axes.spines["left"].set_visible(True)
    return figure, axes


def lines_of(text: str, room: float, size: float, most: int) -> list[str]:
    """Break a text into lines no longer than a room in points; what is over ends in ….

    ``size`` is that of its letters in points, ``most`` how many lines there may be.
    """
    lines = list(break_lines(text, room, lambda part: text_width(part, size)))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shortened("".join(lines[most - 1 :]), room, size)]


def shortened(text: str, room: float, size: float) -> str:
    """Cut a text that is longer than a room in points, and say by … that it was."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept}…"


def broken_labels(names: Sequence[str]) -> list[str]:
    """Break names of rows into lines that fit beside a chart; the longest are cut short."""
    room = LABEL_CHARACTERS * TEXT_SIZE
    return ["\n".join(lines_of(name, room, TEXT_SIZE, _LABEL_LINES)) for name in names]


def label_inches(labels: Sequence[str]) -> float:
    """Return the room that labels need beside a chart, in inches."""
    lines = [line for label in labels for line in label.split("\n")] or ["无"]
    return max(text_width(line, TEXT_SIZE) for line in lines) / POINTS + 0.35


def put_title(axes: Axes, title: str, style: FigureStyle, pad: float = 6.0) -> None:
    """Put a title over the axes, flush left; `pad` points above them."""
    if title:
        frame_of(figure_of(axes)).title = title
        axes.set_title(
            title,
            fontproperties=chart_font(),
            fontsize=TITLE_SIZE,
            color=style.text,
            loc="left",
            pad=pad,
            y=1.0,  # else its place is sought anew at every drawing
            gid=TITLE,
        )


def figure_of(axes: Axes) -> Figure:
    """Return the figure that the axes of a chart are on."""
    return cast("Figure", axes.get_figure(root=True))


def frame_of(figure: Figure) -> InchMargins:
    """Return what places a chart's axes."""
    return cast("InchMargins", figure.get_layout_engine())


def fit_rows(axes: Axes) -> None:
    """Make the words of rows as small as the rows are low, so that none runs into another."""
    texts = [text for text in axes.texts if text.get_gid() in ROW_TEXTS]
    if not texts:
        return
    low, high = axes.get_ylim()
    room = inches_of(axes)[1] * POINTS / abs(low - high)
    lines = max(text.get_text().count("\n") + 1 for text in texts)
    for text in texts:
        text.set_fontsize(min(TEXT_SIZE, room / lines / LINE))


def _fit_columns(axes: Axes) -> None:
    """Make the names of columns as small as the columns are narrow."""
    texts = [text for text in axes.texts if text.get_gid() == COLUMN_NAME]
    places = sorted(cast("Annotation", text).xy[0] for text in texts)
    steps = [after - before for before, after in pairwise(places)]
    if not steps:
        return
    low, high = axes.get_xlim()
    room = inches_of(axes)[0] * POINTS * min(steps) / abs(high - low)
    widest = max(
        LINE if text.get_rotation() else text_width(text.get_text(), 1.05) for text in texts
    )
    for text in texts:
        text.set_fontsize(min(TEXT_SIZE, room / widest))


def inches_of(axes: Axes) -> tuple[float, float]:
    """Return how wide and high the axes are, in inches."""
    width, height = figure_of(axes).get_size_inches()
    place = axes.get_position()
    return place.width * float(width), place.height * float(height)


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
            gid=COLUMN_NAME,
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
