"""The head of a grid: titles that sort, a field to filter below each, the first ones frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

from ui.theme import ROW, ROW_DENSE, look_again

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QMouseEvent, QPaintEvent

_REST_MS = 250
_FIELD = ROW_DENSE


class GridHeader(QHeaderView):
    """Emits `filtered` with the texts by column once typing rests."""

    filtered = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it without columns."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.frozen = 0
        self.fields: list[QLineEdit] = []
        self._pressed = -1
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.filter_now)
        self.sectionResized.connect(lambda *_: self.place_fields())
        self.sectionMoved.connect(self._keep_frozen)

    # Frozen columns

    def frozen_width(self) -> int:
        """Return how wide the frozen columns are; 0 while nothing is scrolled away."""
        return self.frozen_length() if self.offset() > 0 else 0

    def frozen_length(self) -> int:
        """Return how wide the frozen columns are together."""
        return sum(self.sectionSize(self.logicalIndex(v)) for v in range(self.frozen))

    def frozen_at(self, x: int) -> int:
        """Return the frozen column at a place of the view; -1 where there is none."""
        if not 0 <= x < self.frozen_width():
            return -1
        for visual in range(self.frozen):
            logical = self.logicalIndex(visual)
            if x < self.sectionSize(logical):
                return logical
            x -= self.sectionSize(logical)
        return -1

    def frozen_left(self, logical: int) -> int:
        """Return where a frozen column begins; -1 for one that scrolls."""
        visual = self.visualIndex(logical)
        if not 0 <= visual < self.frozen:
            return -1
        return sum(self.sectionSize(self.logicalIndex(v)) for v in range(visual))

    def _keep_frozen(self, _logical: int, old: int, new: int) -> None:
        """Put back a column that was pulled across the frozen edge."""
        if (old < self.frozen) is not (new < self.frozen):
            self.blockSignals(True)
            self.moveSection(new, old)
            self.blockSignals(False)
            self.viewport().update()
        self.place_fields()

    # Fields

    def set_fields(self, hints: Mapping[int, str], texts: Mapping[int, str]) -> None:
        """Make a field for each column, with what it names and what is typed already."""
        for field in self.fields:
            field.hide()
            field.deleteLater()
        self.fields = []
        for column in range(self.count()):
            field = QLineEdit(self)
            field.setText(texts.get(column, ""))
            field.setPlaceholderText("筛选")
            field.setAccessibleName(f"筛选“{hints.get(column, '')}”")
            field.setToolTip(hints.get(column, ""))
            field.textEdited.connect(lambda _text: self._rest.start())
            field.returnPressed.connect(self.filter_now)
            field.show()
            self.fields.append(field)
        self.updateGeometries()
        self.place_fields()

    def texts(self) -> dict[int, str]:
        """Return what is typed, by column; empty fields are left out."""
        return {at: f.text().strip() for at, f in enumerate(self.fields) if f.text().strip()}

    def filter_now(self) -> None:
        """Tell at once what is typed."""
        self._rest.stop()
        self.filtered.emit(self.texts())

    def clear_fields(self) -> None:
        """Empty all fields and tell."""
        for field in self.fields:
            field.clear()
        self.filter_now()

    def mark_wrong(self, wrong: Mapping[int, str]) -> None:
        """Mark the fields whose text can't be read, with a tip."""
        for at, field in enumerate(self.fields):
            field.setProperty("wrong", "true" if at in wrong else "false")
            look_again(field)
            if at in wrong:
                field.setToolTip(wrong[at])

    def place_fields(self) -> None:
        """Put the fields below their titles."""
        top = self.height() - _FIELD
        for logical, field in enumerate(self.fields):
            left = self.sectionViewportPosition(logical)
            frozen = self.frozen_left(logical) if self.offset() > 0 else -1
            field.setGeometry(
                QRect(max(frozen, left) if frozen >= 0 else left, top,
                      self.sectionSize(logical), _FIELD)
            )  # fmt: skip
            field.setVisible(not self.isSectionHidden(logical))
            if frozen >= 0:
                field.raise_()

    # Qt's own

    def setSelectionModel(self, selectionModel: QItemSelectionModel) -> None:
        """Keep apart from the cells' selection.

        To draw its titles, Qt would ask of every row whether it could be selected.
        """
        super().setSelectionModel(QItemSelectionModel(selectionModel.model(), self))

    def sizeHint(self) -> QSize:
        """Leave room for the fields."""
        return QSize(super().sizeHint().width(), ROW + _FIELD)

    def updateGeometries(self) -> None:
        """Keep the titles above the fields."""
        self.setViewportMargins(0, 0, 0, _FIELD)
        super().updateGeometries()
        self.place_fields()

    def paintEvent(self, e: QPaintEvent) -> None:
        """Draw the titles, then the frozen ones over them."""
        super().paintEvent(e)
        if not self.frozen_width():
            return
        painter = QPainter(self.viewport())
        left = 0
        for visual in range(self.frozen):
            logical = self.logicalIndex(visual)
            width = self.sectionSize(logical)
            self.paintSection(painter, QRect(left, 0, width, self.viewport().height()), logical)
            left += width
        painter.end()

    def mousePressEvent(self, e: QMouseEvent) -> None:
        """Take clicks on frozen titles; the title beneath is not meant."""
        self._pressed = self.frozen_at(round(e.position().x()))
        if self._pressed < 0:
            super().mousePressEvent(e)

    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        """Sort by a frozen title."""
        if self._pressed < 0:
            super().mouseReleaseEvent(e)
            return
        if self._pressed == self.frozen_at(round(e.position().x())):
            self._toggle(self._pressed)
        self._pressed = -1

    def _toggle(self, logical: int) -> None:
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if self.sortIndicatorSection() != logical:
            self.setSortIndicator(logical, up)
        elif self.sortIndicatorOrder() is up:
            self.setSortIndicator(logical, down)
        else:
            self.setSortIndicator(-1, up)
