"""The way to the pages: icon, word, and a small number where something waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QWidget,
)

from ui import icons
from ui.theme import RADIUS, SPACE_M, SPACE_S, TYPE_HELP, colours

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

    from ui.widgets.tables.cells import Index

_KEY = Qt.ItemDataRole.UserRole
_ICON = Qt.ItemDataRole.UserRole + 1
_BADGE = Qt.ItemDataRole.UserRole + 2
_TITLE = Qt.ItemDataRole.UserRole + 3
WIDTH = 144
_ENTRY = 38
_MOST = 99
_DIGITS = 9  # Ctrl+1 to Ctrl+9


class Navigation(QListWidget):
    """A list of pages; `page_chosen` gives the key of the page that became current."""

    page_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it empty."""
        super().__init__(parent)
        self.setAccessibleName("页面导航")
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_EntryDelegate(self))
        self.currentItemChanged.connect(
            lambda item, _before: item and self.page_chosen.emit(item.data(_KEY))
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the pages from top to bottom."""
        return tuple(self.item(row).data(_KEY) for row in range(self.count()))

    def add_page(self, key: str, title: str, icon: str) -> None:
        """Add a page at the end; the first nine have the shortcuts Ctrl+1 to Ctrl+9."""
        item = QListWidgetItem(title)
        item.setData(_KEY, key)
        item.setData(_ICON, icon)
        item.setData(_TITLE, title)
        number = self.count() + 1
        item.setToolTip(f"{title}（Ctrl+{number}）" if number <= _DIGITS else title)
        self.addItem(item)
        self.set_badge(key, 0)

    def set_badge(self, key: str, count: int) -> None:
        """Show how many things wait on a page; 0 shows nothing."""
        for row in range(self.count()):
            item = self.item(row)
            if item.data(_KEY) == key:
                title = item.data(_TITLE)
                item.setData(_BADGE, count)
                words = f"{title}，{count} 项待办" if count else title
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def badge(self, key: str) -> int:
        """Return the number that is shown for a page."""
        return self.item(self.keys.index(key)).data(_BADGE)

    def choose(self, key: str) -> None:
        """Make a page current; one that isn't listed leaves nothing current."""
        self.setCurrentRow(self.keys.index(key) if key in self.keys else -1)


class _EntryDelegate(QStyledItemDelegate):
    """Draws an entry: ground, icon, word, number."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(WIDTH - 1, _ENTRY)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # Its long lists of names take time, and the window is painted first without any entry.
        from PySide6.QtWidgets import QStyle

        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        box = QRectF(option.rect).adjusted(  # pyright: ignore[reportAttributeAccessIssue]
            SPACE_S, 1, -SPACE_S, -1
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        self._paint_ground(painter, box, chosen=chosen, focused=focused, over=over)
        tone = "accent" if chosen else "text"
        ratio = painter.device().devicePixelRatioF()
        picture = icons.pixmap(index.data(_ICON), tone, icons.SIZE, ratio)
        top = box.center().y() - icons.SIZE / 2
        place = QRectF(box.left() + SPACE_M, top, icons.SIZE, icons.SIZE)
        painter.drawPixmap(place, picture, QRectF(picture.rect()))
        painter.setPen(QColor(getattr(colours(), tone)))
        words = box.adjusted(SPACE_M + icons.SIZE + SPACE_S + 2, 0, -SPACE_S, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, index.data(_TITLE))
        if index.data(_BADGE):
            _paint_badge(painter, box, index.data(_BADGE))
        painter.restore()

    @staticmethod
    def _paint_ground(
        painter: QPainter, box: QRectF, *, chosen: bool, focused: bool, over: bool
    ) -> None:
        tones = colours()
        painter.setPen(QPen(QColor(tones.accent), 2) if focused else Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(QColor(tones.chosen))
        elif over:
            painter.setBrush(QColor(tones.raised))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        half = 1 if focused else 0
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), RADIUS, RADIUS)


def _paint_badge(painter: QPainter, box: QRectF, count: int) -> None:
    """Draw the number on red, which is kept for what needs action."""
    tones = colours()
    font = painter.font()
    font.setPixelSize(TYPE_HELP)
    painter.setFont(font)
    text = str(count) if count <= _MOST else f"{_MOST}+"
    width = max(20, QFontMetrics(font).horizontalAdvance(text) + SPACE_M)
    pill = QRectF(box.right() - SPACE_S - width, box.center().y() - 9, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tones.red))
    painter.drawRoundedRect(pill, 9, 9)
    painter.setPen(QColor(tones.surface))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
