"""A chart as pixels for the screen, and as a PNG, SVG or PDF file at print size."""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg

from fsdesk.domain.output.drawing import Drawing, Place2D

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

    from fsdesk.domain.output.drawing import ChartSpot
    from fsdesk.reports.charts.frame import Chart

SCREEN_DPI = 100.0
PRINT_DPI = 200.0
# No date and no random ids, so that the same figures give the same file. Letters in an SVG are
# shapes: the font is missing where it is opened.
_SETTINGS = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "fsdesk"}
_MAKER = "食药安工作台"
# So many numbers are said in a PDF to who doesn't see the picture; more are in the tables.
_MOST_SAID = 120
_PDF_MAKER = {"CreationDate": None, "Author": _MAKER, "Creator": _MAKER}


def draw_chart(chart: Chart, width: int, height: int, ratio: float = 1.0) -> Drawing:
    """Draw a chart for the screen, in logical pixels; a higher ratio gives a closer look."""
    figure = chart.figure
    figure.set_dpi(SCREEN_DPI * ratio)
    figure.set_size_inches(width / SCREEN_DPI, height / SCREEN_DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    across, down = canvas.get_width_height()
    pixels = canvas.buffer_rgba().tobytes()
    return Drawing(across, down, pixels, _places(chart, (across, down)), chart.title)


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


def figure_png(figure: Figure, inches: tuple[float, float], dpi: float) -> bytes:
    """Return a figure as PNG, drawn for another width and height in inches."""
    figure.set_size_inches(*inches)
    return figure_bytes(figure, "png", dpi=dpi)


def figure_bytes(figure: Figure, ending: str, title: str = "", dpi: float = PRINT_DPI) -> bytes:
    """Return a figure at its own size as ``png``, ``svg`` or ``pdf``; the same bytes each time."""
    if ending == "pdf":
        return figures_pdf(figure, (None,), title)[0]
    buffer = BytesIO()
    told = {"Title": title} if title else {}
    undated = {"svg": {"Date": None}}.get(ending, {})
    with rc_context(_SETTINGS):
        figure.savefig(
            buffer,
            format=ending,
            dpi=dpi,
            facecolor=figure.get_facecolor(),
            metadata={**told, **undated},
        )
    return buffer.getvalue()


def figures_pdf(
    figure: Figure, pages: Iterable[None], title: str, words: str = ""
) -> tuple[bytes, int]:
    """Return a PDF of a figure that ``pages`` change page by page, and how many those were.

    ``words`` say what it shows to who doesn't see it; without them the title does.
    """
    # Brings all of fontTools, which no chart on the screen needs.
    from fsdesk.reports.charts.tagged import TaggedPdf

    buffer, count = BytesIO(), 0
    with rc_context(_SETTINGS), TaggedPdf(buffer, title, words, _PDF_MAKER) as book:
        for _ in pages:
            book.savefig(figure, facecolor=figure.get_facecolor())
            count += 1
    return buffer.getvalue(), count


def said(chart: Chart) -> str:
    """Return a chart in words: its title and, where they are few, its numbers."""
    numbers = [spot.words for spot in chart.spots]
    return "；".join([chart.title, *numbers] if len(numbers) <= _MOST_SAID else [chart.title])
