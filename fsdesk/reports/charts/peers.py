"""The least that the drawing library needs for as many bars or cells: what charts are timed by."""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from fsdesk.reports.charts.output import SCREEN_DPI

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def bare_bars(count: int, size: tuple[int, int]) -> None:
    """Draw so many bars with named ticks, and nothing else."""
    axes, canvas = _blank(size)
    axes.barh(range(count), np.linspace(0.1, 1.0, count))
    axes.set_yticks(range(count), [f"row {number}" for number in range(count)])
    canvas.draw()


def bare_grid(rows: int, columns: int, size: tuple[int, int]) -> None:
    """Draw a grid of coloured cells with named ticks, and nothing else."""
    axes, canvas = _blank(size)
    axes.imshow(np.arange(rows * columns).reshape(rows, columns), aspect="auto")
    axes.set_yticks(range(rows), [f"row {number}" for number in range(rows)])
    axes.set_xticks(range(columns), [str(number) for number in range(columns)], rotation=90)
    canvas.draw()


def _blank(size: tuple[int, int]) -> tuple[Axes, FigureCanvasAgg]:
    figure = Figure(figsize=(size[0] / SCREEN_DPI, size[1] / SCREEN_DPI), dpi=SCREEN_DPI)
    canvas = FigureCanvasAgg(figure)
    return figure.add_subplot(), canvas
