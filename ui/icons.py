"""Icons: Lucide's outlines in the theme's colours, drawn sharp for every screen.

What got its icon by `put` (a button, an action, a label) follows the theme; a model gives
`icon(...)` anew at each call, which costs a look into Qt's own cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from fsdesk.places import project_file
from ui.theme import colours

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZE = 18
_NAME, _TONE, _EDGE = "iconName", "iconTone", "iconEdge"
_OTHERS = WeakSet[QWidget]()  # that show icons and are no buttons
_APPLICATION_SIZES = (16, 24, 32, 48, 128)


class TakesIcon(Protocol):
    """A button, an action, or whatever else shows an icon."""

    def setIcon(self, icon: QIcon, /) -> None:
        """Show an icon."""
        ...

    def setProperty(self, name: str, value: object, /) -> bool:
        """Keep the icon's name."""
        ...


def icon(name: str, tone: str = "text", size: int = SIZE, gap: int = 0) -> QIcon:
    """Return an icon, named as its file in resources/icons, in a colour of the theme in force.

    Size and gap, empty room at the right, are logical pixels.
    """
    made = QIcon()
    for ratio in sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()}):
        made.addPixmap(_with_gap(pixmap(name, tone, size, ratio), gap))
    return made


def pixmap(name: str, tone: str = "text", size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """Return an icon's picture for a screen of that device pixel ratio, from the cache if there."""
    colour: str = getattr(colours(), tone)
    key = f"fsdesk/{name}/{colour}/{size}/{ratio}"
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = _drawn(name, colour, size, ratio)
        QPixmapCache.insert(key, picture)
    return picture


def put(target: TakesIcon | QLabel, name: str, tone: str = "text", size: int = SIZE) -> None:
    """Give a button, an action or a label an icon that follows the theme."""
    if isinstance(target, QWidget) and not isinstance(target, QAbstractButton):
        _OTHERS.add(target)
    for key, value in ((_NAME, name), (_TONE, tone), (_EDGE, size)):
        target.setProperty(key, value)
    if isinstance(target, QAbstractButton):
        target.setIconSize(QSize(size + _gap_of(target), size))
    _draw(target, name, tone, size)


def refresh(widgets: Iterable[QWidget]) -> None:
    """Draw anew what `put` gave to these widgets, to what is seen in them, and to their actions."""
    for whole in widgets:
        # Qt finds these by itself; to ask every widget takes longer than all the drawing.
        own = (each for each in _OTHERS if shiboken6.isValid(each) and whole.isAncestorOf(each))
        held = (*whole.findChildren(QAbstractButton), *own)
        seen = (each for each in held if each.isVisible())
        for holder in (whole, *seen, *whole.findChildren(QAction)):
            name, tone, size = (holder.property(key) for key in (_NAME, _TONE, _EDGE))
            if isinstance(name, str) and isinstance(tone, str) and isinstance(size, int):
                _draw(holder, name, tone, size)  # pyright: ignore[reportArgumentType]


def _draw(target: TakesIcon | QLabel, name: str, tone: str, size: int) -> None:
    if isinstance(target, QLabel):
        target.setPixmap(pixmap(name, tone, size, target.devicePixelRatioF()))
    else:
        target.setIcon(icon(name, tone, size, _gap_of(target)))


def _gap_of(target: object) -> int:
    """Return the room between picture and word, which Qt's style sheets make too small."""
    return SIZE // 4 if isinstance(target, QPushButton) and target.text() else 0


def _with_gap(picture: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return picture
    ratio = picture.devicePixelRatio()
    wider = QPixmap(picture.width() + round(gap * ratio), picture.height())
    wider.setDevicePixelRatio(ratio)
    wider.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return wider


def application_icon() -> QIcon:
    """Return the program's own icon in the sizes that title and task bars ask for."""
    made = QIcon()
    for size in _APPLICATION_SIZES:
        made.addPixmap(_drawn("fsdesk", "", size, 1.0))
    return made


def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """Draw an outline; the word currentColor in the file stands for the colour."""
    from PySide6.QtSvg import QSvgRenderer

    drawing = project_file(f"resources/icons/{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
    edge = round(size * ratio)
    picture = QPixmap(QSize(edge, edge))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
