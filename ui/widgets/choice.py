"""A drop-down that can't be changed by accident with the mouse wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QWheelEvent


class Choice(QComboBox):
    """Pairs of word and value; `chosen` is emitted only when the user chose."""

    chosen = Signal(object)

    def __init__(
        self, name: str, entries: Iterable[tuple[str, Any]] = (), parent: QWidget | None = None
    ) -> None:
        """Make it; the name is its tip and what a screen reader says."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(18)
        self.set_entries(entries)
        self.activated.connect(lambda _row: self.chosen.emit(self.value))

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
        self.set_value(before)

    def set_value(self, value: object) -> None:
        """Choose without telling anybody; an unknown value is passed over."""
        for row in range(self.count()):
            if self.itemData(row) == value:
                self.setCurrentIndex(row)

    def wheelEvent(self, e: QWheelEvent) -> None:
        """Leave the wheel to the page that scrolls."""
        e.ignore()
