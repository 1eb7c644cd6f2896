"""A chart as a paper: whose it is, what it rests on, and as many pages as its rows need."""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.reports.charts.frame import (
    LIGHT_STYLE,
    LINE,
    POINTS,
    ROW_NAME,
    ROW_TEXTS,
    SOURCE,
    SOURCE_SIZE,
    lines_of,
)
from fsdesk.reports.charts.output import figure_bytes, figures_pdf, said
from fsdesk.reports.paper.fonts import chart_font

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from fsdesk.domain.output.pages import Paper
    from fsdesk.reports.charts.frame import Chart

# Inches: white edge of a picture, how high a row on a page is at least and at most.
_EDGE, _LEAST_ROW, _MOST_ROW = 0.12, 0.27, 0.6
# White edge of a page: what every printer leaves free, and room for a punch.
_PAGE_EDGE = 10 / 25.4
_SOURCE_LINES = 3


def picture(chart: Chart, words: str, ending: str) -> bytes:
    """Return a chart as one picture, ``png`` or ``svg``, with the words at its foot."""
    with_source(chart, words)
    return figure_bytes(chart.figure, ending, chart.title)


def chart_pdf(chart: Chart, words: str, paper: Paper) -> tuple[bytes, int]:
    """Return a chart's pages as a PDF, and how many they are."""
    pages = chart_pages(chart, words, paper)
    return figures_pdf(chart.figure, pages, chart.title, said(chart))


def page_pictures(chart: Chart, words: str, paper: Paper, dpi: float) -> Iterator[bytes]:
    """Yield a chart's pages, as PNG."""
    for _ in chart_pages(chart, words, paper):
        yield figure_bytes(chart.figure, "png", dpi=dpi)


def with_source(chart: Chart, words: str) -> None:
    """Write under a chart whose it is and what it rests on; the picture grows by as much."""
    figure = chart.figure
    width, height = figure.get_size_inches()
    room = _write_source(figure, words, _EDGE)
    chart.frame.margins = replace(chart.frame.margins, bottom=chart.frame.margins.bottom + room)
    figure.set_size_inches(float(width), float(height) + room)
    _raise_legend(figure, 0.0, room)


def chart_pages(chart: Chart, words: str, paper: Paper) -> Iterator[None]:
    """Make of a chart one page after another; each is to be drawn before the next is asked for.

    Rows are spread evenly, so that none stands alone on the last page.
    """
    figure, frame = chart.figure, chart.frame
    edge = _PAGE_EDGE
    own = frame.margins
    figure.set_size_inches(paper.width / POINTS, paper.height / POINTS)
    count = sum(text.get_gid() == ROW_NAME for text in figure.axes[0].texts)
    foot = _write_source(figure, f"{words}　第99页，共99页", edge) + edge
    high = paper.height / POINTS - own.top - own.bottom - edge - foot
    pages = max(ceil(count / max(int(high / _LEAST_ROW), 1)), 1)
    rows = ceil(count / pages)
    spare = max(high - rows * _MOST_ROW, 0.0) if count else 0.0
    frame.margins = replace(
        own,
        left=own.left + edge,
        right=own.right + edge,
        top=own.top + edge,
        bottom=own.bottom + foot + spare,
    )
    _raise_legend(figure, edge - _EDGE, foot + spare)
    for page in range(pages):
        if pages > 1:
            _show_rows(figure, page * rows, rows)
        _say(figure, f"{words}　第{page + 1}页，共{pages}页" if pages > 1 else words, edge)
        yield


def _show_rows(figure: Figure, first: int, count: int) -> None:
    """Let the axes show so many rows, and no words of others."""
    axes = figure.axes[0]
    axes.set_ylim(first + count - 0.5, first - 0.5)
    for text in axes.texts:
        if text.get_gid() in ROW_TEXTS:
            text.set_visible(first <= text.get_position()[1] < first + count)


def _write_source(figure: Figure, words: str, edge: float) -> float:
    """Put words at the foot of a figure; return how high they are, in inches."""
    width, height = figure.get_size_inches()
    figure.text(
        edge / float(width),
        edge / float(height),
        "",
        va="bottom",
        color=LIGHT_STYLE.muted,
        fontproperties=chart_font(),
        fontsize=SOURCE_SIZE,
        gid=SOURCE,
    )
    lines = _say(figure, words, edge)
    return lines * SOURCE_SIZE * LINE / POINTS + 0.08


def _say(figure: Figure, words: str, edge: float) -> int:
    """Change the words at the foot, which keep their left edge; return how many lines they are."""
    room = (float(figure.get_figwidth()) - 2 * edge) * POINTS
    lines = lines_of(words, room, SOURCE_SIZE, _SOURCE_LINES)
    for text in figure.texts:
        if text.get_gid() == SOURCE:
            text.set_text("\n".join(lines))
    return len(lines)


def _raise_legend(figure: Figure, left: float, up: float) -> None:
    width, height = figure.get_size_inches()
    for legend in figure.legends:
        legend.set_bbox_to_anchor((left / float(width), up / float(height)), figure.transFigure)
