"""A short tour in place: a few notes beside the things they are about; shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QRegion
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from ui import remember
from ui.theme import RADIUS, SPACE_M, colours, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent

_KEY = "tour"
_WIDTH = 340
_AROUND = 4
_SHADE = 110  # of 255


class TourNote(Struct, frozen=True):
    """One note of the tour, beside its target; one whose target gives None is passed over."""

    title: str
    text: str
    target: Callable[[], QWidget | None]


def tour_wanted() -> bool:
    """Tell whether nobody has seen or skipped the tour here."""
    return not remember.recall(_KEY)


class Tour(QWidget):
    """Lies over the window, darkens it around the target, and closes at the end or by Esc."""

    ended = Signal()

    def __init__(self, window: QWidget, marks: Sequence[TourNote]) -> None:
        """Begin with the first note."""
        super().__init__(window)
        self._marks = [(mark, it) for mark in marks if (it := mark.target()) is not None]
        self._step = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("使用引导")
        self.note = QFrame(self)
        set_role(self.note, "card")
        self.title = label("", "section", wrap=True)
        self.text = label("", wrap=True)
        self._count = label("", "help")
        self.skip = button("跳过", self.end, "link")
        self.go_on = QPushButton("下一步")
        set_role(self.go_on, "primary")
        self.go_on.clicked.connect(self.step)
        self._lay_out()
        window.installEventFilter(self)

    def _lay_out(self) -> None:
        column_of(
            self.title,
            self.text,
            row_of((self._count, 1), self.skip, self.go_on, spacing=-1),
            margins=SPACE_M,
            parent=self.note,
        )
        self.note.setFixedWidth(_WIDTH)

    def start(self) -> None:
        """Show the first note; without any the tour is over."""
        if not self._marks:
            self.end()
            return
        self._fit()
        self.show()
        self.raise_()
        self._show()

    def step(self) -> None:
        """Go on to the next note, or end after the last."""
        self._step += 1
        if self._step >= len(self._marks):
            self.end()
        else:
            self._show()

    def end(self) -> None:
        """Close it and remember that it was seen."""
        remember.store(_KEY, "seen")
        self.hide()
        self.ended.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep lying over the whole window."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc skips the rest."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Darken everything but the target, and frame that."""
        del event
        painter = QPainter(self)
        hole = self._hole()
        painter.setClipRegion(QRegion(self.rect()).subtracted(QRegion(hole)))
        painter.fillRect(self.rect(), QColor(0, 0, 0, _SHADE))
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colours().accent), 2))
        painter.drawRoundedRect(hole, RADIUS, RADIUS)
        painter.end()

    def _fit(self) -> None:
        self.setGeometry(self.parentWidget().rect())

    def _show(self) -> None:
        mark, _ = self._marks[self._step]
        self.title.setText(mark.title)
        self.text.setText(mark.text)
        self._count.setText(f"{self._step + 1} / {len(self._marks)}")
        last = self._step == len(self._marks) - 1
        self.go_on.setText("开始使用" if last else "下一步")
        self.skip.setVisible(not last)
        self._place()
        self.go_on.setFocus()
        self.update()

    def _hole(self) -> QRect:
        _, target = self._marks[self._step]
        corner = target.mapTo(self.parentWidget(), QPoint(0, 0))
        around = QRect(corner, target.size()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        return around.intersected(self.rect().adjusted(2, 2, -2, -2))

    def _place(self) -> None:
        """Put the note below, above or beside the target, inside the window."""
        self.note.adjustSize()
        hole, size, room = self._hole(), self.note.size(), self.rect()
        if hole.bottom() + size.height() + 2 * SPACE_M < room.bottom():
            spot = QPoint(hole.left(), hole.bottom() + SPACE_M)
        elif hole.top() - size.height() - SPACE_M > 0:
            spot = QPoint(hole.left(), hole.top() - size.height() - SPACE_M)
        else:
            spot = QPoint(hole.right() + SPACE_M, hole.top() + SPACE_M)
        spot.setX(max(SPACE_M, min(spot.x(), room.right() - size.width() - SPACE_M)))
        self.note.move(spot)
