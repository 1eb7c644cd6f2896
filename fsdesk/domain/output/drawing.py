"""A drawn chart as plain values: its pixels, and the spots that say their numbers."""

from __future__ import annotations

from msgspec import Struct

# What a chart can be saved as.
ENDINGS = (".png", ".svg", ".pdf")


class ChartSpot(Struct, frozen=True):
    """A part of a chart that says its numbers under the mouse and opens them by a click.

    Attributes:
        left: Edge in the axes' own coordinates, as are the others.
        words: What it shows, in one line.
        target: What the numbers belong to: a kind such as ``indicator`` and its codes.
    """

    left: float
    right: float
    low: float
    high: float
    words: str
    target: tuple[str, ...]


class Place2D(Struct, frozen=True):
    """A spot's place in a picture, in shares of its width and height from the upper left."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


class Drawing(Struct, frozen=True):
    """A drawn chart.

    Attributes:
        width: In device pixels.
        height: In device pixels.
        pixels: Red, green, blue, alpha of every pixel, row by row.
    """

    width: int
    height: int
    pixels: bytes
    spots: tuple[tuple[Place2D, ChartSpot], ...]
    title: str
