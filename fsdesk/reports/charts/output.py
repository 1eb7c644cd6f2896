"""A chart as pixels for the screen, and as a PNG, SVG or PDF file at print size."""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg

from fsdesk.domain.output.drawing import ENDINGS, Drawing, Place2D
from fsdesk.domain.output.endings import required_ending
from fsdesk.files import save_bytes
from fsdesk.reports.charts.frame import ROW_NAME, ROW_WORDS, TEXT_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from fsdesk.domain.output.drawing import ChartSpot
    from fsdesk.reports.charts.frame import Chart

SCREEN_DPI = 100.0
PRINT_DPI = 200.0
_POINTS_PER_INCH = 72.0
# Height of a line over the size of its letters, and the smallest letters that can be read.
_LINE, _LEAST_SIZE = 1.12, 5.5


def draw_chart(chart: Chart, width: int, height: int, ratio: float = 1.0) -> Drawing:
    """Draw a chart for the screen, in logical pixels; a higher ratio gives a closer look."""
    figure = chart.figure
    figure.set_dpi(SCREEN_DPI * ratio)
    figure.set_size_inches(width / SCREEN_DPI, height / SCREEN_DPI)
    _fit_rows(figure)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    across, down = canvas.get_width_height()
    pixels = canvas.buffer_rgba().tobytes()
    return Drawing(across, down, pixels, _places(chart, (across, down)), chart.title)


def _fit_rows(figure: Figure) -> None:
    """Make the words of rows as small as the rows are low, so that none runs into another."""
    engine = figure.get_layout_engine()
    if engine is None:
        return
    engine.execute(figure)
    axes = figure.axes[0]
    texts = [text for text in axes.texts if text.get_gid() in {ROW_NAME, ROW_WORDS}]
    rows = sum(text.get_gid() == ROW_NAME for text in texts)
    height = axes.get_position().height * figure.get_figheight() * _POINTS_PER_INCH
    room = height / max(rows, 1)
    for text in texts:
        lines = text.get_text().count("\n") + 1
        text.set_fontsize(max(min(TEXT_SIZE, room / lines / _LINE), _LEAST_SIZE))


def _places(chart: Chart, size: tuple[int, int]) -> tuple[tuple[Place2D, ChartSpot], ...]:
    """Return where the spots lie once the chart is drawn."""
    to_pixels = chart.figure.axes[0].transData
    places: list[tuple[Place2D, ChartSpot]] = []
    for spot in chart.spots:
        (x1, y1), (x2, y2) = to_pixels.transform([(spot.left, spot.low), (spot.right, spot.high)])
        left, right = sorted((float(x1) / size[0], float(x2) / size[0]))
        top, bottom = sorted((1 - float(y1) / size[1], 1 - float(y2) / size[1]))
        places.append((Place2D(left, top, right, bottom), spot))
    return tuple(places)


def save_figure(figure: Figure, path: Path) -> None:
    """Save a figure at print size; the file's ending picks .png, .svg or .pdf.

    Raises:
        InputRejectedError: For another ending, or when the file can't be written.
    """
    ending = required_ending(path, "图表", ENDINGS)
    save_bytes(path, figure_bytes(figure, ending.removeprefix(".")))


def figure_png(figure: Figure, inches: tuple[float, float], dpi: float) -> bytes:
    """Return a figure as PNG, drawn for another width and height in inches."""
    figure.set_size_inches(*inches)
    return figure_bytes(figure, "png", dpi)


def figure_bytes(figure: Figure, ending: str, dpi: float = PRINT_DPI) -> bytes:
    """Return a figure at its own size as ``png``, ``svg`` or ``pdf``; the same bytes each time."""
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
