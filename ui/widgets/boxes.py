"""Parts side by side, one below the other, with a bar between, or in a frame: in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui.theme import SPACE_S

if TYPE_CHECKING:
    from collections.abc import Sequence

_Box = TypeVar("_Box", bound=QBoxLayout)

Part: TypeAlias = (
    QWidget
    | QLayout
    | int
    | tuple[QWidget | QLayout | None, int]
    | tuple[QWidget, int, Qt.AlignmentFlag]
    | None
)
"""A widget or a layout, alone or with its stretch and alignment; None is room that takes what is
left, a number is fixed room."""

Margins: TypeAlias = int | tuple[int, int, int, int]
"""One number for all four sides, or left, top, right and bottom."""


def row_of(
    *parts: Part, spacing: int = SPACE_S, margins: Margins = 0, parent: QWidget | None = None
) -> QHBoxLayout:
    """Put parts side by side, in `parent` if there is one; -1 leaves a room to Qt's style."""
    return _fill(QHBoxLayout(), parts, spacing, margins, parent)


def column_of(
    *parts: Part, spacing: int = SPACE_S, margins: Margins = 0, parent: QWidget | None = None
) -> QVBoxLayout:
    """Put parts one below the other, in `parent` if there is one; -1 leaves a room to the style."""
    return _fill(QVBoxLayout(), parts, spacing, margins, parent)


def boxed(box: QBoxLayout) -> QWidget:
    """Return a widget that holds a row or a column."""
    frame = QWidget()
    frame.setLayout(box)
    return frame


def splitter(
    *parts: QWidget | tuple[QWidget, int],
    sizes: Sequence[int] = (),
    upright: bool = False,
    collapsible: bool = False,
    box: QBoxLayout | None = None,
) -> QSplitter:
    """Put parts beside each other, or one below the other, with bars that the user moves.

    A part may come with how much of later room it takes; sizes are logical pixels. `box`: where it
    is put while it is still empty. Qt styles all that is in a part anew each time that the part, or
    what holds it, gets a parent: large parts are put last into what already has its place.
    """
    made = QSplitter(Qt.Orientation.Vertical if upright else Qt.Orientation.Horizontal)
    if box is not None:
        box.addWidget(made, 1)
    made.setChildrenCollapsible(collapsible)
    for place, part in enumerate(parts):
        if isinstance(part, tuple):
            made.addWidget(part[0])
            made.setStretchFactor(place, part[1])
        else:
            made.addWidget(part)
    if sizes:
        made.setSizes(sizes)
    return made


def scrolling(content: QWidget) -> QScrollArea:
    """Return an area in which the content is as wide as there is room, and scrolls."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(content)
    return area


def _fill(
    box: _Box, parts: tuple[Part, ...], spacing: int, margins: Margins, parent: QWidget | None
) -> _Box:
    if parent is not None:
        parent.setLayout(box)
    box.setSpacing(spacing)
    box.setContentsMargins(*(margins if isinstance(margins, tuple) else (margins,) * 4))
    for part in parts:
        what, stretch, *where = part if isinstance(part, tuple) else (part, 0)
        if isinstance(what, QWidget):
            box.addWidget(what, stretch, *where)
        elif isinstance(what, QLayout):
            box.addLayout(what, stretch)
        elif what is None:
            box.addStretch(stretch)
        else:
            box.addSpacing(what)
    return box
