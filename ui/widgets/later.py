"""Parts of a page that few open: made when they are first seen, or first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from ui.widgets.boxes import column_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

_Part = TypeVar("_Part", bound=QWidget)


class Later(QWidget, Generic[_Part]):
    """Keeps the place of a part, and what is to be shown in it, until somebody comes there."""

    made = Signal(QWidget)  # the part

    def __init__(self, make: Callable[[], _Part], parent: QWidget | None = None) -> None:
        """Keep a place for what `make` returns."""
        super().__init__(parent)
        self._make, self._part = make, None
        self._show: Callable[[_Part], object] | None = None

    @property
    def part(self) -> _Part:
        """The part, made now if it was not there."""
        if self._part is None:
            self._part = self._make()
            column = column_of(self._part, parent=self)
            self._part.show()  # where the place is seen already, Qt would do so a turn later
            column.activate()
            self._take_keys(self._part)
            if self._show is not None:
                self._show(self._part)
            self.made.emit(self._part)
        return self._part

    @property
    def is_made(self) -> bool:
        """Whether somebody came there."""
        return self._part is not None

    def bring(self, show: Callable[[_Part], object]) -> None:
        """Show something in it, now or once it is made; then the last of these counts."""
        if self._part is None:
            self._show = show
        else:
            show(self._part)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the part before it is painted."""
        super().showEvent(event)
        _ = self.part

    def _take_keys(self, part: QWidget) -> None:
        """Let Tab lead from where the place is through the part, as if it had always been there."""
        inside, widget = [part], part.nextInFocusChain()
        while widget is not part:
            if part.isAncestorOf(widget):
                inside.append(widget)
            widget = widget.nextInFocusChain()
        before = self.previousInFocusChain()
        while not _takes_focus(before) and before is not self:
            before = before.previousInFocusChain()
        for widget in filter(_takes_focus, inside):  # Qt passes over all others
            QWidget.setTabOrder(before, widget)
            before = widget


class LaterTabs(QTabWidget):
    """Tabs of which each may be made later; to others they hold the parts themselves."""

    def add(self, title: str, make: Callable[[], _Part]) -> Later[_Part]:
        """Add a tab whose content is made when it is first seen."""
        place = Later(make)
        self.addTab(place, title)
        return place

    def indexOf(self, widget: QWidget) -> int:
        """Return where a part is."""
        return super().indexOf(_place_of(widget))

    def setCurrentWidget(self, widget: QWidget) -> None:
        """Show a part."""
        super().setCurrentWidget(_place_of(widget))

    def currentWidget(self) -> QWidget:
        """Return the part that is shown."""
        widget = super().currentWidget()
        return widget.part if isinstance(widget, Later) else widget


def _takes_focus(widget: QWidget) -> bool:
    return widget.focusPolicy() is not Qt.FocusPolicy.NoFocus


def _place_of(widget: QWidget) -> QWidget:
    holder = widget.parentWidget()
    return holder if isinstance(holder, Later) else widget
