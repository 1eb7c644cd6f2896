"""A drop-down that can't be changed by accident with the mouse wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QWidget,
)

from ui.theme import look_again
from ui.widgets.fields import passing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QWheelEvent


_MOST = 18  # entries that are seen at once
_STYLES = (QEvent.Type.FontChange, QEvent.Type.StyleChange)
# What Qt asks for in its own `sizeHint`: room for so many letters where there are no entries, and
# at least that height beside the text.
_EMPTY, _LOW, _ABOVE = 7, 14, 2


class Choice(QComboBox):
    """Pairs of word and value; `chosen` is emitted when the user chose, now or in an earlier run.

    One that is `kept` is a filter or a view: its choice is remembered, and it is marked while it is
    not the first.
    """

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        entries: Iterable[tuple[str, Any]] = (),
        parent: QWidget | None = None,
        *,
        kept: bool = False,
    ) -> None:
        """Make it; the name is its tip and what a screen reader says."""
        super().__init__(parent)
        self.kept, self._wanted = kept, ""
        self._opened = False
        self._room: QSize | None = None  # as wide as the widest entry; None: to be measured
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMaxVisibleItems(_MOST)
        if kept:
            passing(self)
            self.currentIndexChanged.connect(self._mark)
        self.set_entries(entries)
        self.activated.connect(self._choose)

    @property
    def value(self) -> Any:  # noqa: ANN401 - whatever the entries hold
        """The chosen value; None when there are no entries."""
        return self.currentData()

    def set_entries(self, entries: Iterable[tuple[str, Any]]) -> None:
        """Offer other entries; keeps the choice when it is still among them."""
        before = self.value
        self.clear()
        for word, value in entries:
            self.addItem(word, value)
        self._room = None
        self.updateGeometry()
        self._put(before)
        self.want(self._wanted)

    def set_value(self, value: object) -> None:
        """Choose without telling anybody; an unknown value is passed over."""
        self._wanted = ""
        self._put(value)

    def want(self, word: str) -> None:
        """Choose what was chosen in an earlier run, now or when it is offered; it is told."""
        row = self.findText(word) if word else -1
        self._wanted = "" if row >= 0 else word
        if row >= 0 and row != self.currentIndex():
            self.setCurrentIndex(row)
            self.chosen.emit(self.value)

    def _put(self, value: object) -> None:
        for row in range(self.count()):
            if self.itemData(row) == value:
                self.setCurrentIndex(row)

    def _choose(self, _row: int) -> None:
        self._wanted = ""
        self.chosen.emit(self.value)

    def _mark(self, row: int) -> None:
        """Show that the page is not as it begins: something may be hidden."""
        self.setProperty("narrowed", row > 0)
        look_again(self)

    def sizeHint(self) -> QSize:
        """Return the room of the widest entry.

        Qt's `AdjustToContents` would make the list, seven widgets, before anybody opens it.
        """
        if self._room is None:
            # A style has more names than all that is seen at first: they come with what needs them.
            from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

            font = self.fontMetrics()
            texts = [self.itemText(row) for row in range(self.count())]
            widest = max(map(font.horizontalAdvance, texts or ["x" * _EMPTY]))
            option = QStyleOptionComboBox()
            self.initStyleOption(option)
            room = QSize(widest, max(font.height(), _LOW) + _ABOVE)
            kind = QStyle.ContentsType.CT_ComboBox
            self._room = self.style().sizeFromContents(kind, option, room, self)
        return self._room

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest entry: none is cut."""
        return self.sizeHint()

    def changeEvent(self, e: QEvent) -> None:
        """Measure again where another font or style came.

        Qt would make the list, to style it; `showPopup` has that done for who opens it.
        """
        if e.type() in _STYLES:
            self._room = None
            self.updateGeometry()
            if not self._opened:
                return
        super().changeEvent(e)

    def showPopup(self) -> None:
        """Open the list with every entry whole."""
        if not self._opened:
            self._opened = True
            super().changeEvent(QEvent(QEvent.Type.StyleChange))
        super().showPopup()
        if self.count() <= _MOST:
            # What is seen first is styled only now.
            QTimer.singleShot(0, self, lambda: _make_whole(self.view()))

    def wheelEvent(self, e: QWheelEvent) -> None:
        """Leave the wheel to the page that scrolls."""
        e.ignore()


def _make_whole(entries: QAbstractItemView) -> None:
    """Give an open list the room of its entries, which Qt measures before they are styled."""
    entries.doItemsLayout()
    last = entries.visualRect(entries.model().index(entries.model().rowCount() - 1, 0))
    first = entries.visualRect(entries.model().index(0, 0))
    lacking = last.bottom() + 1 - first.top() - entries.viewport().height()
    if lacking <= 0 or not entries.isVisible():
        return
    frame = entries.window()
    place = frame.geometry().adjusted(0, 0, 0, lacking)
    room = frame.screen().availableGeometry()
    if place.bottom() > room.bottom():
        place.moveBottom(max(room.bottom(), room.top() + place.height() - 1))
    frame.setGeometry(place)
    entries.scrollToTop()
