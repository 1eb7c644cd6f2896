"""Labels by their part in the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel

from ui.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_LEAST = 24


def label(text: str = "", role: str = "", *, centred: bool = False, wrap: bool = False) -> QLabel:
    """Make a label of plain text: what users typed is never taken for markup.

    The role is ``title`` ``section`` ``figure`` ``help`` ``muted`` ``error``; none for body text.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if centred:
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    if role:
        set_role(made, role)
    return made


class ElidedLabel(QLabel):
    """One line that ends in … where there is no room; its tip then tells the whole."""

    def __init__(self, role: str) -> None:
        """Make it empty, of a role as of `label`."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self, role)

    @property
    def shown(self) -> str:
        """The text as far as there is room."""
        end = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.text(), end, self.width())

    def minimumSizeHint(self) -> QSize:
        """Give way to everything beside it."""
        return QSize(_LEAST, super().minimumSizeHint().height())

    def setText(self, arg__1: str) -> None:
        """Show another text."""
        super().setText(arg__1)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See whether there is room for all of it now."""
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        """Draw what there is room for."""
        del arg__1
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.shown)
        painter.end()

    def _tell(self) -> None:
        self.setToolTip("" if self.shown == self.text() else self.text())
